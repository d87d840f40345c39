// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "crypto/digest.h"

namespace anahtar::crypto {

/// HKDF-SHA256 (RFC 5869): `length` bytes, at most 8160.
Bytes hkdf_sha256(BytesView secret, BytesView salt, BytesView info, std::size_t length);
/// A key for one purpose from a key for all: HKDF without salt, `purpose` as info.
Key derive_key(const Key& parent, std::string_view purpose);

/// SP 800-108 in counter mode with AES-CMAC: a 32-bit counter, `label`, a zero byte, `context`, the length in bits (32 bit).
/// The key has 16, 24 or 32 bytes.
Bytes kbkdf_cmac(BytesView key, std::string_view label, BytesView context, std::size_t length);

/// HMAC-SHA256 (RFC 2104) with the key's part computed once, for blind indexes. Calling it is [any].
class Mac {
 public:
  explicit Mac(BytesView key);
  explicit Mac(const Key& key) : Mac(key.expose()) {}
  Mac(Mac&&) noexcept;
  Mac& operator=(Mac&&) noexcept;
  ~Mac();

  Hash operator()(BytesView message) const;
  Hash operator()(std::string_view message) const { return (*this)(view_of(message)); }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace anahtar::crypto
