// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "crypto/bytes.h"

namespace anahtar::crypto {

/// A hash function that is known only when the program runs (FIPS 180-4); where it is known before, digest.h is faster.
/// One thread at a time.
class MessageDigest {
 public:
  enum class Kind { sha256, sha512 };

  explicit MessageDigest(Kind kind);
  ~MessageDigest();

  void update(BytesView piece);
  /// The digest; nothing may follow.
  Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace anahtar::crypto
