// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/messages.h"

namespace anahtar::core {

/// Which of this device's processes sends: one at a time, because the sender that finds a message being sent by nobody
/// concludes that a process died over it.
class SenderLock {
 public:
  virtual ~SenderLock() = default;
  /// Whether this process has it from now on, until the lock goes. Does not block. [the sender's thread]
  virtual bool take() = 0;
};

/// Sends what was put into the outbox (core/messages.h), after it was committed. One thread; it sleeps until something
/// is queued, is due again, or another process of this device gave up the lock.
///
/// Before a message is given to the gateway the row says `sending` and the log effect.intended; afterwards the log says
/// effect.happened, effect.failed or effect.unknown. What a process that died left in `sending`, and what a gateway did
/// not answer, is sent again or not as its kind says (Worse). A message that certainly did not leave is tried again after
/// 2, 4, 8, … seconds, at most 5 minutes, until its deadline, and not while its gateway is left alone for a pause.
class Outbox {
 public:
  /// Null: not set up; its messages wait until their deadline.
  struct Ways {
    MessageGateway* sms = nullptr;
    MailGateway* mail = nullptr;
  };
  /// Called inside the unit that settles a message which certainly never left.
  using NeverLeft = std::function<void(Transaction&, const OutboxMessage&)>;

  /// All outlive it. Does nothing before `start` or `wake`.
  Outbox(Reader& reader, Writer& writer, const Clock& clock, Ways ways, SenderLock& lock, NeverLeft never_left = {});
  /// An attempt on its way is finished first: it takes as long as the gateway's time limit.
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  bool can_send(MessageChannel channel) const;
  /// Begins the thread; again is nothing. [any]
  void start();
  /// Something was queued: starts, and looks at once. [any]
  void wake();

  // [any] Throw FailureError when the storage does not answer.
  std::optional<MessageStatus> status(std::string_view id) const;
  /// Oldest first.
  std::vector<MessageStatus> of_ticket(TicketNumber ticket) const;
  /// This device's, those that still wait to be sent.
  std::vector<MessageStatus> waiting() const;
  /// Waits until the message is settled or its first try is over, `limit` at most; what is known then.
  std::optional<MessageStatus> wait_for_try(const std::string& id, std::chrono::milliseconds limit);
  /// Waits until none of this device's messages queued since `since` waits any more, `limit` at most, and not in vain: no
  /// longer than until all that do are tried again later than that. Those that still wait.
  std::vector<MessageStatus> wait_until_sent(Time since, std::chrono::milliseconds limit);

 private:
  enum class Fate { happened, not_now, refused, unknown };
  struct Attempted {
    std::string id;
    Fate fate;
  };

  void work(const std::stop_token& stop);
  /// Everything that is due.
  void pass(const std::stop_token& stop);
  void take_up_interrupted();
  bool due(const OutboxMessage& message) const;
  GatewayState state_of(MessageChannel channel) const;
  MessageStatus status_with_gateway(const OutboxMessage& message) const;
  void attempt(const std::string& id);
  std::optional<MessageContent> begin_attempt(const std::string& id, OutboxMessage& message);
  Fate deliver(const OutboxMessage& message, MessageContent content) const;
  Result<> conclude(const Attempted& attempted);
  void conclude(Transaction& tx, OutboxMessage message, Fate fate);
  void in_doubt(Transaction& tx, OutboxMessage& message, std::string_view reason);
  void give_up(Transaction& tx, OutboxMessage& message, std::string_view reason);
  void flush();
  std::vector<OutboxMessage> unsettled() const;

  Reader& reader_;
  Writer& writer_;
  const Clock& clock_;
  const Ways ways_;
  SenderLock& lock_;
  const NeverLeft never_left_;

  bool has_lock_ = false, took_up_ = false;  ///< sender's thread only
  std::vector<Attempted> unnoted_;           ///< sender's thread only: tried, and not committed yet
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
  std::jthread thread_;
};

/// What the telephone's network says became of a message, whoever sent it. A failure means that it could not be noted.
Result<> note_report(Writer& writer, const Clock& clock, const std::string& id, DeliveryState state);

}  // namespace anahtar::core
