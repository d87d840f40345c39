// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <condition_variable>
#include <map>

#include "card/emulated/pin_pad.h"
#include "card/emulated_card.h"
#include "card/reader.h"

namespace anahtar::card::emulated {

/// Readers in this process, a peer of PC/SC's, and hands that plug, insert and pull. Everything is [any].
class EmulatedReaders : public Readers {
 public:
  EmulatedReaders();
  ~EmulatedReaders() override;

  std::vector<core::CardReaderState> list() override;
  std::vector<core::CardReaderState> wait_for_change(const std::vector<core::CardReaderState>& known,
                                                     std::chrono::milliseconds limit, std::stop_token stop) override;
  /// LinkError::in_use while another connection to the card is open.
  std::unique_ptr<Connection> connect(const std::string& reader) override;

  // What hands do. A reader that is not plugged in is plugged in by inserting a card into it.
  void plug(const std::string& reader);
  void unplug(const std::string& reader);
  /// Another card in the reader is swapped. The card is powered on: what it had verified is forgotten.
  void insert(const std::string& reader, std::shared_ptr<EmulatedCard> card);
  void insert_mute(const std::string& reader);  ///< the wrong way round
  void remove(const std::string& reader);
  /// A reader with a keypad, in front of which this holder stands. Its commands count as sent when they reach the card.
  void plug_with_keypad(const std::string& reader, Typing holder);

  // What other programs and the service do.
  void hold_elsewhere(const std::string& reader, bool held);
  void reset_elsewhere(const std::string& reader);
  void stop_service();
  void start_service();
  /// How long a connection waits for a card that is silent; none by default.
  void set_patience(std::chrono::milliseconds patience);

  /// The headers (CLA INS P1 P2) of the commands that went to the reader's cards, in their order. Never their data.
  std::vector<Bytes> sent(const std::string& reader) const;
  void forget_sent();

 private:
  struct State;
  class Link;
  std::shared_ptr<State> state_;
};

}  // namespace anahtar::card::emulated
