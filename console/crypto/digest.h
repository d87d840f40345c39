// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "crypto/bytes.h"

namespace anahtar::crypto {

/// A SHA-256 digest (FIPS 180-4).
using Hash = std::array<std::uint8_t, 32>;

/// SHA-256 of the parts as if they were one message; does not allocate. [any]
Hash sha256(BytesView part);
Hash sha256(BytesView first, BytesView second);
Hash sha256(BytesView first, BytesView second, BytesView third);
Hash sha256(std::initializer_list<BytesView> parts);

/// SHA-256 of a message that comes in pieces. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(BytesView piece);
  Sha256& update(std::string_view piece) { return update(view_of(piece)); }
  /// The digest; afterwards the object begins a new message.
  Hash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace anahtar::crypto
