// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/approvals.h"

#include <algorithm>

#include "core/approval_rules.h"
#include "core/commit_unit.h"
#include "core/masking.h"
#include "core/permission.h"
#include "core/ticket_rules.h"

namespace anahtar::core {
namespace {

constexpr std::initializer_list<Role> deciders = {Role::supervisor};

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

/// Ends a request without applying it.
void end_request(Transaction& tx, const Session& session, const Clock& clock, Approval& request, const char* state,
                 Record record) {
  tx.record(std::move(record));
  request.state = state;
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
    refusal = Failure{Code::not_permitted, tr("Nobody approves their own request. Another supervisor must decide.")};
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
                     Outside outside, const PluginCatalogue& plugins, const Clock& clock)
    : reader_(reader),
      writer_(writer),
      vault_(vault),
      verification_(verification),
      outside_(outside),
      plugins_(plugins),
      clock_(clock) {}

ApprovalLine Approvals::line_of(const Session& session, const Approval& request) {
  const auto subscriber = reader_.subscriber(request.subscriber);
  const auto requester = reader_.operator_by_id(request.requested_by);
  return {.number = request.number,
          .action = request.action,
          .title = title_of(plugins_, request.action),
          .ticket = request.ticket,
          .subscriber = subscriber ? mask_name(subscriber->given_names + " " + subscriber->surname) : "",
          .requested_by = requester ? requester->display_name : "",
          .requested = request.requested,
          .expires = request.expires,
          .mine = is_own_request(reader_, standing_account(reader_, session), request)};
}

Result<std::vector<ApprovalLine>> Approvals::list(const Session& session) {
  return guarded([&]() -> Result<std::vector<ApprovalLine>> {
    check_session(reader_, session);
    std::vector<ApprovalLine> lines;
    for (const Approval& request : reader_.waiting_approvals()) {
      if (request.expires <= clock_.now()) continue;
      ApprovalLine line = line_of(session, request);
      if (line.mine || session.role == Role::supervisor) lines.push_back(std::move(line));
    }
    return lines;
  });
}

Result<int> Approvals::count(const Session& session) {
  const auto lines = list(session);
  if (!lines) return std::unexpected(lines.error());
  if (session.role != Role::supervisor) return 0;
  return static_cast<int>(std::ranges::count(*lines, false, &ApprovalLine::mine));
}

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
    ApprovalView view{.line = line_of(session, request), .change = {}, .method_label = {}};
    if (const auto change = change_from_json(request.change)) view.change = description_of(*change);
    const auto& methods = verification_.policy(reader_).methods;
    for (const Verification& verification : reader_.verifications(request.ticket)) {
      if (verification.id != request.verification) continue;
      view.level = verification.level;
      const auto method = methods.find(verification.method);
      view.method_label = method == methods.end() ? sdk::verbatim(verification.method) : method->second.label;
    }
    const auto cooling = reader_.cooling_off(request.subscriber);
    view.cooling_off = cooling && cooling->until > clock_.now();
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
