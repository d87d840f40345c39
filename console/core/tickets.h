// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/directory.h"
#include "core/messages.h"
#include "core/session.h"
#include "core/titles.h"
#include "core/verification.h"

namespace anahtar::core {

struct NewTicket {
  std::optional<SubscriberId> subscriber;
  Channel channel = Channel::call;
  Priority priority = Priority::normal;
  std::string cause = "other";
  std::string note;  ///< may be empty
};

/// What a caller typed on their telephone.
struct GivenPin {
  Secret digits;
  std::string national_id;  ///< empty: they are found by the number that they call from
};

/// A call as the telephone system hands it over.
struct IncomingCall {
  std::string number;   ///< any spelling; empty: withheld
  bool proven = false;  ///< came with the telephone system's token
  std::shared_ptr<const GivenPin> pin = {};  ///< counts only with the token
  std::string recording = {};                ///< the telephone system's name for its recording; counts only with the token
};

/// Whom a call may be from. Nobody is chosen here; the operator does that.
struct CallMatch {
  IncomingCall call;                   ///< number in E.164
  std::vector<SubscriberLine> callers; ///< each with its open ticket, if any. Empty: unknown caller
  std::optional<SubscriberId> recognised = {};  ///< one of them, and the caller typed their call PIN: the record may open
};

/// One line of the queue.
struct TicketLine {
  TicketNumber number = 0;
  std::string subscriber;  ///< masked name; empty: none yet
  Text cause;
  TicketState state = TicketState::open;
  Priority priority = Priority::normal;
  Channel channel = Channel::call;
  std::string assignee;    ///< display name; empty: waiting
  bool mine = false;
  bool unfinished = false;  ///< has an action that started and never ended; Actions::mark_unfinished says so
  bool waits_for_approval = false;  ///< something was asked for on it that another person must agree to
  bool recording_missing = false;  ///< did not come in time; told to supervisors only
  Time opened{}, updated{};
};

struct TimelineEvent {
  Time at{};
  std::string who;   ///< display name, or empty for the program
  std::string type;  ///< record type, for the icon
  Text what;
  std::string text;  ///< a note's text, or empty
  Text since;        ///< what became of it since: a message's "delivered"; else empty
  TicketNumber ticket = 0;  ///< in a subscriber's history: the ticket on which it happened; 0: on none
};

/// All that the ticket's view draws.
struct TicketView {
  Ticket ticket;
  Text cause;
  std::string assignee;                    ///< display name
  std::string call;                        ///< masked number, or empty
  bool call_is_registered_mobile = false;  ///< proven and equal to the registered mobile
  std::optional<SubscriberView> subscriber;
  std::optional<TicketNumber> not_holder_on;  ///< another ticket of theirs, of the last day, on which somebody else was calling
  VerificationStatus verification;
  std::vector<TimelineEvent> timeline;     ///< oldest first
  std::vector<MessageStatus> messages;     ///< oldest first
  std::vector<Recording> recordings;       ///< oldest first
};

/// Tickets. Every call is recorded. [worker]
class Tickets {
 public:
  Tickets(Reader& reader, Writer& writer, AuditLog& audit, Directory& directory, VerificationDesk& verification,
          const PluginCatalogue& plugins, const Clock& clock);

  /// It is the opener's.
  Result<TicketNumber> open(const Session& session, const NewTicket& wanted);
  /// Who may be calling. Recorded; opens nothing.
  Result<CallMatch> match_call(const Session& session, const IncomingCall& call);
  /// Opens a ticket for the call, or puts the call onto an open ticket of the same subscriber when `existing` names it;
  /// a new call is a new caller, so an earlier verification is void then.
  Result<TicketNumber> open_for_call(const Session& session, const IncomingCall& call, std::optional<SubscriberId> caller,
                                     std::optional<TicketNumber> existing, const std::string& cause);

  Result<> take(const Session& session, TicketNumber ticket);
  Result<> note(const Session& session, TicketNumber ticket, const std::string& text);
  /// To the operator of that name, or back into the queue when it is empty.
  Result<> hand_over(const Session& session, TicketNumber ticket, const std::string& operator_name, const std::string& note);
  Result<> set_waiting(const Session& session, TicketNumber ticket, const std::string& for_what);
  Result<> set_priority(const Session& session, TicketNumber ticket, Priority priority);
  Result<> close(const Session& session, TicketNumber ticket, const std::string& resolution);
  Result<> reopen(const Session& session, TicketNumber ticket, const std::string& reason);
  /// The ticket was opened on the wrong subscriber (or on none). Its verification is void then.
  Result<> correct_subscriber(const Session& session, TicketNumber ticket, SubscriberId right_one, const std::string& reason);
  /// Somebody calls for the holder: never verified as the holder; an existing verification is void.
  Result<> caller_is_not_holder(const Session& session, TicketNumber ticket, const std::string& who);

  /// `unfinished` is left to Actions: only it knows what runs just now.
  Result<std::vector<TicketLine>> list(const Session& session, TicketFilter filter);
  Result<TicketCounts> counts(const Session& session);
  /// `first_look`: the operator just opened it, so the view of personal data is recorded.
  Result<TicketView> view(const Session& session, TicketNumber ticket, bool first_look);
  /// What happened to a subscriber, over all tickets, oldest first. For who works at the desk; each look is recorded.
  Result<std::vector<TimelineEvent>> history(const Session& session, SubscriberId subscriber);

 private:
  bool gave_call_pin(const Session& session, const IncomingCall& call, SubscriberId caller);
  void begin_call(Transaction& tx, const Session& session, const IncomingCall& call, bool pin_right, Ticket& ticket);
  Result<TicketNumber> put_call_onto(const Session& session, const IncomingCall& call, std::optional<SubscriberId> caller,
                                     TicketNumber existing);

  Reader& reader_;
  Writer& writer_;
  AuditLog& audit_;
  Directory& directory_;
  VerificationDesk& verification_;
  const Titles titles_;
  const Clock& clock_;
};

}  // namespace anahtar::core
