// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tickets.h"

#include <algorithm>

#include "core/causes.h"
#include "core/fold.h"
#include "core/permission.h"
#include "core/phone.h"
#include "core/ticket_rules.h"

namespace anahtar::core {
namespace {

constexpr int most_callers = 50;
constexpr char call_pin_method[] = "call_pin";

/// Something that the policy counts for the subscriber was done on the ticket. A request that waits changed nothing yet, and
/// will not once the ticket is about somebody else.
bool has_counted_runs(Reader& now, const Policy& policy, const Ticket& ticket) {
  const auto requests = now.waiting_approvals();
  return std::ranges::any_of(policy.actions, [&](const auto& action) {
    if (action.second.per_subscriber_day == 0) return false;
    const auto runs = now.run_count({.action = action.first, .operator_id = {}, .subscriber = {}, .ticket = ticket.number, .since = {}});
    return runs > std::ranges::count_if(requests, [&](const Approval& request) {
      return request.ticket == ticket.number && request.action == action.first;
    });
  });
}

void close_openings(Transaction& tx, const Ticket& ticket, Time now) {
  for (const Operator& account : tx.operators())
    if (auto opening = tx.opening(ticket.number, account.id); opening && opening->until > now) {
      opening->until = now;
      tx.save(*opening);
    }
}

Result<> known_cause(const std::string& cause) {
  if (std::ranges::find(causes(), cause, &Cause::id) != causes().end()) return {};
  return failure(Code::invalid, tr("There is no cause “{1}”.", cause));
}

void require_subscriber(Reader& now, SubscriberId id) {
  if (!now.subscriber(id))
    throw FailureError({Code::not_found, tr("There is no subscriber #{1}.", std::to_string(id))});
}

/// The number as stored, or empty when it is withheld or none that could be called back.
std::string call_number(const IncomingCall& call) { return normalised_phone(call.number).value_or(""); }

void record_opening(Transaction& tx, const Session& session, const Ticket& ticket) {
  Record record = record_of(session, record_type::ticket_opened, tx, ticket);
  record.fields[Tag::ticket_number] = std::to_string(ticket.number);
  record.fields[Tag::channel] = to_string(ticket.channel);
  record.fields[Tag::priority] = to_string(ticket.priority);
  record.fields[Tag::cause] = ticket.cause;
  if (!ticket.call_number.empty()) record.fields[Tag::number] = ticket.call_number;
  tx.record(std::move(record));
}

/// The telephone system records this call and said under which name.
void keep_recording(Transaction& tx, const Session& session, const Ticket& ticket, const std::string& reference, Time now) {
  Recording recording{.ticket = ticket.number,
                      .subscriber = *ticket.subscriber,
                      .kind = "telephone",
                      .reference = reference,
                      .file = {},
                      .sha256 = {},
                      .attached = now,
                      .attached_by = {},
                      .of_this_call = true};
  tx.save(recording);
  Record record = record_of(session, record_type::recording_attached, tx, ticket);
  record.fields.insert({{Tag::recording, std::to_string(recording.id)}, {Tag::kind, recording.kind},
                        {Tag::reference, reference}});
  tx.record(std::move(record));
}

void record_call(Transaction& tx, const Session& session, const Ticket& ticket) {
  Record record = record_of(session, record_type::ticket_called, tx, ticket);
  if (!ticket.call_number.empty()) record.fields[Tag::number] = ticket.call_number;
  record.fields[Tag::state] = ticket.call_proven ? "proven" : "unproven";
  tx.record(std::move(record));
}

void add_note(Transaction& tx, const Session& session, const Ticket& ticket, const std::string& text, Time now) {
  Record record = record_of(session, record_type::ticket_noted, tx, ticket);
  record.fields[Tag::note] = text;
  tx.record(std::move(record));
  TicketNote note{.id = 0, .ticket = ticket.number, .author = session.name, .at = now, .text = text};
  tx.save(note);
}

/// By the name that they sign in with, or by the one that colleagues see.
Operator colleague_called(Reader& now, const std::string& typed) {
  const std::string wanted = fold(typed);
  std::string there;
  std::vector<Operator> fit;
  for (Operator& each : now.operators()) {
    if (each.disabled || each.role == Role::administrator) continue;
    if (each.name == typed) return each;
    there += (there.empty() ? "" : ", ") + each.display_name + " (" + each.name + ")";
    if (fold(each.display_name) == wanted) fit.push_back(std::move(each));
  }
  if (fit.size() == 1) return fit.front();
  if (fit.empty()) throw FailureError({Code::not_found, tr("There is nobody “{1}” who could take the ticket. There are: {2}.", typed, there)});
  throw FailureError({Code::conflict, tr("Several are called “{1}”. Type the name that they sign in with: {2}.", typed, there)});
}

}  // namespace

Tickets::Tickets(Reader& reader, Writer& writer, AuditLog& audit, Directory& directory, VerificationDesk& verification,
                 const PluginCatalogue& plugins, const Clock& clock)
    : reader_(reader),
      writer_(writer),
      audit_(audit),
      directory_(directory),
      verification_(verification),
      titles_(plugins),
      clock_(clock) {}

Result<TicketNumber> Tickets::open(const Session& session, const NewTicket& wanted) {
  return guarded([&]() -> Result<TicketNumber> {
    for (const auto& check : {permitted(reader_, writer_, session, desk_roles, "ticket.open"), known_cause(wanted.cause)})
      if (!check) return std::unexpected(check.error());
    const bool noted = wanted.note.find_first_not_of(" \t\r\n") != std::string::npos;
    const Result<std::string> note = noted ? required_text(wanted.note, {}) : std::string{};
    if (!note) return std::unexpected(note.error());

    TicketNumber number = 0;
    const auto committed = writer_.commit([&](Transaction& tx) -> Result<void> {
      check_session(tx, session);
      if (wanted.subscriber) require_subscriber(tx, *wanted.subscriber);
      Ticket ticket;
      ticket.subscriber = wanted.subscriber;
      ticket.channel = wanted.channel;
      ticket.priority = wanted.priority;
      ticket.cause = wanted.cause;
      ticket.assignee = session.operator_id;
      ticket.opened = ticket.updated = clock_.now();
      tx.save(ticket);
      record_opening(tx, session, ticket);
      if (noted) add_note(tx, session, ticket, *note, clock_.now());
      number = ticket.number;
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    return number;
  });
}

Result<CallMatch> Tickets::match_call(const Session& session, const IncomingCall& call) {
  return guarded([&]() -> Result<CallMatch> {
    const auto may = permitted(reader_, writer_, session, desk_roles, "call.match");
    if (!may) return std::unexpected(may.error());
    CallMatch match;
    match.call.number = call_number(call);
    match.call.proven = call.proven && !match.call.number.empty();
    if (match.call.proven) {
      match.call.pin = call.pin;
      match.call.recording = call.recording;
    }
    const bool named = match.call.pin && !match.call.pin->national_id.empty();
    if (named)
      match.callers = directory_.lines_of(session, {SubscriberQuery::Kind::national_id, match.call.pin->national_id}, 1);
    else if (!match.call.number.empty())
      match.callers = directory_.callers_of(session, match.call.number, most_callers);
    const auto committed = writer_.commit([&](Transaction& tx) -> Result<void> {
      check_session(tx, session);
      Record record = record_of(session, record_type::call_received);
      if (!match.call.number.empty()) record.fields[Tag::number] = match.call.number;
      record.fields[Tag::state] = match.call.proven ? "proven" : "unproven";
      record.fields[Tag::count] = std::to_string(match.callers.size());
      tx.record(std::move(record));
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    if (!match.call.pin || match.callers.size() != 1) return match;  // among several the operator chooses
    if (gave_call_pin(session, match.call, match.callers.front().id))
      match.recognised = match.callers.front().id;
    else
      match.call.pin.reset();  // it was counted; it shall not be counted again
    return match;
  });
}

Result<TicketNumber> Tickets::open_for_call(const Session& session, const IncomingCall& call,
                                            std::optional<SubscriberId> caller, std::optional<TicketNumber> existing,
                                            const std::string& cause) {
  if (existing) return put_call_onto(session, call, caller, *existing);
  return guarded([&]() -> Result<TicketNumber> {
    for (const auto& check : {permitted(reader_, writer_, session, desk_roles, "ticket.open"), known_cause(cause)})
      if (!check) return std::unexpected(check.error());
    TicketNumber number = 0;
    const bool pin_right = caller && gave_call_pin(session, call, *caller);
    const auto committed = writer_.commit([&](Transaction& tx) -> Result<void> {
      check_session(tx, session);
      if (caller) require_subscriber(tx, *caller);
      Ticket ticket;
      ticket.subscriber = caller;
      ticket.cause = cause;
      ticket.assignee = session.operator_id;
      ticket.call_number = call_number(call);
      ticket.opened = ticket.updated = clock_.now();
      if (call.proven && !ticket.call_number.empty()) ticket.call_proven = ticket.opened;
      tx.save(ticket);
      record_opening(tx, session, ticket);
      begin_call(tx, session, call, pin_right, ticket);
      number = ticket.number;
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    return number;
  });
}

/// Whether the PIN that the telephone system handed over is this caller's. A wrong one counts. Before any unit: it takes a
/// tenth of a second.
bool Tickets::gave_call_pin(const Session& session, const IncomingCall& call, SubscriberId caller) {
  if (!call.pin || !call.proven || call_number(call).empty()) return false;
  const auto& methods = verification_.policy(reader_).methods;
  const auto rules = methods.find(call_pin_method);
  if (rules == methods.end() || !rules->second.roles.contains(session.role)) return false;
  const auto& channels = rules->second.channels;
  if ((!channels.empty() && !channels.contains(Channel::call)) || !reader_.call_pin(caller)) return false;
  return value_or_throw(verification_.check_pin(session, caller, {}, call.pin->digits)) == sdk::CodeCheck::right;
}

void Tickets::begin_call(Transaction& tx, const Session& session, const IncomingCall& call, bool pin_right,
                         Ticket& ticket) {
  record_call(tx, session, ticket);
  if (!ticket.subscriber) return;
  if (ticket.call_proven && !call.recording.empty())
    keep_recording(tx, session, ticket, call.recording, ticket.updated);
  if (pin_right && !tx.method_state(*ticket.subscriber, call_pin_method).locked)
    verification_.grant(tx, session, ticket, call_pin_method);
}

Result<TicketNumber> Tickets::put_call_onto(const Session& session, const IncomingCall& call,
                                            std::optional<SubscriberId> caller, TicketNumber existing) {
  const auto pin = guarded([&]() -> Result<bool> { return caller && gave_call_pin(session, call, *caller); });
  if (!pin) return std::unexpected(pin.error());
  const auto put = work_on_ticket(
      reader_, writer_, session, existing, "ticket.call", objection_to_take, [&](Transaction& tx, Ticket& ticket) {
        if (caller && ticket.subscriber != caller)
          throw FailureError({Code::refused, tr("The ticket is another subscriber's. Open a new one for this call.")});
        verification_.void_all(tx, ticket);
        ticket.call_number = call_number(call);
        ticket.call_proven.reset();
        if (call.proven && !ticket.call_number.empty()) ticket.call_proven = clock_.now();
        ticket.caller_is.clear();
        ticket.state = TicketState::open;
        ticket.assignee = session.operator_id;
        ticket.updated = clock_.now();
        begin_call(tx, session, call, *pin && ticket.subscriber == caller, ticket);
      });
  if (!put) return std::unexpected(put.error());
  return existing;
}

Result<> Tickets::take(const Session& session, TicketNumber number) {
  return work_on_ticket(reader_, writer_, session, number, "ticket.take", objection_to_take,
                        [&](Transaction& tx, Ticket& ticket) {
                          ticket.assignee = session.operator_id;
                          ticket.state = TicketState::open;
                          ticket.updated = clock_.now();
                          tx.record(record_of(session, record_type::ticket_taken, tx, ticket));
                        });
}

Result<> Tickets::note(const Session& session, TicketNumber number, const std::string& text) {
  const auto given = required_text(text, tr("Type the note first."));
  if (!given) return std::unexpected(given.error());
  return work_on_ticket(reader_, writer_, session, number, "ticket.note", objection_to_work,
                        [&](Transaction& tx, Ticket& ticket) {
                          ticket.updated = clock_.now();
                          add_note(tx, session, ticket, *given, ticket.updated);
                        });
}

Result<> Tickets::hand_over(const Session& session, TicketNumber number, const std::string& operator_name,
                            const std::string& note) {
  const bool noted = note.find_first_not_of(" \t\r\n") != std::string::npos;
  const Result<std::string> text = noted ? required_text(note, {}) : std::string{};
  if (!text) return std::unexpected(text.error());
  return work_on_ticket(
      reader_, writer_, session, number, "ticket.hand_over", objection_to_work, [&](Transaction& tx, Ticket& ticket) {
        Record record = record_of(session, record_type::ticket_handed_over, tx, ticket);
        ticket.assignee.reset();
        if (!operator_name.empty()) {
          const Operator next = colleague_called(tx, operator_name);
          ticket.assignee = next.id;
          record.fields[Tag::operator_name] = next.name;
        }
        if (noted) record.fields[Tag::note] = *text;
        ticket.updated = clock_.now();
        tx.record(std::move(record));
        if (!noted) return;
        TicketNote kept{.id = 0, .ticket = ticket.number, .author = session.name, .at = ticket.updated, .text = *text};
        tx.save(kept);
      });
}

Result<> Tickets::set_waiting(const Session& session, TicketNumber number, const std::string& for_what) {
  const auto text = required_text(for_what, tr("Say what the ticket waits for."));
  if (!text) return std::unexpected(text.error());
  return work_on_ticket(reader_, writer_, session, number, "ticket.wait", objection_to_work,
                        [&](Transaction& tx, Ticket& ticket) {
                          ticket.state = TicketState::waiting;
                          ticket.updated = clock_.now();
                          Record record = record_of(session, record_type::ticket_waiting, tx, ticket);
                          record.fields[Tag::reason] = *text;
                          tx.record(std::move(record));
                        });
}

Result<> Tickets::set_priority(const Session& session, TicketNumber number, Priority priority) {
  return work_on_ticket(reader_, writer_, session, number, "ticket.prioritise", objection_to_work,
                        [&](Transaction& tx, Ticket& ticket) {
                          ticket.priority = priority;
                          ticket.updated = clock_.now();
                          Record record = record_of(session, record_type::ticket_priority, tx, ticket);
                          record.fields[Tag::priority] = to_string(priority);
                          tx.record(std::move(record));
                        });
}

Result<> Tickets::close(const Session& session, TicketNumber number, const std::string& resolution) {
  const auto text = required_text(resolution, tr("Say how the ticket was solved before you close it."));
  if (!text) return std::unexpected(text.error());
  return work_on_ticket(reader_, writer_, session, number, "ticket.close", objection_to_work,
                        [&](Transaction& tx, Ticket& ticket) {
                          Record record = record_of(session, record_type::ticket_closed, tx, ticket);
                          record.fields[Tag::note] = *text;
                          tx.record(std::move(record));
                          ticket.state = TicketState::closed;
                          ticket.resolution = *text;
                          ticket.updated = clock_.now();
                          ticket.closed = ticket.updated;
                          verification_.void_all(tx, ticket);
                          close_openings(tx, ticket, ticket.updated);
                        });
}

Result<> Tickets::reopen(const Session& session, TicketNumber number, const std::string& reason) {
  const auto text = required_text(reason, tr("Give the reason for reopening the ticket."));
  if (!text) return std::unexpected(text.error());
  return work_on_ticket(reader_, writer_, session, number, "ticket.reopen", objection_to_reopen,
                        [&](Transaction& tx, Ticket& ticket) {
                          Record record = record_of(session, record_type::ticket_reopened, tx, ticket);
                          record.fields[Tag::reason] = *text;
                          tx.record(std::move(record));
                          ticket.state = TicketState::open;
                          ticket.resolution.clear();
                          ticket.closed.reset();
                          ticket.assignee = session.operator_id;
                          ticket.call_proven.reset();  // that call ended long ago
                          ticket.updated = clock_.now();
                        });
}

Result<> Tickets::correct_subscriber(const Session& session, TicketNumber number, SubscriberId right_one,
                                     const std::string& reason) {
  const auto text = required_text(reason, tr("Give the reason for changing the subscriber."));
  if (!text) return std::unexpected(text.error());
  return work_on_ticket(
      reader_, writer_, session, number, "ticket.correct_subscriber", objection_to_work, [&](Transaction& tx, Ticket& ticket) {
        require_subscriber(tx, right_one);
        if (ticket.subscriber == right_one)
          throw FailureError({Code::invalid, tr("The ticket is this subscriber's already.")});
        if (ticket.subscriber && has_counted_runs(tx, verification_.policy(tx), ticket))
          throw FailureError({Code::refused, tr("Something was done for the subscriber on this ticket, which stays theirs. Open a "
                                                "ticket for the other one.")});
        const auto record = [&](const char* side) {  // in the history of both
          Record made = record_of(session, record_type::ticket_corrected, tx, ticket);
          made.fields[Tag::state] = side;
          made.fields[Tag::reason] = *text;
          tx.record(std::move(made));
        };
        if (ticket.subscriber) record("from");
        verification_.void_all(tx, ticket);
        close_openings(tx, ticket, clock_.now());
        ticket.subscriber = right_one;  // who calls for somebody stays noted: only a new call brings a new caller
        ticket.updated = clock_.now();
        record("to");
      });
}

Result<> Tickets::caller_is_not_holder(const Session& session, TicketNumber number, const std::string& who) {
  const auto text = required_text(who, tr("Say who is calling for the holder."));
  if (!text) return std::unexpected(text.error());
  return work_on_ticket(reader_, writer_, session, number, "ticket.note_caller", objection_to_work,
                        [&](Transaction& tx, Ticket& ticket) {
                          Record record = record_of(session, record_type::ticket_caller, tx, ticket);
                          record.fields[Tag::caller] = *text;
                          tx.record(std::move(record));
                          verification_.void_all(tx, ticket);
                          ticket.caller_is = *text;
                          ticket.updated = clock_.now();
                          close_openings(tx, ticket, ticket.updated);
                        });
}

}  // namespace anahtar::core
