// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/approvals.h"

#include <algorithm>
#include <set>

#include "core/approval_rules.h"
#include "core/audit_trail.h"
#include "core/commit_unit.h"
#include "core/masking.h"
#include "core/number_changes.h"
#include "core/permission.h"
#include "core/ticket_rules.h"

namespace anahtar::core {
namespace {

constexpr std::initializer_list<Role> deciders = {Role::supervisor};
constexpr std::chrono::days past_shown{30};
constexpr int longest_past = 500, longest_shown = 12;

/// What a supervisor wants to know of the past before deciding.
bool is_telling(const AuditRow& row) {
  static const std::set<std::string> telling = {
      record_type::action_changed,    record_type::action_refused,    record_type::verification_failed,
      record_type::method_locked,     record_type::lock_lifted,       record_type::subscriber_changed,
      record_type::number_restored,   record_type::approval_rejected, record_type::approval_expired,
      record_type::approval_void,     record_type::ticket_caller};
  return telling.contains(row.type);
}

Record record_about(const Session& session, const char* type, Reader& now, const Approval& request) {
  Record record = record_of(session, type, now, ticket_or_throw(now, request.ticket));
  record.fields.insert({{Tag::approval, std::to_string(request.number)},
                        {Tag::action, request.action},
                        {Tag::run, request.run}});
  if (const auto requester = now.operator_by_id(request.requested_by))
    record.fields[Tag::operator_name] = requester->name;
  return record;
}

Approval waiting_request(Reader& now, std::int64_t number) {
  auto request = now.approval(number);
  if (!request) throw FailureError({Code::not_found, tr("There is no request {1}.", std::to_string(number))});
  if (request->state != "waiting")
    throw FailureError({Code::conflict, tr("Request {1} has been decided already.", std::to_string(number))});
  return *request;
}

/// What nobody has decided, and may still be.
std::vector<Approval> waiting_at(Reader& now, Time time) {
  auto waiting = now.waiting_approvals();
  std::erase_if(waiting, [time](const Approval& request) { return request.expires <= time; });
  return waiting;
}

/// The run that asked ends as its request does: what came to nothing counts towards no limit any more.
void settle_run(Transaction& tx, const Approval& request) {
  auto run = tx.action_run(request.run);
  if (!run || run->outcome != "waiting") return;
  run->outcome = request.state == "approved" ? "done" : request.state;
  tx.save(*run);
}

void end_request(Transaction& tx, const Session& session, const Clock& clock, Approval& request, const char* state,
                 Record record) {
  tx.record(std::move(record));
  request.state = state;
  settle_run(tx, request);
  request.decided = clock.now();
  request.decided_by = session.name;
  tx.save(request);
}

Text title_of(const PluginCatalogue& plugins, const std::string& action) {
  for (const LoadedPlugin& plugin : plugins.loaded)
    for (const sdk::Action& known : plugin.plugin.actions)
      if (known.id == action) return known.title;
  return sdk::verbatim(action);
}

/// One approval on its way: judged, and applied or not, inside one unit.
struct Approving {
  const Session& session;
  ActionParts parts;
  const sdk::Change& change;
  const Prepared& prepared;
  Effects effects = {};
  std::optional<Failure> refusal = {};
  Approval request = {};

  void decide(Transaction& tx, std::int64_t number) {
    effects = {};
    refusal.reset();
    check_session(tx, session);
    request = waiting_request(tx, number);
    if (is_own_request(tx, standing_account(tx, session), request)) return refuse_own(tx);
    if (request.expires <= parts.clock.now()) return expire(tx);
    const Ticket ticket = ticket_or_throw(tx, request.ticket);
    request.execution = parts.vault.random_id();
    const ChangeContext context{tx,     parts,  session,  nullptr, request.action,
                                request.run, ticket, change, prepared, effects,
                                {{Tag::approval, std::to_string(number)}, {Tag::execution, request.execution}}};
    auto no = refusal_of_request(tx, parts.verification, request, parts.clock.now());
    if (!no) no = refusal_of_change(context);
    if (no) return make_void(tx, *no);
    Record approved = record_about(session, record_type::approval_approved, tx, request);
    approved.fields[Tag::execution] = request.execution;
    end_request(tx, session, parts.clock, request, "approved", std::move(approved));
    apply_change(context);
  }

