// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>

#include "core/session.h"

namespace anahtar::core {

/// Who works on subscribers' tickets. Administrators do not.
inline constexpr std::initializer_list<Role> desk_roles = {Role::operator_, Role::supervisor, Role::field};

/// A rule that says no: its name for the record ("role", "closed", "assignee") and the sentence for people.
struct Objection {
  const char* rule;
  Failure why;
};

/// What stands against working on an open ticket: it must be one's own, or one must be a supervisor.
std::optional<Objection> objection_to_work(const Session& session, const Ticket& ticket);
/// What stands against taking it: another operator's ticket is taken over by a supervisor only.
std::optional<Objection> objection_to_take(const Session& session, const Ticket& ticket);
/// What stands against opening a closed ticket again.
std::optional<Objection> objection_to_reopen(const Session& session, const Ticket& ticket);

using TicketRule = std::optional<Objection> (*)(const Session&, const Ticket&);

/// Runs `change` on the ticket inside one unit, after the session, the role and `rule` have been checked there; a refusal
/// is recorded as action.refused with `what` (e.g. "ticket.close"). The change records; the ticket is saved after it.
Result<> work_on_ticket(Reader& reader, Writer& writer, const Session& session, TicketNumber number, const char* what,
                        TicketRule rule, const std::function<void(Transaction&, Ticket&)>& change);

/// The ticket, or throws Code::not_found.
Ticket ticket_or_throw(Reader& now, TicketNumber number);

/// Free text without the white space around it; Code::invalid with `missing` when there is none, or when it is too long or
/// no UTF-8.
Result<std::string> required_text(const std::string& typed, Text missing);

}  // namespace anahtar::core
