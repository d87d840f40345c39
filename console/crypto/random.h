// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/secret.h>

#include "crypto/bytes.h"

namespace anahtar::crypto {

/// From OpenSSL's generator for private values. [any]
void fill_random(std::span<std::uint8_t> out);
Bytes random_bytes(std::size_t count);

/// 128 random bits as 32 lower-case hexadecimal digits.
std::string random_id();

/// Uniform in [0, bound); `bound` > 0. No modulo bias.
std::uint64_t random_below(std::uint64_t bound);

/// `count` uniform decimal digits, leading zeros included: a PIN or a one-time code.
sdk::Secret random_digits(std::size_t count);

}  // namespace anahtar::crypto
