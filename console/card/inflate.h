// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string>

#include "crypto/bytes.h"

namespace anahtar::card {

/// Unpacks zlib (RFC 1950) or gzip (RFC 1952), whichever it is. Nothing when it is damaged, cut, or larger than 64 KiB.
std::optional<crypto::Bytes> inflate(crypto::BytesView packed);

/// A certificate as cards keep it: DER; or packed; or packed behind 01 00 and its length in two bytes, as the minidriver of
/// one system writes it. Its DER, empty for anything else.
std::string certificate_kept_as(crypto::BytesView content);

}  // namespace anahtar::card
