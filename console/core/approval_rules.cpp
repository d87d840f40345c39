// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/approval_rules.h"

#include <algorithm>

#include "core/action_limits.h"
#include "core/iso_time.h"
#include "core/permission.h"

namespace anahtar::core {
namespace {

std::optional<Refusal> refusal_of_requester(Reader& now, const ActionPolicy& policy, const Approval& request) {
  const auto account = now.operator_by_id(request.requested_by);
  if (!account || account->disabled)
    return Refusal{"requester", tr("The account that asked for this has been disabled. Nothing was changed.")};
  if (account->role != request.role || !policy.roles.contains(account->role))
    return Refusal{"role", tr("Whoever asked for this has another role now. Nothing was changed.")};
  return {};
}

std::optional<Refusal> refusal_of_ticket(const std::optional<Ticket>& ticket, const Approval& request) {
  if (ticket && ticket->state != TicketState::closed && ticket->subscriber == request.subscriber &&
      ticket->caller_is.empty())
    return {};
  return Refusal{"state", tr("The ticket was closed, or its subscriber or caller was changed. Nothing was changed.")};
}

std::optional<Refusal> refusal_of_verification(Reader& now, const VerificationDesk& verification,
                                               const ActionPolicy& policy, const Ticket& ticket,
                                               const Approval& request) {
  if (policy.level == 0) return {};
  const auto counted = verification.counting(now, ticket, request.verification, policy.freshness, request.requested,
                                             policy.excluded_methods);
  if (counted && counted->level >= policy.level) return {};
  return Refusal{"level", tr("The verification on which this rests no longer stands. Nothing was changed.")};
}

}  // namespace

Approval request_approval(const ChangeContext& context, const Text& sentence) {
  const ActionPolicy& policy = context.policy();
  const Time now = context.parts.clock.now();
  const auto counted =
      context.parts.verification.best(context.tx, context.ticket, policy.freshness, now, policy.excluded_methods);
  Approval request{.action = context.action,
                   .ticket = context.ticket.number,
                   .subscriber = *context.ticket.subscriber,
                   .run = context.run_id,
                   .verification = counted ? counted->id : 0,
                   .requested_by = context.session.operator_id,
                   .person = context.tx.operator_by_id(context.session.operator_id)->person,
                   .role = context.session.role,
                   .requested = now,
                   .expires = now + policy.approval_life,
                   .decided = {},
                   .decided_by = {},
                   .execution = {},
                   .change = change_as_json(context.change),
                   .sentence = text_as_json(sentence),
                   .reason = {}};
  context.tx.save(request);
  Record record = context.record(record_type::approval_requested);
  record.fields[Tag::approval] = std::to_string(request.number);
  record.fields[Tag::change_kind] = context.change.kind;
  record.fields[Tag::change] = request.change;
  record.fields[Tag::until] = iso_utc(request.expires);
  context.tx.record(std::move(record));
  return request;
}

bool is_own_request(Reader& now, const Operator& account, const Approval& request) {
  if (account.id == request.requested_by || account.person == request.person) return true;
  const auto requester = now.operator_by_id(request.requested_by);
  if (requester && is_same_person(*requester, account)) return true;
  return std::ranges::any_of(now.verifications(request.ticket), [&](const Verification& given) {
    if (given.voided || given.subscriber != request.subscriber) return false;
    const auto verifier = now.operator_named(given.granted_by);
    return verifier && is_same_person(*verifier, account);
  });
}

std::optional<Refusal> refusal_of_request(Reader& now, const VerificationDesk& verification, const Approval& request,
                                          Time time) {
  const Policy& policy = verification.policy(now);
  const auto action = policy.actions.find(request.action);
  if (action == policy.actions.end())
    return Refusal{"role", tr("The policy gives this action to nobody."), Code::not_permitted};
  if (auto refusal = refusal_of_requester(now, action->second, request)) return refusal;
  const auto ticket = now.ticket(request.ticket);
  if (auto refusal = refusal_of_ticket(ticket, request)) return refusal;
  if (auto refusal = refusal_of_verification(now, verification, action->second, *ticket, request)) return refusal;
  const LimitedAction limited{request.action, action->second, request.requested_by, Role::supervisor, time, 1};
  if (auto refusal = refusal_by_hours(limited, policy)) return refusal;
  return refusal_by_rate(now, limited, request.subscriber);
}

}  // namespace anahtar::core
