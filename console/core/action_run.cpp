// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/action_run.h"

#include <thread>

#include "core/action_desk.h"
#include "core/approval_rules.h"
#include "core/commit_unit.h"

namespace anahtar::core {
namespace {

Ending failed(Code code, Text sentence, std::string detail = {}) {
  return {"failed", failure(code, std::move(sentence)), {}, std::move(detail)};
}

Ending cancelled() {
  return {"cancelled", failure(Code::cancelled, tr("The action was cancelled. The subscriber's data are as they were."))};
}

Ending abandoned() {
  return {"abandoned", failure(Code::cancelled, tr("The action was given up. Whatever it still does has no effect."))};
}

Ending ending_of(sdk::Outcome outcome) {
  switch (outcome.kind) {
    case sdk::Outcome::Kind::refused:
      return {"refused", failure(Code::refused, std::move(outcome.sentence))};
    case sdk::Outcome::Kind::done:
      return {"done", std::move(outcome.sentence)};
    case sdk::Outcome::Kind::proposed:
      break;
  }
  if (!outcome.change) return failed(Code::internal, tr("The action asked for a change without saying which."));
  return {"done", std::move(outcome.sentence), std::move(outcome.change)};
}

/// The one place where whatever an action throws ends.
Ending ending_of_current_exception() {
  const auto defect = [] { return tr("The action stopped because of a defect in its plugin. Nothing was changed."); };
  try {
    throw;
  } catch (const sdk::Cancelled&) {
    return cancelled();
  } catch (const sdk::Failed& error) {
    return failed(Code::unavailable, error.sentence);
  } catch (const sdk::PortNotDeclared& error) {
    return failed(Code::internal,
                  tr("The action used a part of the console that it did not declare. Nothing was changed."),
                  error.what());
  } catch (const FailureError& error) {
    return failed(error.failure.code, error.failure.sentence);
  } catch (const std::exception& error) {
    return failed(Code::internal, defect(), error.what());
  } catch (...) {
    return failed(Code::internal, defect(), "something that is not an exception was thrown");
  }
}

/// Nobody may read "nothing was changed" when something outside was done.
Result<Text> stopped_after_it_acted(const Ending& ending) {
  return failure(ending.result.error().code,
                 tr("The action stopped after it had worked on the card. The record says what was done to the card."));
}

Failure not_recorded(const Failure& cause) {
  return {cause.code, tr("The end of the action could not be recorded; it is shown as unfinished. Detail: {1}",
                         sdk::fill(cause.sentence.id, cause.sentence.args))};
}

}  // namespace

Run::Run(std::unique_ptr<RunContext> context, const ActionRules& rules, std::function<void()> on_end)
    : context_(std::move(context)), rules_(rules), on_end_(std::move(on_end)) {
  context_->refusal_now = [this](Transaction& tx) -> std::optional<Refusal> {
    const auto ticket = tx.ticket(context_->at_start.number);
    if (auto refusal = refusal_now(tx, ticket)) return refusal;
    const auto& actions = context_->parts.verification.policy(tx).actions;
    const auto policy = actions.find(context_->action.id());
    if (policy != actions.end() && rules_.needs_approval(tx, policy->second, *ticket))
      return Refusal{"waiting", tr("The policy wants a second person for this, and what is done to a card cannot wait.")};
    return {};
  };
}

void Run::begin() {
  try {
    std::thread([self = shared_from_this()] { self->work(); }).detach();
  } catch (const std::system_error&) {
    if (claim()) conclude(failed(Code::unavailable, tr("The computer could not start another thread. Try again.")));
  }
}

void Run::work() {
  Ending ending = call_action();
  if (claim()) conclude(std::move(ending));  // else it was abandoned, and came back late
}

Ending Run::call_action() {
  try {
    RunDesk desk(*context_);
    return ending_of(context_->action.action.run(desk));
  } catch (...) {
    return ending_of_current_exception();
  }
}

/// Whoever gets it ends the run; nobody else does.
bool Run::claim() {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::running) return false;
  phase_ = Phase::concluding;
  return true;
}

