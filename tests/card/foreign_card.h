// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>

#include "card/card_desk.h"
#include "card/emulated/card_shell.h"
#include "card/emulated/emulated_readers.h"

/// Emulated cards with the habits of applets that exist: they answer some commands in their own way.
namespace anahtar::card {

/// `usual` gives the answer of the emulated card.
using Habit = std::function<emulated::Reply(const emulated::Command& command, const std::function<emulated::Reply()>& usual)>;

template <class Card>
class ForeignCard : public Card {
 public:
  ForeignCard(emulated::CardOptions options, Habit habit, Bytes history = {})
      : Card(std::move(options)), habit_(std::move(habit)), history_(std::move(history)) {}

 protected:
  emulated::Reply run(const emulated::Command& command) override {
    return habit_(command, [&] { return Card::run(command); });
  }
  Bytes historical_bytes() const override { return history_.empty() ? Card::historical_bytes() : history_; }

 private:
  Habit habit_;
  Bytes history_;
};

/// One reader with one such card, and the desk over it.
class ForeignBench {
 public:
  static constexpr const char* reader = "Desk reader";

  explicit ForeignBench(std::shared_ptr<EmulatedCard> card) : desk_(readers, {}) {
    readers.insert(reader, std::move(card));
    session = desk_.open(reader).value();
  }

  core::CardFacts look() { return session->look().value(); }
  core::UnlockReport unlock(core::UnlockWay way, const char* unlocker, const char* pin = "246813") {
    core::UnlockOrder order;
    order.way = way;
    order.serial = look().serial;
    order.unlocker = core::Secret(unlocker);
    order.new_pin = core::Secret(pin);
    readers.forget_sent();
    return session->unlock(order);
  }
  /// How many commands of that instruction went to the card since the last `unlock` began.
  auto count(std::uint8_t ins) const {
    return std::ranges::count_if(readers.sent(reader), [ins](const Bytes& header) { return header[1] == ins; });
  }

  emulated::EmulatedReaders readers;

 private:
  CardDesk desk_;

 public:
  std::unique_ptr<core::CardSession> session;
};

}  // namespace anahtar::card
