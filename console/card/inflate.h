// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "crypto/bytes.h"

namespace anahtar::card {

/// Unpacks zlib (RFC 1950) or gzip (RFC 1952), whichever it is. Nothing when it is damaged, cut, or larger than 64 KiB.
std::optional<crypto::Bytes> inflate(crypto::BytesView packed);

}  // namespace anahtar::card