void Run::cancel() {
  {
    const std::lock_guard lock(mutex_);
    if (phase_ != Phase::running) return;
  }
  context_->stop.request_stop();  // calls back into the conversation: not under the lock
}

void Run::abandon() {
  if (!claim()) return;
  context_->revoked = true;
  context_->stop.request_stop();
  try {
    std::thread([self = shared_from_this()] { self->conclude(abandoned()); }).detach();
  } catch (const std::system_error&) {
    conclude(abandoned());
  }
}

void Run::conclude(Ending ending) noexcept {
  if (ending.outcome != "abandoned" && context_->stop.stop_requested() && !(context_->acted && ending.result))
    ending = cancelled();
  if (context_->acted && !ending.result && ending.outcome != "refused") ending.result = stopped_after_it_acted(ending);
  Result<Text> result = settle(ending);
  context_->lock.reset();
  {
    const std::lock_guard lock(mutex_);
    result_ = result;
  }
  on_end_();
  try {
    context_->conversation->ended(result);
  } catch (...) {
    // A window that cannot show the end has nobody to tell.
  }
  const std::lock_guard lock(mutex_);
  phase_ = Phase::ended;
  changed_.notify_all();
}

Result<Text> Run::settle(const Ending& ending) {
  if (!ending.change) return record_end(ending);
  Applied applied;
  const auto committed = apply(ending, applied);
  if (!committed) return record_end(failed(committed.error().code, committed.error().sentence));
  if (applied.refusal) return std::unexpected(applied.refusal->failure());
  request_ = applied.request;
  if (applied.request != 0)
    return tr("Waiting for approval (request {1}): nothing is changed until a supervisor agrees.",
              std::to_string(applied.request));
  return carry_out_effects(ending, applied.effects);
}

/// Judges the change again and applies it or has it wait, together with the run's end: one unit, so there is no change
/// without its end. A failure means that nothing was changed and nothing recorded.
Result<> Run::apply(const Ending& ending, Applied& applied) const {
  const Prepared prepared = prepare_change(*ending.change, context_->parts.vault);
  return commit_unit(context_->parts.writer, [&](Transaction& tx) -> Result<> {
    applied = {};
    const auto ticket = tx.ticket(context_->at_start.number);
    const Ticket& subject = ticket ? *ticket : context_->at_start;
    const ChangeContext change{tx,           context_->parts, context_->session, context_.get(), context_->action.id(),
                               context_->id, subject,         *ending.change,    prepared,       applied.effects};
    applied.refusal = refusal_now(tx, ticket);
    if (!applied.refusal) applied.refusal = refusal_of_change(change);
    if (applied.refusal) {
      Record record = context_->record(record_type::action_refused, tx, subject);
      record.fields[Tag::refusal] = applied.refusal->rule;
      record.fields[Tag::change_kind] = ending.change->kind.substr(0, 64);
      tx.record(std::move(record));
    } else if (!context_->action.is_method() && rules_.needs_approval(tx, change.policy(), subject)) {
      applied.request = request_approval(change, ending.result.value_or(Text{})).number;
    } else {
      apply_change(change);
    }
    end(tx, subject, applied.refusal ? "refused" : applied.request != 0 ? "waiting" : "done", {});
    return {};
  });
}

/// After the commit: what the change left to be done outside. The change stands whatever comes of it.
Result<Text> Run::carry_out_effects(const Ending& ending, Effects& effects) const {
  if (!effects.spoken.empty()) speak(effects.spoken);
  if (auto lost = send_off(context_->parts.outside, effects.messages))
    return failure(Code::unavailable, std::move(*lost));
  return ending.result;
}

void Run::speak(const Secret& secret) const {
  const char* type = record_type::effect_happened;
  try {
    context_->conversation->reveal(secret, sdk::Audience::operator_);
  } catch (...) {  // it may have been seen before the window went
    type = record_type::effect_unknown;
  }
  // A failed commit leaves the intention without an end, which the audit log shows.
  (void)commit_unit(context_->parts.writer, [&](Transaction& tx) -> Result<> {
    const auto ticket = tx.ticket(context_->at_start.number).value_or(context_->at_start);
    Record record = context_->record(type, tx, ticket);
    record.fields[Tag::message_kind] = "security_word_spoken";
    tx.record(std::move(record));
    return {};
  });
}

