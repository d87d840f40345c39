// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "card/emulated_card.h"

namespace anahtar::card::emulated {

using crypto::Bytes;
using crypto::BytesView;

/// What goes wrong, and when.
struct Fault {
  enum class Kind {
    pull,     ///< the card is drawn out of the reader
    reset,    ///< another program resets the card, and the reader tells
    forget,   ///< the card loses its power for a moment, and nobody tells
    silence,  ///< no answer comes
    garbage,  ///< an answer that is none
    slow,     ///< the answer takes `delay`
    say_yes,  ///< 9000, whatever the card thinks
    repeat,   ///< the same command gets the answer that it got the first time: a counter that stays
  };
  Kind kind = Kind::pull;
  int at = 1;  ///< counted over the commands that match, from when the fault was added; 0: each of them
  std::optional<std::uint8_t> ins = {};  ///< only commands with this instruction byte
  bool after = false;  ///< the card does what it is told first; otherwise the command does not reach it
  std::chrono::milliseconds delay{0};
};

/// Thrown by `Misbehaviour::answer` in place of an answer: what its carrier must do.
struct Disturbance {
  enum class Kind { pulled, reset, silent } kind;
};

/// A card that works until it does not. The control surface is [any], the card itself [one thread at a time].
class Misbehaviour : public EmulatedCard {
 public:
  explicit Misbehaviour(std::shared_ptr<EmulatedCard> card) : card_(std::move(card)) {}

  void add(Fault fault);
  void clear();
  /// How many commands came, continuations (GET RESPONSE) not counted.
  int commands() const;
  /// Called with each of these commands before it is answered, and with the fault that strikes it, if one does. Set before
  /// the card is in use.
  using Witness = std::function<void(BytesView command, const std::optional<Fault>& struck)>;
  void tell(Witness witness) { witness_ = std::move(witness); }

  Bytes atr() const override { return card_->atr(); }
  void reset() override { card_->reset(); }
  Bytes answer(BytesView command) override;

 private:
  struct Waiting {
    Fault fault;
    int seen = 0;
    std::vector<std::pair<Bytes, Bytes>> answers = {};
  };
  std::optional<Fault> due(BytesView command);
  Bytes repeated(BytesView command);

  std::shared_ptr<EmulatedCard> card_;
  Witness witness_;
  mutable std::mutex mutex_;
  std::vector<Waiting> waiting_;
  int commands_ = 0;
};

}  // namespace anahtar::card::emulated
