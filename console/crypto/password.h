// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/secret.h>

#include <string>
#include <string_view>

namespace anahtar::crypto {

/// What a scrypt hash costs (RFC 7914): 2^log_n · r · 128 bytes of memory and about 0.1 s at the default.
struct PasswordCost {
  unsigned log_n = 15;  ///< 1 to 20
  unsigned r = 8;       ///< 1 to 32
  unsigned p = 1;       ///< 1 to 16
  friend bool operator==(const PasswordCost&, const PasswordCost&) = default;
};

/// "$scrypt$ln=15,r=8,p=1$salt$hash" with a random 16-byte salt and a 32-byte hash, base64 without padding.
std::string hash_password(const sdk::Secret& password, PasswordCost cost = {});

/// False for a wrong password and for a string that is no such hash; takes the time of the stored cost.
bool verify_password(const sdk::Secret& password, std::string_view stored);

/// Whether a stored hash was made with another cost than the one wanted now, or is unreadable.
bool needs_rehash(std::string_view stored, PasswordCost wanted = {});

}  // namespace anahtar::crypto
