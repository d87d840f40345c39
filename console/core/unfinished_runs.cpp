// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that started and never ended: who sees them, and how a supervisor settles one.
#include <algorithm>

#include "core/actions_implementation.h"
#include "core/commit_unit.h"
#include "core/tickets.h"

namespace anahtar::core {
namespace {

bool may_see(const Session& session, const ActionRunRow& row) {
  return row.operator_id == session.operator_id || session.role == Role::supervisor ||
         session.role == Role::administrator;
}

Record refused_to_resolve(const Session& session, Reader& now, const ActionRunRow& row) {
  const auto ticket = now.ticket(row.ticket);
  Record record = ticket ? record_of(session, record_type::action_refused, now, *ticket)
                         : record_of(session, record_type::action_refused);
  record.fields.insert({{Tag::action, "action.resolve"}, {Tag::run, row.id}, {Tag::refusal, "role"}});
  return record;
}

}  // namespace

Result<std::vector<Actions::Unfinished>> Actions::Implementation::unfinished(const Session& session) const {
  return guarded([&]() -> Result<std::vector<Unfinished>> {
    check_session(parts.reader, session);
    std::vector<Unfinished> found;
    for (const ActionRunRow& row : parts.reader.open_runs()) {
      if (runs(row.id) || !may_see(session, row) || may_still_run(row, parts)) continue;
      const KnownAction* action = find(row.action);
      const auto by = parts.reader.operator_by_id(row.operator_id);
      found.push_back({row.id, row.action, by ? by->name : "",
                       action ? action->action.title : sdk::verbatim(row.action), row.ticket, row.started});
    }
    return found;
  });
}

void Actions::mark_unfinished(std::vector<TicketLine>& lines, const std::vector<Unfinished>& runs) {
  for (TicketLine& line : lines)
    line.unfinished = std::ranges::find(runs, line.number, &Unfinished::ticket) != runs.end();
}

Result<> Actions::Implementation::resolve(const Session& session, const std::string& run,
                                          const std::string& what_happened) const {
  if (what_happened.find_first_not_of(" \t\r\n") == std::string::npos)
    return failure(Code::invalid, tr("Say what became of the action."));
  if (runs(run) || is_at_work(parts, run)) return failure(Code::conflict, tr("The action is still running. Cancel it first."));
  std::optional<Failure> refusal;
  const auto committed = commit_unit(parts.writer, [&](Transaction& tx) -> Result<> {
    refusal.reset();
    check_session(tx, session);
    auto row = tx.action_run(run);
    if (!row) return failure(Code::not_found, tr("There is no such run."));
    if (row->ended) return failure(Code::conflict, tr("The action has ended already."));
    if (session.role != Role::supervisor) {
      tx.record(refused_to_resolve(session, tx, *row));
      refusal = Failure{Code::not_permitted, tr("Only a supervisor settles an unfinished action.")};
      return {};
    }
    const auto ticket = tx.ticket(row->ticket);
    Record record = ticket ? record_of(session, record_type::action_resolved, tx, *ticket)
                           : record_of(session, record_type::action_resolved);
    record.fields[Tag::run] = run;
    record.fields[Tag::action] = row->action;
    record.fields[Tag::reason] = what_happened;
    tx.record(std::move(record));
    row->ended = parts.clock.now();
    if (row->outcome != counted) row->outcome = "resolved";
    tx.save(*row);
    return {};
  });
  if (!committed) return committed;
  if (refusal) return std::unexpected(*refusal);
  return {};
}

}  // namespace anahtar::core
