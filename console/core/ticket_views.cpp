// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <set>

#include "core/audit_trail.h"
#include "core/causes.h"
#include "core/masking.h"
#include "core/permission.h"
#include "core/ticket_rules.h"
#include "core/tickets.h"

namespace anahtar::core {
namespace {

constexpr int longest_timeline = 1000;
constexpr int longest_page = 500;

/// Display names, each read once.
class Names {
 public:
  explicit Names(Reader& reader) : reader_(reader) {}
  std::string of(const std::optional<OperatorId>& id) {
    if (!id) return {};
    return cached(by_id_, *id, [&] { return reader_.operator_by_id(*id); });
  }
  std::string of(const std::string& name) {
    if (name.empty()) return {};
    const std::string shown = cached(by_name_, name, [&] { return reader_.operator_named(name); });
    return shown.empty() ? name : shown;
  }

 private:
  template <class Map, class Key, class Read>
  static std::string cached(Map& map, const Key& key, Read read) {
    const auto known = map.find(key);
    if (known != map.end()) return known->second;
    const auto account = read();
    return map[key] = account ? account->display_name : std::string{};
  }

  Reader& reader_;
  std::map<OperatorId, std::string> by_id_;
  std::map<std::string, std::string> by_name_;
};

std::string text_in(const AuditRow& row) {
  for (const auto& [name, value] : row.fields)
    if (name == to_string(Tag::note) || name == to_string(Tag::reason) || name == to_string(Tag::caller)) return value;
  return {};
}

bool on_timeline(const AuditRow& row) {
  static const std::set<std::string> silent = {record_type::effect_intended, record_type::audit_viewed,
                                               record_type::subscriber_viewed, record_type::history_viewed,
                                               record_type::recordings_listed, record_type::pin_given};
  const bool other_side = row.type == record_type::ticket_corrected &&
                          std::ranges::count(row.fields, std::pair<std::string, std::string>("state", "from")) > 0;
  return !silent.contains(row.type) && !other_side;
}

std::string message_in(const AuditRow& row) {
  for (const auto& [name, value] : row.fields)
    if (name == to_string(Tag::message_id)) return value;
  return {};
}

/// Oldest first. One line tells a message's whole story: where it was queued, with what became of it since.
std::vector<TimelineEvent> events_of(AuditLog& audit, Names& names, const Titles& titles, AuditFilter filter,
                                     const std::vector<MessageStatus>& messages) {
  filter.limit = longest_timeline;
  auto rows = audit.list(filter);  // the newest, when there are too many
  std::ranges::reverse(rows);
  std::vector<TimelineEvent> events;
  for (const AuditRow& row : rows) {
    if (!on_timeline(row)) continue;
    const TicketNumber ticket = filter.subscriber ? row.ticket.value_or(0) : 0;
    const std::string id = message_in(row);
    const auto message = id.empty() ? messages.end() : std::ranges::find(messages, id, &MessageStatus::id);
    if (message != messages.end() && row.type != record_type::message_queued) continue;
    if (message != messages.end())
      events.push_back({row.time, names.of(row.actor), row.type, message->label, {}, message->sentence, ticket});
    else
      events.push_back({row.time, names.of(row.actor), row.type, sentence_of(row.type, row.fields, titles), text_in(row), {},
                        ticket});
  }
  return events;
}

}  // namespace

Result<std::vector<TicketLine>> Tickets::list(const Session& session, TicketFilter filter) {
  return guarded([&]() -> Result<std::vector<TicketLine>> {
    check_session(reader_, session);
    filter.me = session.operator_id;
    filter.limit = std::clamp(filter.limit, 1, longest_page);
    std::set<TicketNumber> asked;
    for (const Approval& request : reader_.waiting_approvals())
      if (request.expires > clock_.now()) asked.insert(request.ticket);
    std::set<TicketNumber> unheard;
    if (session.role == Role::supervisor)
      for (const TicketNumber number : reader_.tickets_missing_recording()) unheard.insert(number);
    Names names(reader_);
    std::vector<TicketLine> lines;
    for (const Ticket& ticket : reader_.tickets(filter)) {
      const auto subscriber = ticket.subscriber ? reader_.subscriber(*ticket.subscriber) : std::nullopt;
      lines.push_back({.number = ticket.number,
                       .subscriber = subscriber ? mask_name(subscriber->given_names + " " + subscriber->surname) : "",
                       .cause = cause_label(ticket.cause),
                       .state = ticket.state,
                       .priority = ticket.priority,
                       .channel = ticket.channel,
                       .assignee = names.of(ticket.assignee),
                       .mine = ticket.assignee == session.operator_id,
                       .waits_for_approval = asked.contains(ticket.number),
                       .recording_missing = unheard.contains(ticket.number),
                       .opened = ticket.opened,
                       .updated = ticket.updated});
    }
    return lines;
  });
}

Result<TicketCounts> Tickets::counts(const Session& session) {
  return guarded([&]() -> Result<TicketCounts> {
    check_session(reader_, session);
    return reader_.ticket_counts(session.operator_id);
  });
}

namespace {

/// Who could not be verified as somebody else may try again as the holder.
std::optional<TicketNumber> not_holder_lately(Reader& now, const Ticket& ticket, Time time) {
  constexpr std::chrono::hours lately{24};
  if (!ticket.subscriber) return {};
  for (const Ticket& each : now.tickets({.queue = TicketFilter::Queue::all, .subscriber = ticket.subscriber, .cause = {}, .before = {}}))
    if (each.number != ticket.number && !each.caller_is.empty() && each.updated + lately > time) return each.number;
  return {};
}

}  // namespace

Result<TicketView> Tickets::view(const Session& session, TicketNumber number, bool first_look) {
  return guarded([&]() -> Result<TicketView> {
    const auto may = permitted(reader_, writer_, session, desk_roles, "ticket.view");
    if (!may) return std::unexpected(may.error());
    TicketView view;
    view.ticket = ticket_or_throw(reader_, number);
    if (view.ticket.subscriber) {
      view.subscriber = value_or_throw(directory_.view(session, number, first_look));
      const auto subscriber = reader_.subscriber(*view.ticket.subscriber);
      view.call_is_registered_mobile = view.ticket.call_proven && subscriber && !subscriber->mobile.empty() && subscriber->mobile == view.ticket.call_number;
    }
    view.not_holder_on = not_holder_lately(reader_, view.ticket, clock_.now());
    Names names(reader_);
    view.cause = cause_label(view.ticket.cause);
    view.assignee = names.of(view.ticket.assignee);
    view.call = mask_mobile(view.ticket.call_number);
    view.verification = verification_.status(reader_, view.ticket);
    for (const OutboxMessage& message : reader_.messages({.ticket = number, .device = {}}))
      view.messages.push_back(status_of(message, clock_.now()));
    AuditFilter of_ticket;
    of_ticket.ticket = number;
    view.timeline = events_of(audit_, names, titles_, of_ticket, view.messages);
    view.recordings = reader_.recordings(number);
    return view;
  });
}

Result<std::vector<TimelineEvent>> Tickets::history(const Session& session, SubscriberId id) {
  return guarded([&]() -> Result<std::vector<TimelineEvent>> {
    if (const auto may = permitted(reader_, writer_, session, desk_roles, "subscriber.history"); !may)
      return std::unexpected(may.error());
    const auto subscriber = reader_.subscriber(id);
    if (!subscriber) return failure(Code::not_found, tr("There is no subscriber #{1}.", std::to_string(id)));
    const auto recorded = writer_.commit([&](Transaction& tx) -> Result<void> {
      check_session(tx, session);
      Record record = record_of(session, record_type::history_viewed);
      record.subject = subscriber->pseudonym;
      tx.record(std::move(record));
      return {};
    });
    if (!recorded) return std::unexpected(recorded.error());
    Names names(reader_);
    AuditFilter of_subscriber;
    of_subscriber.subscriber = id;
    return events_of(audit_, names, titles_, of_subscriber, {});
  });
}

}  // namespace anahtar::core