/// What held at the start must hold now: the operator may have been disabled, the verification may have run out, the
/// ticket may be about somebody else.
std::optional<Refusal> Run::refusal_now(Transaction& tx, const std::optional<Ticket>& ticket) const {
  try {
    check_session(tx, context_->session);
  } catch (const FailureError& error) {
    return Refusal{"session", error.failure.sentence, error.failure.code};
  }
  const auto row = tx.action_run(context_->id);
  if (!row || row->ended)
    return Refusal{"state", tr("A supervisor has settled this run already. Nothing was changed.")};
  if (!ticket) return Refusal{"state", tr("The ticket is gone.")};
  if (auto refusal = refusal_of_changed_ticket(context_->at_start, *ticket)) return refusal;
  return rules_.check(tx, context_->session, *ticket, context_->action, row->outcome == counted ? 1 : 0);
}

Result<Text> Run::record_end(const Ending& ending) const {
  const auto recorded = commit_unit(context_->parts.writer, [&](Transaction& tx) -> Result<> {
    end(tx, tx.ticket(context_->at_start.number).value_or(context_->at_start), ending.outcome, ending.detail);
    return {};
  });
  if (recorded) return ending.result;
  if (!ending.result && ending.outcome != "refused") return ending.result;  // its own sentence says more
  return std::unexpected(not_recorded(recorded.error()));
}

void Run::end(Transaction& tx, const Ticket& ticket, const std::string& outcome, const std::string& detail) const {
  Record record = context_->record(record_type::action_ended, tx, ticket);
  record.fields[Tag::outcome] = outcome;
  if (!detail.empty()) record.fields[Tag::detail] = detail.substr(0, 2000);
  if (auto untold = context_->question.open()) tx.record(std::move(*untold));
  tx.record(std::move(record));
  const bool stands = outcome == "done" || outcome == "waiting";
  if (!stands) withdraw_unsent(tx, ticket);
  auto row = tx.action_run(context_->id);
  if (!row || row->ended) return;
  row->ended = context_->parts.clock.now();
  if (row->outcome != counted || stands) row->outcome = outcome;
  tx.save(*row);
}

/// A code that nobody will ask for does not leave any more.
void Run::withdraw_unsent(Transaction& tx, const Ticket& ticket) const {
  if (!ticket.subscriber) return;
  const Record record = context_->record(record_type::message_withdrawn, tx, ticket);
  for (const OutboxMessage& message :
       withdraw_messages_of_run(tx, record, ticket, context_->id, context_->parts.clock.now()))
    context_->parts.verification.code_never_left(tx, message);
}

bool Run::can_be_cancelled() const { return !context_->must_finish; }

void Run::holder_saw(PinSeen seen) {
  try {
    const auto pass = context_->gate->enter();
    (void)commit_unit(context_->parts.writer, [&](Transaction& tx) -> Result<> {
      const auto ticket = tx.ticket(this->ticket()).value_or(context_->at_start);
      Record record = context_->record(seen == PinSeen::no ? record_type::card_pin_unseen : record_type::card_pin_shown, tx, ticket);
      record.fields.insert(context_->revealed_to_holder.begin(), context_->revealed_to_holder.end());
      if (seen != PinSeen::no) record.fields[Tag::outcome] = seen == PinSeen::confirmed ? "confirmed" : "not_confirmed";
      tx.record(std::move(record));
      return {};
    });
  } catch (const sdk::Cancelled&) {
    // The console is going: the record says "ready" and no more.
  }
}

bool Run::ended() const {
  const std::lock_guard lock(mutex_);
  return result_.has_value();
}

Result<Text> Run::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return phase_ == Phase::ended; });
  return *result_;
}

bool Run::wait_for(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return phase_ == Phase::ended; });
}

}  // namespace anahtar::core
