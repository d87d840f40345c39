// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "crypto/bytes.h"

namespace anahtar::crypto {

/// AES-256-GCM (NIST SP 800-38D). A sealed value is nonce (12) ‖ ciphertext ‖ tag (16). The nonce is random, so one key
/// seals at most 2^32 values; keys per subject and per column stay far below. [any]
inline constexpr std::size_t seal_overhead = 12 + 16;

Bytes seal(const Key& key, BytesView plaintext, BytesView associated_data);
inline Bytes seal(const Key& key, std::string_view plaintext, std::string_view associated_data) {
  return seal(key, view_of(plaintext), view_of(associated_data));
}

/// The plaintext; a failure when the value is too short, or was not sealed under this key and associated data.
Result<Bytes> open(const Key& key, BytesView sealed, BytesView associated_data);
inline Result<Bytes> open(const Key& key, BytesView sealed, std::string_view associated_data) {
  return open(key, sealed, view_of(associated_data));
}

}  // namespace anahtar::crypto
