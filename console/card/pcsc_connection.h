// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <memory>

#include "card/reader.h"

namespace anahtar::card::pcsc {

/// A card held exclusively. PC/SC's calls know no time-out, so they are made on a thread of the connection's own; one that
/// takes too long leaves that thread behind, which tidies up when it comes back.
class PcscConnection : public Connection {
 public:
  /// `held` is let go with the connection.
  PcscConnection(const std::string& reader, std::chrono::milliseconds patience, std::shared_ptr<void> held);
  ~PcscConnection() override;

  Bytes atr() const override;
  Protocol protocol() const override;
  void reset_when_closed() noexcept override;
  Bytes transmit(BytesView command) override;
  void resume() override;
  PinPad pin_pad() const override;
  Bytes transmit_typed(BytesView command, const PadEntry& entry) override;

 private:
  struct Card;
  class Worker;
  void run(std::function<void(Card&)> call) const;

  const std::chrono::milliseconds patience_;
  std::shared_ptr<Worker> worker_;
};

}  // namespace anahtar::card::pcsc
