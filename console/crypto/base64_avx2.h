// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>

/// Inside of base64.cpp.
namespace anahtar::crypto::detail {

/// Decodes groups of 32 characters into 24 bytes each while they are all of the alphabet and more than 8 characters
/// follow (it writes up to 8 bytes past the last group). The count of characters decoded; 0 on a processor without AVX2.
std::size_t decode_base64_blocks(const unsigned char* in, std::size_t size, std::uint8_t* out);

}  // namespace anahtar::crypto::detail
