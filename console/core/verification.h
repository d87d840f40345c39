// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <anahtar/sdk/desk.h>

#include "core/policy_book.h"
#include "core/session.h"

namespace anahtar::core {

/// Another machine's clock may be a little ahead; a verification from further in the future is not believed.
inline constexpr std::chrono::minutes clock_tolerance{1};

/// How well the caller of a ticket is verified now; what the coloured bar draws.
struct VerificationStatus {
  int level = 0;
  std::string method;           ///< of the highest level; empty: none
  Text method_label;
  std::optional<Time> expires;
  bool impossible = false;      ///< somebody else calls for the holder
  std::vector<std::string> locked_methods;
  Text sentence;                ///< "Not verified", "Verified at level 2", …; shown before method_label and the time left
};

/// Verification of callers: what stands, what failed, what is locked. Belongs to one subscriber on one ticket.
class VerificationDesk {
 public:
  /// `defaults` outlives it; they are in force while the database holds no policy.
  VerificationDesk(Reader& reader, Writer& writer, Vault& vault, const Clock& clock, const Policy& defaults);

  VerificationStatus status(Reader& now, const Ticket& ticket) const;
  /// Level reached by verifications of this ticket's subscriber that are not older than `freshness`.
  int level(Reader& now, const Ticket& ticket, std::chrono::minutes freshness) const;
  /// The strongest verification that stood at `at`, was not older than `freshness` then, was not voided since, and is by
  /// none of the `excluded` methods. Of equals the newest.
  std::optional<Verification> best(Reader& now, const Ticket& ticket, std::chrono::minutes freshness, Time at,
                                   const std::set<std::string>& excluded) const;

  /// Whether the telephone system has proven the ticket's call, no longer ago than a verification stands: nobody tells the
  /// desk when a call ends.
  bool call_counts(Reader& now, const Ticket& ticket) const;
  /// The verification with this id, when it stood at `at` and counts as in `best`.
  std::optional<Verification> counting(Reader& now, const Ticket& ticket, std::int64_t id, std::chrono::minutes freshness,
                                       Time at, const std::set<std::string>& excluded) const;

  // Inside a unit of the writer:
  /// Throws FailureError when the method is unknown or locked, or the ticket has no holder to verify.
  Verification grant(Transaction& tx, const Session& session, const Ticket& ticket, const std::string& method);
  /// Counts a failure, locks the method when that was the last try; records both.
  void count_failure(Transaction& tx, const Session& session, const Ticket& ticket, const std::string& method);
  /// Verifications and codes of the ticket stand no longer. The unit records why.
  void void_all(Transaction& tx, const Ticket& ticket);
  /// The same on the subscriber's open tickets, `but` one: what callers proved there may rest on a number that goes.
  void void_open(Transaction& tx, SubscriberId subscriber, std::optional<TicketNumber> but = {});

  // One-time codes. [worker]
  struct Prepared {
    CodeChallenge challenge;
    std::string message;  ///< opaque id of the message that carries it
    std::string to;       ///< E.164, the mobile that was registered when the code was made
  };
  /// Makes a code, voids the earlier ones, stores its keyed hash and queues its message; wake the outbox then.
  /// Refused when the method is locked or codes are used up; the latter locks it. `run` is the action's run.
  Result<Prepared> prepare_code(const Session& session, TicketNumber ticket, const std::string& run = {});
  /// The message of a code certainly did not leave: the code is void and does not count. Inside a unit that settles the
  /// message (Outbox::NeverLeft).
  void code_never_left(Transaction& tx, const OutboxMessage& message);
  /// A right code is right once. Wrong ones count.
  Result<sdk::CodeCheck> check_code(const Session& session, TicketNumber ticket, const Secret& typed);

  // Call PINs. [worker]: a hash takes a tenth of a second.
  /// What is stored of a PIN.
  std::string hash_of_pin(SubscriberId subscriber, const Secret& pin) const;
  /// Compares what a caller gave with the subscriber's call PIN, on a ticket or before there is one. It takes a try before
  /// it compares, so that several at once have no more of them. `right`, `wrong` or `locked`.
  Result<sdk::CodeCheck> check_pin(const Session& session, SubscriberId subscriber, std::optional<TicketNumber> ticket,
                                   const Secret& given);

  /// The recording of the call is at hand: civil-registry verifications that stand now also count as recorded ones, for
  /// no longer than they would have stood. Inside a unit.
  void count_as_recorded(Transaction& tx, const Session& session, const Ticket& ticket);

  /// A supervisor lifts a lock, with a reason.
  Result<> lift_lock(const Session& session, TicketNumber ticket, const std::string& method, const std::string& reason);

  /// The ticket, if there is a holder on it who could be verified by this session. Throws FailureError.
  Ticket holder_ticket(Reader& now, const Session& session, TicketNumber number) const;

  /// The policy in force; asks the database. Valid as long as the desk.
  const Policy& policy(Reader& now) const { return book_.in_force(now); }
  /// The one that was in force when it was last asked for.
  const Policy& policy() const { return book_.last_seen(); }

 private:
  std::vector<Verification> standing(Reader& now, const Policy& policy, const Ticket& ticket, Time at) const;
  const MethodPolicy& method_policy(Reader& now, const std::string& method) const;
  bool may_count_as_recorded(Transaction& tx, const MethodPolicy& rules, const Ticket& ticket, const Verification& given) const;
  void lock(Transaction& tx, MethodState& state, Record record);
  std::optional<CallPin> take_try(Transaction& tx, MethodState& state, const std::function<Record(const char*)>& record);
  sdk::CodeCheck settle_try(Transaction& tx, MethodState& state, bool right,
                            const std::function<Record(const char*)>& record);
  Result<> prepare(Transaction& tx, const Session& session, TicketNumber number, const std::string& run, Prepared& out,
                   std::optional<Failure>& refusal);
  sdk::CodeCheck check(Transaction& tx, const Session& session, const Ticket& ticket, const Secret& typed);
  void withdraw_unsent(Transaction& tx, const Record& record, const Ticket& ticket);
  std::string hash_of(const Ticket& ticket, const Secret& code) const;

  Reader& reader_;
  Writer& writer_;
  Vault& vault_;
  const Clock& clock_;
  mutable PolicyBook book_;
};

}  // namespace anahtar::core
