// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ticket_rules.h"

#include <algorithm>

#include "core/permission.h"
#include "core/utf8.h"

namespace anahtar::core {
namespace {

constexpr std::size_t longest_text = 4000;

bool is_anothers(const Session& session, const Ticket& ticket) {
  return ticket.assignee && *ticket.assignee != session.operator_id;
}

std::optional<Objection> objection_to_role(const Session& session) {
  if (std::ranges::find(desk_roles, session.role) != desk_roles.end()) return std::nullopt;
  return Objection{"role", {Code::not_permitted, tr("Your role may not work on tickets.")}};
}

std::optional<Objection> objection_to_closed(const Ticket& ticket) {
  if (ticket.state != TicketState::closed) return std::nullopt;
  return Objection{"closed", {Code::refused, tr("The ticket is closed. Reopen it first.")}};
}

}  // namespace

std::optional<Objection> objection_to_work(const Session& session, const Ticket& ticket) {
  if (auto no = objection_to_role(session)) return no;
  if (auto no = objection_to_closed(ticket)) return no;
  if (session.role == Role::supervisor) return std::nullopt;
  if (!ticket.assignee) return Objection{"assignee", {Code::refused, tr("Nobody has this ticket. Take it first.")}};
  if (is_anothers(session, ticket))
    return Objection{"assignee", {Code::refused, tr("Another operator has this ticket. A supervisor can hand it over.")}};
  return std::nullopt;
}

std::optional<Objection> objection_to_take(const Session& session, const Ticket& ticket) {
  if (auto no = objection_to_role(session)) return no;
  if (auto no = objection_to_closed(ticket)) return no;
  if (session.role == Role::supervisor || !is_anothers(session, ticket)) return std::nullopt;
  return Objection{"assignee", {Code::refused, tr("Another operator has this ticket. A supervisor can hand it over.")}};
}

std::optional<Objection> objection_to_reopen(const Session& session, const Ticket& ticket) {
  if (auto no = objection_to_role(session)) return no;
  if (ticket.state == TicketState::closed) return std::nullopt;
  return Objection{"state", {Code::refused, tr("The ticket is open already.")}};
}

Ticket ticket_or_throw(Reader& now, TicketNumber number) {
  auto ticket = now.ticket(number);
  if (!ticket) throw FailureError({Code::not_found, tr("There is no ticket {1}.", std::to_string(number))});
  return *ticket;
}

Result<> work_on_ticket(Reader& reader, Writer& writer, const Session& session, TicketNumber number, const char* what,
                        TicketRule rule, const std::function<void(Transaction&, Ticket&)>& change) {
  return guarded([&]() -> Result<> {
    if (auto may = permitted(reader, writer, session, desk_roles, what); !may) return may;
    std::optional<Failure> refused;
    const auto committed = writer.commit([&](Transaction& tx) -> Result<void> {
      refused.reset();
      check_session(tx, session);
      Ticket ticket = ticket_or_throw(tx, number);
      if (const auto no = rule(session, ticket)) {
        refused = no->why;
        Record record = record_of(session, record_type::action_refused, tx, ticket);
        record.fields[Tag::action] = what;
        record.fields[Tag::refusal] = no->rule;
        tx.record(std::move(record));
        return {};
      }
      change(tx, ticket);
      tx.save(ticket);
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    if (refused) return std::unexpected(*refused);
    return {};
  });
}

Result<std::string> required_text(const std::string& typed, Text missing) {
  const auto begin = typed.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return failure(Code::invalid, std::move(missing));
  std::string text = typed.substr(begin, typed.find_last_not_of(" \t\r\n") - begin + 1);
  const auto characters = count_characters(text);
  if (!characters) return failure(Code::invalid, tr("The text has characters that cannot be read. Type it again."));
  if (*characters > longest_text)
    return failure(Code::invalid, tr("The text is too long. It may have {1} characters.", std::to_string(longest_text)));
  return text;
}

}  // namespace anahtar::core
