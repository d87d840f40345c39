// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "crypto/bytes.h"

/// What an emulated card is to whoever carries its bytes: the in-process reader, or the client of a virtual reader.
namespace anahtar::card {

/// Speaks APDUs and keeps what a card keeps. Not thread-safe.
class EmulatedCard {
 public:
  virtual ~EmulatedCard() = default;
  virtual crypto::Bytes atr() const = 0;
  /// Power-on or reset: what was selected and verified is forgotten, counters and PINs stay.
  virtual void reset() = 0;
  /// One command APDU, one response APDU with status word. Malformed commands get a status word, never an exception.
  virtual crypto::Bytes answer(crypto::BytesView command) = 0;
};

}  // namespace anahtar::card
