// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string>

#include "core/action_rules.h"

/// Private to core: what the policy limits beside role and level. Judged when an action starts, when its change is
/// applied, and when a request is approved.
namespace anahtar::core {

struct LimitedAction {
  std::string id;
  const ActionPolicy& policy;
  OperatorId operator_id = 0;  ///< who does it, or asked for it
  Role role = Role::operator_; ///< the highest that stands behind it: an approved request has a supervisor's
  Time now{};
  int own_runs = 0;            ///< runs that are counted already and are this very one
};

std::optional<Refusal> refusal_by_hours(const LimitedAction& action, const Policy& policy);
std::optional<Refusal> refusal_by_cooling_off(Reader& now, const LimitedAction& action, SubscriberId subscriber);
std::optional<Refusal> refusal_by_rate(Reader& now, const LimitedAction& action, SubscriberId subscriber);
/// The same action waits for approval on this ticket already.
std::optional<Refusal> refusal_by_waiting_request(Reader& now, const LimitedAction& action, const Ticket& ticket);

}  // namespace anahtar::core
