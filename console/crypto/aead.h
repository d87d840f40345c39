// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "crypto/bytes.h"

namespace anahtar::crypto {

/// AES-256-GCM (NIST SP 800-38D). A sealed value is nonce (12) ‖ ciphertext ‖ tag (16). The nonce is random, so one key
/// seals at most 2^32 values; keys per subject and per column stay far below. [any]
inline constexpr std::size_t seal_overhead = 12 + 16;

/// A key made ready, for many values: making it ready takes longer than sealing a short text. [one thread at a time]
class Cipher {
 public:
  explicit Cipher(const Key& key);
  ~Cipher();
  Cipher(Cipher&&) noexcept;
  Cipher& operator=(Cipher&&) noexcept;

  Bytes seal(BytesView plaintext, BytesView associated_data) const;
  /// The plaintext; a failure when the value is too short, or was not sealed under this key and associated data.
  Result<Bytes> open(BytesView sealed, BytesView associated_data) const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;  ///< wiped when freed
};

/// For a single value.
Bytes seal(const Key& key, BytesView plaintext, BytesView associated_data);
inline Bytes seal(const Key& key, std::string_view plaintext, std::string_view associated_data) {
  return seal(key, view_of(plaintext), view_of(associated_data));
}

Result<Bytes> open(const Key& key, BytesView sealed, BytesView associated_data);
inline Result<Bytes> open(const Key& key, BytesView sealed, std::string_view associated_data) {
  return open(key, sealed, view_of(associated_data));
}

}  // namespace anahtar::crypto
