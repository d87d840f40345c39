// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/actions.h"
#include "core/session.h"
#include "core/titles.h"
#include "core/verification.h"

namespace anahtar::core {

/// A request that waits for four eyes, as a list shows it: everything personal is masked.
struct ApprovalLine {
  std::int64_t number = 0;
  std::string action;
  Text title;               ///< the action's
  TicketNumber ticket = 0;
  std::string subscriber;   ///< masked name
  std::string requested_by; ///< display name
  Time requested{}, expires{};
  bool mine = false;        ///< asked for by this person, with whatever account: they may not approve it
  std::string state = "waiting";  ///< as Approval::state
  std::optional<Time> decided = {};
  std::string decided_by = {};    ///< display name; empty: nobody did, its time was over
  std::string reason = {};        ///< of a rejection
  Text objection = {};            ///< of a waiting one: why it cannot be approved any more; empty: it can
};

/// Something in the recent past of the subscriber of a request.
struct ApprovalPast {
  Time at{};
  Text what;
  TicketNumber ticket = 0;  ///< 0: on none
};

/// All that somebody needs in order to decide.
struct ApprovalView {
  ApprovalLine line;
  /// What would be changed, label and value, in full.
  std::vector<std::pair<Text, Text>> change;
  int level = 0;      ///< at which the caller was verified when it was asked for
  Text method_label;  ///< by what
  std::optional<Time> verified;  ///< when
  std::string verified_by;       ///< display name of the operator who did
  std::optional<std::chrono::milliseconds> recorded;  ///< how long the longest recording on the ticket lasts
  std::string recorded_by;       ///< who attached that one, display name
  bool recorded_by_asker = false;
  Text call;                     ///< what is known of the ticket's call
  bool cooling_off = false;  ///< the subscriber's number was changed a short while ago
  Time number_since{};             ///< the registered mobile is the same since then …
  bool number_at_least = false;    ///< … or longer: the desk does not know
  std::string mobile;              ///< the registered one, masked
  std::vector<ApprovalPast> past;  ///< of the last 30 days, newest first: changes, refusals, failures, requests
};

/// What became of a request, for who asked for it.
Text outcome_of(const ApprovalLine& line);

/// Four eyes: what an operator's action asked for and another person must agree to. A request holds the exact change,
/// its ticket, the verification and the run; it is applied unchanged or not at all. [worker]
class Approvals {
 public:
  Approvals(Reader& reader, Writer& writer, Vault& vault, VerificationDesk& verification, Outside outside,
            const PluginCatalogue& plugins, const Clock& clock, AuditLog* log = nullptr);

  /// What waits, oldest first: everything for a supervisor, their own requests for others. Not recorded.
  Result<std::vector<ApprovalLine>> list(const Session& session);
  /// What this operator asked for and what was decided, or came to nothing, later than `since`; newest first. Not recorded.
  Result<std::vector<ApprovalLine>> outcomes(const Session& session, Time since);
  /// Ends what nobody decided in time, with a record of the program's own. Whoever sits here: it is the clock that decides.
  Result<> expire_due();
  /// How many of them this session may decide; for a badge.
  Result<int> count(const Session& session);
  /// One of them with its personal data. Supervisors only; recorded.
  Result<ApprovalView> view(const Session& session, std::int64_t number);
  /// Judges everything again and applies the change. The sentence says what has happened. Refused for one's own request,
  /// by whichever account; what no longer holds (verification, ticket, the requester's role, policy) ends the request.
  Result<Text> approve(const Session& session, std::int64_t number);
  /// Ends the request for good; a reason is needed.
  Result<> reject(const Session& session, std::int64_t number, const std::string& reason);

 private:
  ApprovalLine line_of(const Session& session, const Approval& request);
  Text objection_to(const Approval& request);
  std::vector<ApprovalPast> past_of(SubscriberId subscriber, std::int64_t except) const;

  Reader& reader_;
  Writer& writer_;
  Vault& vault_;
  VerificationDesk& verification_;
  Outside outside_;
  const PluginCatalogue& plugins_;
  const Clock& clock_;
  AuditLog* const log_;  ///< null: nothing is told of the past
  const Titles titles_;
};

}  // namespace anahtar::core
