// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run_context.h"

#include "core/commit_unit.h"

namespace anahtar::core {

Gate::Pass Gate::enter() {
  const std::lock_guard lock(mutex_);
  if (closed_) throw sdk::Cancelled();
  ++inside_;
  return Pass(*this);
}

void Gate::leave() {
  const std::lock_guard lock(mutex_);
  if (--inside_ == 0) empty_.notify_all();
}

void Gate::close() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  empty_.wait(lock, [&] { return inside_ == 0; });
}

void Evidence::add(const std::string& method, Time seen) {
  const std::lock_guard lock(mutex_);
  seen_[method] = seen;
}

std::optional<Time> Evidence::seen(const std::string& method) const {
  const std::lock_guard lock(mutex_);
  const auto found = seen_.find(method);
  return found == seen_.end() ? std::nullopt : std::optional(found->second);
}

void OpenQuestion::ask(Record if_nobody_tells) {
  const std::lock_guard lock(mutex_);
  record_ = std::move(if_nobody_tells);
}

void OpenQuestion::settled() {
  const std::lock_guard lock(mutex_);
  record_.reset();
}

void OpenQuestion::settled_by(const std::function<void()>& work) {
  auto before = open();
  settled();  // first: the run may be given up, and its end recorded, while the answer is
  try {
    work();
  } catch (...) {
    if (before) ask(std::move(*before));
    throw;
  }
}

std::optional<Record> OpenQuestion::open() const {
  const std::lock_guard lock(mutex_);
  return record_;
}

void RunContext::check_alive() const {
  if (revoked || (stop.stop_requested() && !must_finish)) throw sdk::Cancelled();
}

Gate::Pass RunContext::enter() const {
  check_alive();
  return gate->enter();
}

Ticket RunContext::ticket_now(Reader& now) const {
  const auto ticket = now.ticket(at_start.number);
  if (!ticket) throw sdk::Failed(tr("The ticket is gone."));
  if (const auto refusal = refusal_of_changed_ticket(at_start, *ticket)) throw sdk::Failed(refusal->sentence);
  // Before an answer is compared, not after: else the refusal would tell that it was right.
  if (action.is_method() && session.role != Role::supervisor && ticket->assignee != at_start.assignee)
    throw sdk::Failed(tr("Somebody else has the ticket now. What was asked here does not count."));
  return *ticket;
}

Record RunContext::record(const char* type, Reader& now, const Ticket& ticket) const {
  Record record = record_of(session, type, now, ticket);
  record.fields[Tag::run] = id;
  record.fields[Tag::action] = action.id();
  return record;
}

bool RunContext::may_be_spoken() const {
  const auto& actions = parts.verification.policy(parts.reader).actions;
  const auto policy = actions.find(action.id());
  return policy != actions.end() && policy->second.spoken;
}

void RunContext::count(Transaction& tx) const {
  auto row = tx.action_run(id);
  if (!row || row->ended) return;
  row->outcome = counted;
  tx.save(*row);
}

void RunContext::commit(const std::function<void(Transaction&)>& work) const {
  std::optional<sdk::Failed> stopped;
  const auto committed = commit_unit(parts.writer, [&](Transaction& tx) -> Result<> {
    stopped.reset();
    try {
      work(tx);
      return {};
    } catch (const sdk::Failed& failed) {
      stopped = failed;
      return failure(Code::refused, failed.sentence);
    }
  });
  if (stopped) throw *stopped;
  value_or_throw(committed);
}

void RunContext::commit_on_ticket(const std::function<void(Transaction&, const Ticket&)>& work) const {
  commit([&](Transaction& tx) {
    check_session(tx, session);
    const auto ticket = tx.ticket(at_start.number);
    if (!ticket) throw sdk::Failed(tr("The ticket is gone."));
    work(tx, *ticket);
  });
}

void RunContext::commit_checked(const CheckedWork& work) const {
  commit_checked(work, [this](Reader& now, const Ticket& ticket) { return record(record_type::action_refused, now, ticket); });
}

void RunContext::commit_checked(const CheckedWork& work, const std::function<Record(Reader&, const Ticket&)>& record_of_refusal) const {
  std::optional<Refusal> refusal;
  commit([&](Transaction& tx) {
    const auto ticket = tx.ticket(at_start.number);
    refusal = refusal_now(tx);
    if (!refusal) refusal = work(tx, *ticket);
    if (!refusal) return;
    Record refused = record_of_refusal(tx, ticket.value_or(at_start));
    refused.fields[Tag::refusal] = refusal->rule;
    tx.record(std::move(refused));
  });
  if (refusal) throw sdk::Failed(std::move(refusal->sentence));
}

bool is_at_work(const ActionParts& parts, const std::string& run) {
  return parts.outside.run_locks != nullptr && parts.outside.run_locks->is_held(run);
}

bool may_still_run(const ActionRunRow& row, const ActionParts& parts) {
  constexpr std::chrono::hours longest{1};  // nobody waits longer
  if (row.device != parts.writer.device()) return row.started + longest > parts.clock.now();
  return is_at_work(parts, row.id);
}

std::optional<Refusal> refusal_of_changed_ticket(const Ticket& at_start, const Ticket& now) {
  const bool same_call = now.call_number == at_start.call_number && now.call_proven == at_start.call_proven;
  if (same_call && now.subscriber == at_start.subscriber && now.caller_is == at_start.caller_is) return {};
  return Refusal{"state", tr("The ticket's subscriber or caller was changed meanwhile. Start the action again.")};
}

}  // namespace anahtar::core
