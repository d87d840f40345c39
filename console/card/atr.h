// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "crypto/bytes.h"

namespace anahtar::card {

using crypto::Bytes;
using crypto::BytesView;

/// What an answer to reset says, ISO 7816-3 §8.
struct Atr {
  Bytes bytes;
  Bytes historical;
  bool t0 = false, t1 = false;
  bool check_byte_right = true;  ///< TCK; absent when only T=0 is offered
  /// From the compact TLV 7X of the historical bytes, ISO 7816-4 §8.1.1.2.7; nothing: it is not said there.
  std::optional<bool> extended_length, command_chaining;

  /// Nothing for what is no ATR.
  static std::optional<Atr> parse(BytesView bytes);
  /// Whether the historical bytes contain `part`.
  bool mentions(BytesView part) const;
};

}  // namespace anahtar::card
