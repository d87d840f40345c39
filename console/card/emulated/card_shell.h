// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>
#include <string>

#include "card/emulated/card_options.h"
#include "card/emulated/command.h"
#include "card/emulated/counted_secret.h"
#include "card/emulated_card.h"

namespace anahtar::card::emulated {

/// What a card keeps without power: names and raw bytes.
using Memory = std::map<std::string, std::string>;

/// What all emulated cards do alike: take commands apart, join chained ones (ISO 7816-4 §5.3.3), and give long answers in
/// pieces. A family answers whole commands.
class CardShell : public EmulatedCard {
 public:
  explicit CardShell(bool t0) : t0_(t0) {}

  Bytes atr() const override;
  void reset() final;
  Bytes answer(BytesView command) final;

  /// Everything that survives a reset, the holder's key included.
  virtual void store(Memory& memory) const = 0;
  /// What is missing in `memory` stays as it is.
  virtual void recall(const Memory& memory) = 0;

 protected:
  virtual Reply run(const Command& command) = 0;
  virtual void forget() = 0;
  virtual Bytes historical_bytes() const = 0;

 private:
  Bytes deliver(const Command& command, Reply reply);
  Bytes next_piece(std::size_t most);

  bool t0_;
  Bytes chained_, pending_;
  std::uint8_t chained_ins_ = 0;
};

void store(Memory& memory, const std::string& name, const CountedSecret& secret);
void recall(const Memory& memory, const std::string& name, CountedSecret& secret);
void store(Memory& memory, const Holder& holder);
void recall(const Memory& memory, Holder& holder);

/// The answer to a wrong try, as the options want it.
std::uint16_t wrong_try(const CountedSecret& secret, const CardOptions& options);

}  // namespace anahtar::card::emulated
