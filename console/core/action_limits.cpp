// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/action_limits.h"

#include <algorithm>

#include "core/iso_time.h"
#include "core/permission.h"

namespace anahtar::core {

std::optional<Refusal> refusal_by_hours(const LimitedAction& action, const Policy& policy) {
  if (!action.policy.hours || is_open(*action.policy.hours, action.now, policy.utc_offset)) return {};
  return Refusal{"hours", tr("This is not done at this hour.")};
}

namespace {

bool asked_for_the_number(Reader& now, const CoolingOff& cooling, OperatorId account) {
  const auto run = now.action_run(cooling.run);
  if (!run) return false;
  const auto asker = now.operator_by_id(run->operator_id), actor = now.operator_by_id(account);
  return asker && actor && is_same_person(*asker, *actor);
}

}  // namespace

std::optional<Refusal> refusal_by_cooling_off(Reader& now, const LimitedAction& action, SubscriberId subscriber) {
  if (!action.policy.sensitive) return {};
  const auto cooling = now.cooling_off(subscriber);
  if (!cooling || cooling->until <= action.now) return {};
  if (action.role == Role::supervisor) {
    if (!asked_for_the_number(now, *cooling, action.operator_id)) return {};
    return Refusal{"cooling_off", tr("You changed the subscriber's telephone number yourself. Another supervisor must do this until {1}.",
                                     wall_time(cooling->until))};
  }
  return Refusal{"cooling_off", tr("The subscriber's telephone number was changed a short while ago. Only a supervisor "
                                   "may do this until {1}.",
                                   wall_time(cooling->until))};
}

std::optional<Refusal> refusal_by_rate(Reader& now, const LimitedAction& action, SubscriberId subscriber) {
  const auto reached = [&](int limit, const RunFilter& filter) {
    return limit > 0 && now.run_count(filter) - action.own_runs >= limit;
  };
  const Time hour_ago = action.now - std::chrono::hours(1), day_ago = action.now - std::chrono::hours(24);
  if (reached(action.policy.per_operator_hour,
              {.action = action.id, .operator_id = action.operator_id, .subscriber = {}, .since = hour_ago}))
    return Refusal{"rate", tr("You have done this as often as one person may in an hour. Ask a colleague.")};
  if (reached(action.policy.per_subscriber_day,
              {.action = action.id, .operator_id = {}, .subscriber = subscriber, .since = day_ago}))
    return Refusal{"rate", tr("This was done to the subscriber as often as the policy allows within 24 hours.")};
  return {};
}

std::optional<Refusal> refusal_by_waiting_request(Reader& now, const LimitedAction& action, const Ticket& ticket) {
  const auto waiting = now.waiting_approvals();
  const auto same = std::ranges::find_if(waiting, [&](const Approval& request) {
    return request.action == action.id && request.ticket == ticket.number && request.expires > action.now;
  });
  if (same == waiting.end()) return {};
  return Refusal{"waiting", tr("This waits for approval already (request {1}).", std::to_string(same->number))};
}

}  // namespace anahtar::core
