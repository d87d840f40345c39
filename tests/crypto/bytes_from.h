// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "crypto/base64.h"

namespace anahtar::crypto {
inline Bytes from_hex(std::string_view hex) { return hex_decode(hex).value(); }
}  // namespace anahtar::crypto
