// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/cards.h"
#include "crypto/bytes.h"

/// Where cards are: the seam behind which PC/SC and the emulated reader are peers.
namespace anahtar::card {

using crypto::Bytes;
using crypto::BytesView;

/// Why a card could not be spoken with. Thrown by Connection and Readers, caught where the room's services end.
struct LinkError : std::exception {
  enum class Kind {
    no_service,   ///< the card service does not run, or went away
    no_reader,    ///< the reader was unplugged
    no_card,      ///< there is none, or it was pulled
    reset,        ///< another program reset the card: what was selected and verified is lost; `Connection::resume`
    in_use,       ///< another program holds it
    silent,       ///< no answer in time; the connection is of no use any more
    broken,       ///< the reader could not transmit
  };
  explicit LinkError(Kind k, bool sent = true) : kind(k), may_have_arrived(sent) {}
  const char* what() const noexcept override { return "the card could not be reached"; }
  Kind kind;
  bool may_have_arrived;  ///< false: the command certainly never reached the card
};

enum class Protocol { t0, t1 };

/// A PIN that its holder types on the reader: where it goes in the data of a command, which has room for it already.
struct PadEntry {
  std::size_t at = 0;             ///< where in the data it begins
  std::size_t length = 0;         ///< of its place; 0: it is put behind the data, as long as it is
  int shortest = 4, longest = 8;  ///< in digits
  bool twice = false;             ///< a new one: it is typed once more, and both must be the same
};

/// What a reader with a PIN pad can do.
struct PinPad {
  bool verify = false, modify = false;
};

/// One card, held exclusively without a transaction. Closing it leaves the card as it is, unless `reset_when_closed` was
/// called. [worker, one thread at a time]
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Bytes atr() const = 0;
  virtual Protocol protocol() const = 0;
  /// Somebody is logged in whom the card has no command to log out: closing resets it. Never throws.
  virtual void reset_when_closed() noexcept {}
  /// One command APDU as it goes over the wire, one response APDU with its status word (at least 2 bytes). Throws LinkError.
  virtual Bytes transmit(BytesView command) = 0;
  /// After LinkError::reset: goes on with the same card without resetting it. Throws LinkError when it is another one.
  virtual void resume() = 0;
  virtual PinPad pin_pad() const { return {}; }
  /// A command (CLA INS P1 P2 Lc data) with the PIN that the holder types on the reader. Waits for the holder. What is not
  /// typed is not sent: status 6400 too late, 6401 cancelled, 6402 the two differ, 6403 too short or too long (PC/SC
  /// part 10 §2.5). Only when `pin_pad` can. Throws LinkError.
  virtual Bytes transmit_typed(BytesView /*command*/, const PadEntry&) { throw LinkError(LinkError::Kind::broken, false); }
};

/// Readers coming and going. [any]
class Readers {
 public:
  virtual ~Readers() = default;
  virtual std::vector<core::CardReaderState> list() = 0;
  virtual std::vector<core::CardReaderState> wait_for_change(const std::vector<core::CardReaderState>& known,
                                                             std::chrono::milliseconds limit, std::stop_token stop) = 0;
  virtual std::unique_ptr<Connection> connect(const std::string& reader) = 0;
};

}  // namespace anahtar::card
