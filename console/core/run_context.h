// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "core/action_rules.h"
#include "core/conversation.h"
#include "core/outside.h"

/// Private to core: what a run carries with it.
namespace anahtar::core {

/// What an action works with. Only reached through a Gate: it may go away while an abandoned run still hangs.
struct ActionParts {
  Reader& reader;
  Writer& writer;
  Vault& vault;
  VerificationDesk& verification;
  Outside outside;
  const Clock& clock;
};

/// Lets calls on the parts in while they live.
class Gate {
 public:
  class Pass {
   public:
    explicit Pass(Gate& gate) : gate_(&gate) {}
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (gate_) gate_->leave();
    }

   private:
    Gate* gate_;
  };

  /// Throws sdk::Cancelled once closed.
  Pass enter();
  /// Lets nobody in any more and waits for those who are in.
  void close();

 private:
  void leave();

  std::mutex mutex_;
  std::condition_variable empty_;
  int inside_ = 0;
  bool closed_ = false;
};

/// Which methods the console itself saw succeed in this run, and when. [any]
class Evidence {
 public:
  void add(const std::string& method, Time seen);
  std::optional<Time> seen(const std::string& method) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Time> seen_;
};

/// What a run let out, and nobody told yet what came of it: recorded at the end of the run, should nobody tell. [any]
class OpenQuestion {
 public:
  void ask(Record if_nobody_tells);
  void settled();
  /// `work` records the answer. Should it fail, the question stands.
  void settled_by(const std::function<void()>& work);
  std::optional<Record> open() const;

 private:
  mutable std::mutex mutex_;
  std::optional<Record> record_;
};

/// Outcome of a run that let a secret out, or unlocked a card, and was not done in the end.
inline constexpr char counted[] = "acted";

using CheckedWork = std::function<std::optional<Refusal>(Transaction&, const Ticket&)>;

/// One run, as its desk, its ports and its ending see it.
struct RunContext {
  std::string id;
  KnownAction action;
  Session session;
  Ticket at_start;
  std::shared_ptr<Conversation> conversation;
  std::shared_ptr<Gate> gate;
  ActionParts parts;
  std::stop_source stop = {};
  std::atomic<bool> revoked = false;
  Evidence evidence = {};
  std::string chosen_pin_hash = {};  ///< of the call PIN that the action was given; on the run's own thread
  std::atomic<bool> acted = false;   ///< something outside, which no transaction undoes, was done
  std::atomic<bool> must_finish = false;  ///< a card is being changed, or has a PIN that nobody knows yet: cancelling is not heard
  OpenQuestion question = {};
  std::map<Tag, std::string> revealed_to_holder = {};  ///< which card's PIN; before it was revealed, and never after
  /// All rules once more, inside a transaction; set by the run.
  std::function<std::optional<Refusal>(Transaction&)> refusal_now = {};
  std::shared_ptr<void> lock = {};   ///< of RunLocks, until the end is recorded

  /// Throws sdk::Cancelled when the run was cancelled or abandoned.
  void check_alive() const;
  /// As check_alive, and the parts stay until the pass goes.
  [[nodiscard]] Gate::Pass enter() const;
  /// The ticket now. Throws sdk::Failed when it is about another subscriber than at the start.
  Ticket ticket_now(Reader& now) const;
  Record record(const char* type, Reader& now, const Ticket& ticket) const;
  /// Whether the policy lets the operator see what this action brings, to speak it.
  bool may_be_spoken() const;

  /// From now on the run counts towards its action's limits, however it ends.
  void count(Transaction& tx) const;

  /// As commit_unit. What `work` throws as sdk::Failed undoes the unit and is thrown here.
  void commit(const std::function<void(Transaction&)>& work) const;
  /// One unit about the ticket, whoever it is about by now: for what is to be recorded because it happened. The session must stand.
  void commit_on_ticket(const std::function<void(Transaction&, const Ticket&)>& work) const;
  /// One unit, for what is about to be done outside: all rules are checked once more, then `work` says what it has against it
  /// or saves and records; it may be called again. Throws sdk::Failed with the refusal, which is recorded.
  void commit_checked(const CheckedWork& work) const;
  void commit_checked(const CheckedWork& work, const std::function<Record(Reader&, const Ticket&)>& record_of_refusal) const;
};

/// Whether a program of this desk, perhaps another one, is at this run.
bool is_at_work(const ActionParts& parts, const std::string& run);
/// Whether somebody can be waiting for this open run, in another program of this desk or, for all that is known here, on another
/// computer.
bool may_still_run(const ActionRunRow& row, const ActionParts& parts);

/// "The ticket was changed …" when it is no longer the one on which the run started.
std::optional<Refusal> refusal_of_changed_ticket(const Ticket& at_start, const Ticket& now);

}  // namespace anahtar::core