 private:
  void refuse_own(Transaction& tx) {
    Record record = record_about(session, record_type::action_refused, tx, request);
    record.fields[Tag::refusal] = "own";
    tx.record(std::move(record));
    refusal = Failure{Code::not_permitted, tr("Nobody approves what they asked for or verified the caller for. Another supervisor must decide.")};
  }
  void expire(Transaction& tx) {
    end_request(tx, session, parts.clock, request, "expired",
                record_about(session, record_type::approval_expired, tx, request));
    refusal = Failure{Code::refused, tr("The request has expired. It must be asked for again.")};
  }
  void make_void(Transaction& tx, const Refusal& why) {
    Record record = record_about(session, record_type::approval_void, tx, request);
    record.fields[Tag::refusal] = why.rule;
    request.execution.clear();
    end_request(tx, session, parts.clock, request, "void", std::move(record));
    refusal = why.failure();
  }
};

}  // namespace

Approvals::Approvals(Reader& reader, Writer& writer, Vault& vault, VerificationDesk& verification,
                     Outside outside, const PluginCatalogue& plugins, const Clock& clock, AuditLog* log)
    : reader_(reader),
      writer_(writer),
      vault_(vault),
      verification_(verification),
      outside_(outside),
      plugins_(plugins),
      clock_(clock),
      log_(log),
      titles_(plugins) {}

ApprovalLine Approvals::line_of(const Session& session, const Approval& request) {
  const auto subscriber = reader_.subscriber(request.subscriber);
  const auto requester = reader_.operator_by_id(request.requested_by);
  const auto decider = reader_.operator_named(request.decided_by);
  return {.number = request.number,
          .action = request.action,
          .title = title_of(plugins_, request.action),
          .ticket = request.ticket,
          .subscriber = subscriber ? mask_name(subscriber->given_names + " " + subscriber->surname) : "",
          .requested_by = requester ? requester->display_name : "",
          .requested = request.requested,
          .expires = request.expires,
          .mine = is_own_request(reader_, standing_account(reader_, session), request),
          .state = request.state,
          .decided = request.decided,
          .decided_by = decider ? decider->display_name : request.decided_by,
          .reason = request.reason,
          .objection = objection_to(request)};
}

/// Of whatever stands against approving it now.
Text Approvals::objection_to(const Approval& request) {
  if (request.state != "waiting") return {};
  auto refusal = refusal_of_request(reader_, verification_, request, clock_.now());
  return refusal ? std::move(refusal->sentence) : Text();
}

std::vector<ApprovalPast> Approvals::past_of(SubscriberId subscriber, std::int64_t except) const {
  std::vector<ApprovalPast> past;
  if (!log_) return past;
  AuditFilter filter;
  filter.subscriber = subscriber;
  filter.from = clock_.now() - past_shown;
  filter.limit = longest_past;
  const auto is_request = [&](const std::pair<std::string, std::string>& field) {
    return field.first == to_string(Tag::approval) && field.second == std::to_string(except);
  };
  for (const AuditRow& row : log_->list(filter)) {
    if (!is_telling(row) || std::ranges::any_of(row.fields, is_request)) continue;
    past.push_back({row.time, sentence_of(row.type, row.fields, titles_), row.ticket.value_or(0)});
    if (static_cast<int>(past.size()) == longest_shown) break;
  }
  return past;
}

Text outcome_of(const ApprovalLine& line) {
  const std::string number = std::to_string(line.number), title = term(line.title);
  if (line.state == "approved") return tr("{1} was approved by {2} (request {3}).", title, line.decided_by, number);
  if (line.state == "rejected")
    return tr("{1} was rejected by {2} (request {3}): {4}", title, line.decided_by, number, line.reason);
  if (line.state == "expired") return tr("{1}: nobody decided in time (request {2}). Ask for it again.", title, number);
  if (line.state == "void") return tr("{1} no longer stood when it was decided (request {2}). Nothing was changed.", title, number);
  return tr("{1} waits for approval (request {2}).", title, number);
}

Result<std::vector<ApprovalLine>> Approvals::outcomes(const Session& session, Time since) {
  return guarded([&]() -> Result<std::vector<ApprovalLine>> {
    check_session(reader_, session);
    std::vector<ApprovalLine> lines;
    for (const Approval& request :
         reader_.approvals({.requested_by = session.operator_id, .subscriber = {}, .decided_since = since}))
      lines.push_back(line_of(session, request));
    return lines;
  });
}

Result<> Approvals::expire_due() {
  return guarded([&]() -> Result<> {
    for (const Approval& due : reader_.waiting_approvals()) {
      if (due.expires > clock_.now()) continue;
      const auto ended = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
        auto request = tx.approval(due.number);
        if (!request || request->state != "waiting") return {};  // another console was faster
        const Session nobody;
        Record record = record_about(nobody, record_type::approval_expired, tx, *request);
        record.actor.clear();
        record.role.clear();
        end_request(tx, nobody, clock_, *request, "expired", std::move(record));
        return {};
      });
      if (!ended) return ended;
    }
    return {};
  });
}

Result<std::vector<ApprovalLine>> Approvals::list(const Session& session) {
  return guarded([&]() -> Result<std::vector<ApprovalLine>> {
    check_session(reader_, session);
    std::vector<ApprovalLine> lines;
    for (const Approval& request : waiting_at(reader_, clock_.now())) {
      ApprovalLine line = line_of(session, request);
      if (line.mine || session.role == Role::supervisor) lines.push_back(std::move(line));
    }
    return lines;
  });
}

