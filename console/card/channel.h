// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <any>
#include <functional>

#include "card/apdu.h"
#include "card/reader.h"

namespace anahtar::card {

/// Carries commands over a connection: short, extended or chained as card and command need it, and fetches long answers
/// (ISO 7816-3 §12, ISO 7816-4 §5.3). [worker, one thread at a time]
class Channel {
 public:
  using Trace = std::function<void(const std::string& line)>;

  /// `connection` outlives the channel.
  explicit Channel(Connection& connection);

  /// Throws LinkError; an answer that no card gives is LinkError::broken. A command that could cost a try is sent
  /// once, whatever the card says of its lengths.
  Response send(const Command& command);
  /// The same for a further part of one long answer (READ BINARY from where the last one ended), which is not counted.
  Response go_on(const Command& command);
  /// A command with a PIN that the holder types on the reader, sent once. With a status that is `untyped` nothing was.
  Response send_typed(const Command& command, const PadEntry& entry);
  /// A command as the issuer's service made it, sent once.
  Response pass_on(BytesView command);

  /// Overrides what the ATR says of extended lengths.
  void extended_length(bool able) { extended_ = able; }
  /// Commands sent so far; GET RESPONSE, the repetition with the right Le, and the parts of a chain are not counted.
  int exchanges() const { return exchanges_; }
  /// Whether, since `mark`, something went out that could have cost a try or changed the card.
  void mark() { risked_ = untyped_ = false, verdict_ = {}; }
  bool risked() const { return risked_; }
  /// Whether, since `mark`, the holder typed nothing that was sent.
  bool untyped() const { return untyped_; }
  /// What the card said to the last such command; 0 when it has not answered any.
  Status verdict() const { return verdict_; }
  /// Gets each command, masked, and each status word.
  void trace(Trace trace) { trace_ = std::move(trace); }
  const Connection& connection() const { return connection_; }
  /// Somebody stays logged in whom the card could not be told to log out: whoever comes next must not find them.
  void log_out_by_reset() { connection_.reset_when_closed(); }
  /// Where a family keeps what it has read of this card and need not read again.
  std::any& memo() { return memo_; }

 private:
  Response carry(const Command& command);
  Response send_whole(const Command& command);
  Response send_chain(const Command& command);
  Response transmit(const Command& command, bool extended);
  Response with_the_right_le(const Command& command, Response first);
  Response fetch_the_rest(const Command& command, Response first);

  Connection& connection_;
  bool extended_ = false;
  int exchanges_ = 0;
  bool risked_ = false, untyped_ = false;
  Status verdict_;
  Trace trace_;
  std::any memo_;
};

}  // namespace anahtar::card
