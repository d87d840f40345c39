// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/directory.h"

#include <algorithm>

#include "core/iso_time.h"
#include "core/masking.h"
#include "core/permission.h"
#include "core/phone.h"
#include "core/ticket_rules.h"
#include "core/verification.h"

namespace anahtar::core {
namespace {

constexpr std::chrono::minutes open_for{5};
constexpr int most_results = 200;
constexpr std::initializer_list<Role> everybody = {Role::operator_, Role::supervisor, Role::field, Role::administrator};

const char* name_of(SubscriberQuery::Kind kind) {
  switch (kind) {
    case SubscriberQuery::Kind::id: return "id";
    case SubscriberQuery::Kind::national_id: return "national_id";
    case SubscriberQuery::Kind::mobile: return "mobile";
    case SubscriberQuery::Kind::email: return "email";
    case SubscriberQuery::Kind::name: return "name";
  }
  return "";
}

std::string full_name(const Subscriber& subscriber) { return subscriber.given_names + " " + subscriber.surname; }

constexpr char card_locked[] = "card_locked";
constexpr int most_open_tickets = 8;  // of one subscriber: more are not looked through

SubscriberLine line_of(Reader& now, const Session& session, const Subscriber& subscriber) {
  SubscriberLine line{.id = subscriber.id,
                      .name = mask_name(full_name(subscriber)),
                      .national_id = mask_national_id(subscriber.national_id),
                      .mobile = mask_mobile(subscriber.mobile),
                      .blocked = false,
                      .open_ticket = {}};
  if (const auto account = now.portal_account(subscriber.id)) line.blocked = account->blocked;
  const auto open = now.tickets({.queue = TicketFilter::Queue::open, .me = 0, .subscriber = subscriber.id, .cause = {},
                                 .before = {}, .limit = most_open_tickets});
  if (open.empty()) return line;
  line.open_ticket = open.front().number;
  const auto at_desk = std::ranges::find_if(open, [&](const Ticket& each) {
    return each.channel == Channel::desk && each.cause == card_locked && each.caller_is.empty() && each.assignee == session.operator_id;
  });
  if (at_desk != open.end()) line.open_desk_ticket = at_desk->number;
  const auto& assignee = open.front().assignee;
  if (!assignee || *assignee == session.operator_id || session.role == Role::supervisor) return line;
  if (const auto colleague = now.operator_by_id(*assignee)) line.open_ticket_with = colleague->display_name;
  return line;
}

/// A verification of the first level must not show what answers the questions of a higher one.

/// What of a subscriber may be shown: nothing, what identifies them, or the answers to the registry's questions as well.
struct Openness {
  bool data = false;
  bool answers = false;
};

std::vector<DataRow> rows_of(const Subscriber& s, Openness open) {
  std::vector<DataRow> rows;
  const auto add = [&](const char* id, Text label, const std::string& value, const std::string& masked) {
    rows.push_back({id, std::move(label), open.data ? value : masked, !open.data});
  };
  const auto answer = [&](const char* id, Text label, const std::string& value, bool ever = true) {
    const bool shown = ever && open.data && open.answers;
    if (!value.empty()) rows.push_back({id, std::move(label), shown ? value : mask_all(value), !shown});
  };
  add("name", tr("Name"), full_name(s), mask_name(full_name(s)));
  add("national_id", tr("T.C. Kimlik No"), s.national_id, mask_national_id(s.national_id));
  add("mobile", tr("Mobile"), pretty_phone(s.mobile), mask_mobile(s.mobile));
  add("email", tr("E-mail"), s.email, mask_email(s.email));
  answer("birth_date", tr("Date of birth"), s.civil.birth_date);
  answer("birth_place", tr("Place of birth"), s.civil.birth_place);
  answer("mother_name", tr("Mother's name"), s.civil.mother_name);
  answer("father_name", tr("Father's name"), s.civil.father_name);
  answer("registry_province", tr("Province of registry"), s.civil.registry_province);
  answer("registry_district", tr("District of registry"), s.civil.registry_district);
  answer("volume_number", tr("Volume no."), s.civil.volume_number);
  answer("family_number", tr("Family no."), s.civil.family_number);
  answer("order_number", tr("Order no."), s.civil.order_number);
  answer("document_serial", tr("Identity card's serial"), s.civil.document_serial, false);  // read from the card in hand
  return rows;
}

SubscriberView view_of(Reader& now, const Subscriber& subscriber, Openness open) {
  SubscriberView view;
  view.id = subscriber.id;
  view.rows = rows_of(subscriber, open);
  view.name = open.data ? full_name(subscriber) : mask_name(full_name(subscriber));
  view.mobile = open.data ? pretty_phone(subscriber.mobile) : mask_mobile(subscriber.mobile);
  if (const auto account = now.portal_account(subscriber.id)) {
    view.blocked = account->blocked;
    view.failed_tries = account->failed_tries;
    view.blocked_at = account->blocked_at;
  }
  for (const Card& card : now.cards(subscriber.id)) view.cards.push_back({card.serial, card.model, card.state, card.produced});
  for (const Certificate& c : now.certificates(subscriber.id))
    view.certificates.push_back({c.serial, c.card_serial, c.state, c.not_before, c.not_after});
  return view;
}

Subscriber subscriber_or_throw(Reader& now, SubscriberId id) {
  auto subscriber = now.subscriber(id);
  if (!subscriber) throw FailureError({Code::not_found, tr("There is no subscriber #{1}.", std::to_string(id))});
  return *subscriber;
}

SubscriberId subscriber_of(const Ticket& ticket) {
  if (!ticket.subscriber)
    throw FailureError({Code::not_found, tr("The ticket has no subscriber yet. Find the caller first.")});
  return *ticket.subscriber;
}

std::optional<Time> open_until(Reader& now, const Session& session, const Ticket& ticket, Time time) {
  if (objection_to_work(session, ticket)) return std::nullopt;
  const auto opening = now.opening(ticket.number, session.operator_id);
  if (!opening || opening->subscriber != ticket.subscriber || opening->until <= time) return std::nullopt;
  return opening->until;
}

bool may_see_answers(Reader& now, const Ticket& ticket, Time time) {
  return ticket.caller_is.empty() && std::ranges::any_of(now.verifications(ticket.number), [&](const Verification& v) {
           return !v.voided && v.subscriber == ticket.subscriber && v.level >= level_that_opens_answers && v.expires > time &&
                  v.granted <= time + clock_tolerance;
         });
}

void record_look(Writer& writer, const Session& session, const std::function<Record(Transaction&)>& what) {
  const auto recorded = writer.commit([&](Transaction& tx) -> Result<void> {
    check_session(tx, session);
    tx.record(what(tx));
    return {};
  });
  if (!recorded) throw FailureError(recorded.error());
}

}  // namespace

Directory::Directory(Reader& reader, Writer& writer, const Clock& clock) : reader_(reader), writer_(writer), clock_(clock) {}

Result<std::vector<SubscriberLine>> Directory::find(const Session& session, const std::string& typed, int limit) {
  return guarded([&]() -> Result<std::vector<SubscriberLine>> {
    const auto may = permitted(reader_, writer_, session, everybody, "subscribers.find");
    if (!may) return std::unexpected(may.error());
    const auto query = recognise_query(typed);
    if (!query) return std::unexpected(query.error());
    std::vector<SubscriberLine> lines;
    for (const Subscriber& found : reader_.subscribers(*query, std::clamp(limit, 1, most_results)))
      lines.push_back(line_of(reader_, session, found));
    record_look(writer_, session, [&](Transaction&) {
      Record record = record_of(session, record_type::subscriber_searched);
      record.fields[Tag::query_kind] = name_of(query->kind);
      record.fields[Tag::query] = query->value;
      record.fields[Tag::count] = std::to_string(lines.size());
      return record;
    });
    return lines;
  });
}

std::vector<SubscriberLine> Directory::callers_of(const Session& session, const std::string& number, int limit) {
  return lines_of(session, {SubscriberQuery::Kind::mobile, number}, limit);
}

std::vector<SubscriberLine> Directory::lines_of(const Session& session, const SubscriberQuery& query, int limit) {
  std::vector<SubscriberLine> lines;
  for (const Subscriber& found : reader_.subscribers(query, limit))
    lines.push_back(line_of(reader_, session, found));
  return lines;
}

Result<SubscriberView> Directory::show(const Session& session, SubscriberId id) {
  return guarded([&]() -> Result<SubscriberView> {
    const auto may = permitted(reader_, writer_, session, everybody, "subscribers.show");
    if (!may) return std::unexpected(may.error());
    const Subscriber subscriber = subscriber_or_throw(reader_, id);
    record_look(writer_, session, [&](Transaction&) {
      Record record = record_of(session, record_type::subscriber_viewed);
      record.subject = subscriber.pseudonym;
      return record;
    });
    return view_of(reader_, subscriber, {});
  });
}

Result<SubscriberView> Directory::view(const Session& session, TicketNumber number, bool record_view) {
  return guarded([&]() -> Result<SubscriberView> {
    const auto may = permitted(reader_, writer_, session, desk_roles, "ticket.view");
    if (!may) return std::unexpected(may.error());
    const Ticket ticket = ticket_or_throw(reader_, number);
    const Subscriber subscriber = subscriber_or_throw(reader_, subscriber_of(ticket));
    if (record_view)
      record_look(writer_, session,
                  [&](Transaction& tx) { return record_of(session, record_type::subscriber_viewed, tx, ticket); });
    const Time time = clock_.now();
    const auto until = open_until(reader_, session, ticket, time);
    const bool answers = until && may_see_answers(reader_, ticket, time);
    SubscriberView view = view_of(reader_, subscriber, {.data = until.has_value(), .answers = answers});
    view.opened_until = until;
    return view;
  });
}

Result<Time> Directory::open_data(const Session& session, TicketNumber number, const std::string& reason) {
  const auto text = required_text(reason, tr("Give the reason for opening the data."));
  if (!text) return std::unexpected(text.error());
  Time until{};
  const auto opened = work_on_ticket(
      reader_, writer_, session, number, "subscriber.open_data", objection_to_work, [&](Transaction& tx, Ticket& ticket) {
        until = clock_.now() + open_for;
        Opening opening = tx.opening(ticket.number, session.operator_id).value_or(Opening{});
        opening.ticket = ticket.number;
        opening.subscriber = subscriber_of(ticket);
        opening.operator_id = session.operator_id;
        opening.until = until;
        Record record = record_of(session, record_type::data_opened, tx, ticket);
        record.fields[Tag::reason] = *text;
        record.fields[Tag::until] = iso_utc(until);
        tx.record(std::move(record));
        tx.save(opening);
      });
  if (!opened) return std::unexpected(opened.error());
  return until;
}

}  // namespace anahtar::core