/// Asked every few seconds: whether each could still be approved is not looked into.
Result<int> Approvals::count(const Session& session) {
  return guarded([&]() -> Result<int> {
    check_session(reader_, session);
    if (session.role != Role::supervisor) return 0;
    const auto account = standing_account(reader_, session);
    return static_cast<int>(std::ranges::count_if(waiting_at(reader_, clock_.now()), [&](const Approval& request) {
      return !is_own_request(reader_, account, request);
    }));
  });
}

namespace {

Text about_the_call(const std::optional<Ticket>& ticket, const Subscriber& subscriber) {
  if (!ticket || ticket->call_number.empty()) return tr("no call is on the ticket");
  if (!ticket->call_proven) return tr("a call whose number is not proven");
  if (ticket->call_number == subscriber.mobile) return tr("a proven call from the registered mobile");
  return tr("a proven call from another number than the registered mobile");
}

}  // namespace

Result<ApprovalView> Approvals::view(const Session& session, std::int64_t number) {
  return guarded([&]() -> Result<ApprovalView> {
    if (auto may = permitted(reader_, writer_, session, deciders, "approval.view"); !may)
      return std::unexpected(may.error());
    const Approval request = waiting_request(reader_, number);
    const auto recorded = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      check_session(tx, session);
      tx.record(record_about(session, record_type::approval_viewed, tx, request));
      return {};
    });
    if (!recorded) return std::unexpected(recorded.error());
    ApprovalView view;
    view.line = line_of(session, request);
    if (const auto change = change_from_json(request.change)) view.change = description_of(*change);
    const auto& methods = verification_.policy(reader_).methods;
    for (const Verification& verification : reader_.verifications(request.ticket)) {
      if (verification.id != request.verification) continue;
      view.level = verification.level;
      view.verified = verification.granted;
      const auto by = reader_.operator_named(verification.granted_by);
      view.verified_by = by ? by->display_name : verification.granted_by;
      const auto method = methods.find(verification.method);
      view.method_label = method == methods.end() ? sdk::verbatim(verification.method) : method->second.label;
    }
    for (const Recording& recording : reader_.recordings(request.ticket))
      if (const std::chrono::milliseconds length(recording.milliseconds);
          recording.kind == "file" && (!view.recorded || length > *view.recorded)) {
        view.recorded = length;
        const auto by = reader_.operator_named(recording.attached_by);
        view.recorded_by = by ? by->display_name : recording.attached_by;
        view.recorded_by_asker = by && by->id == request.requested_by;
      }
    const auto cooling = reader_.cooling_off(request.subscriber);
    view.cooling_off = cooling && cooling->until > clock_.now();
    if (const auto subscriber = reader_.subscriber(request.subscriber)) {
      view.call = about_the_call(reader_.ticket(request.ticket), *subscriber);
      const NumberAge age = age_of_number(reader_, *subscriber);
      view.number_since = age.since;
      view.number_at_least = age.at_least;
      view.mobile = mask_mobile(subscriber->mobile);
    }
    view.past = past_of(request.subscriber, number);
    return view;
  });
}

Result<Text> Approvals::approve(const Session& session, std::int64_t number) {
  return guarded([&]() -> Result<Text> {
    if (auto may = permitted(reader_, writer_, session, deciders, "approval.approve"); !may)
      return std::unexpected(may.error());
    const Approval request = waiting_request(reader_, number);
    const auto change = change_from_json(request.change);
    if (!change) return failure(Code::not_intact, tr("The request cannot be read any more. Reject it."));
    const Prepared prepared = prepare_change(*change, vault_);
    Approving approving{session, {reader_, writer_, vault_, verification_, outside_, clock_}, *change, prepared};
    const auto committed = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      approving.decide(tx, number);
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    if (approving.refusal) return std::unexpected(*approving.refusal);
    if (auto lost = send_off(outside_, approving.effects.messages))
      return failure(Code::unavailable, std::move(*lost));
    return text_from_json(request.sentence);
  });
}

Result<> Approvals::reject(const Session& session, std::int64_t number, const std::string& reason) {
  return guarded([&]() -> Result<> {
    if (auto may = permitted(reader_, writer_, session, deciders, "approval.reject"); !may) return may;
    const auto given = required_text(reason, tr("Give the reason for the rejection."));
    if (!given) return std::unexpected(given.error());
    return commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      check_session(tx, session);
      Approval request = waiting_request(tx, number);
      request.reason = *given;
      Record record = record_about(session, record_type::approval_rejected, tx, request);
      record.fields[Tag::reason] = *given;
      end_request(tx, session, clock_, request, "rejected", std::move(record));
      return {};
    });
  });
}

}  // namespace anahtar::core
