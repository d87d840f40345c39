// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "crypto/bytes.h"

namespace anahtar::crypto {

/// RFC 4648 §4, with padding: the one text form of bytes in the database and in signed notes. Decoding is strict: any
/// other character, a missing padding or non-zero trailing bits are refused, so every value has exactly one text.
std::string base64_encode(BytesView bytes);
std::optional<Bytes> base64_decode(std::string_view text);

constexpr std::size_t base64_encoded_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }
/// Writes base64_encoded_size() characters.
void base64_encode_to(BytesView bytes, char* out);

/// Decodes into `out`, which has room for text.size() / 4 * 3 bytes; the count of bytes, or nothing when refused.
std::optional<std::size_t> base64_decode_to(std::string_view text, std::uint8_t* out);

/// Lower-case hexadecimal; decoding takes both cases.
std::string hex_encode(BytesView bytes);
std::optional<Bytes> hex_decode(std::string_view text);

}  // namespace anahtar::crypto
