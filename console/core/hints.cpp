// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hints.h"

#include <algorithm>
#include <map>

#include "core/masking.h"
#include "core/permission.h"

namespace anahtar::core {
namespace {

constexpr std::chrono::hours shown_for{24};
constexpr int most_refusals = 5000;
constexpr char refused[] = "refused";

using Events = std::vector<const HintEvent*>;

/// Whom the rule looks at; empty: the event is about nobody of the kind.
std::string group_of(const HintRule& rule, const HintEvent& event) {
  if (rule.per == HintRule::Per::operator_) return event.operator_name;
  return event.subscriber == 0 ? std::string() : std::to_string(event.subscriber);
}

bool concerns(const HintRule& rule, const HintEvent& event) {
  if (rule.steps.empty()) return event.what == rule.count;
  return std::ranges::find(rule.steps, event.what) != rule.steps.end();
}

/// The number of events of the newest match that ends with `last`; 0: none ends there.
int steps_ending_at(const HintRule& rule, const Events& events, std::size_t last) {
  if (events[last]->what != rule.steps.back()) return 0;
  std::size_t step = rule.steps.size() - 1;
  const Time earliest = events[last]->at - rule.within;
  for (std::size_t i = last; i-- > 0 && step > 0 && events[i]->at >= earliest;)
    if (events[i]->what == rule.steps[step - 1]) --step;
  return step == 0 ? static_cast<int>(rule.steps.size()) : 0;
}

int count_ending_at(const HintRule& rule, const Events& events, std::size_t last) {
  const Time earliest = events[last]->at - rule.within;
  const auto first = std::ranges::lower_bound(events, earliest, {}, [](const HintEvent* event) { return event->at; });
  const int count = static_cast<int>(events.begin() + static_cast<std::ptrdiff_t>(last) - first) + 1;
  return count >= rule.at_least ? count : 0;
}

/// The newest match among the events of one subscriber or operator.
std::optional<Hint> newest_match(const HintRule& rule, const Events& events) {
  for (std::size_t last = events.size(); last-- > 0;) {
    const int count = rule.steps.empty() ? count_ending_at(rule, events, last) : steps_ending_at(rule, events, last);
    if (count == 0) continue;
    const HintEvent& end = *events[last];
    const bool of_subscriber = rule.per == HintRule::Per::subscriber;
    return Hint{.rule = rule.id,
                .title = rule.title,
                .at = end.at,
                .count = count,
                .subscriber = of_subscriber ? end.subscriber : 0,
                .subscriber_name = {},
                .operator_name = of_subscriber ? std::string() : end.operator_name,
                .ticket = end.ticket};
  }
  return {};
}

}  // namespace

std::vector<Hint> hints_of(const HintRule& rule, const std::vector<HintEvent>& events) {
  std::map<std::string, Events> groups;
  for (const HintEvent& event : events)
    if (const std::string group = group_of(rule, event); !group.empty() && concerns(rule, event))
      groups[group].push_back(&event);
  std::vector<Hint> found;
  for (const auto& [group, of_group] : groups)
    if (auto hint = newest_match(rule, of_group)) found.push_back(std::move(*hint));
  return found;
}

std::vector<HintEvent> Hints::events_since(Time since) const {
  std::vector<HintEvent> events;
  std::map<OperatorId, std::string> operators;
  for (const Operator& account : reader_.operators()) operators[account.id] = account.name;
  for (const ActionRunRow& run : reader_.runs_done_since(since)) {
    const auto ticket = reader_.ticket(run.ticket);
    events.push_back({*run.ended, run.action, ticket ? ticket->subscriber.value_or(0) : 0, operators[run.operator_id],
                      run.ticket});
  }
  AuditFilter refusals;
  refusals.type = record_type::action_refused;
  refusals.from = since;
  refusals.limit = most_refusals;
  for (const AuditRow& row : audit_.list(refusals))
    events.push_back({row.time, refused, row.subscriber.value_or(0), row.actor, row.ticket.value_or(0)});
  std::ranges::stable_sort(events, {}, &HintEvent::at);
  return events;
}

Result<std::vector<Hint>> Hints::current(const Session& session) {
  return guarded([&]() -> Result<std::vector<Hint>> {
    if (const auto may = permitted(reader_, writer_, session, {Role::supervisor}, "hints.show"); !may)
      return std::unexpected(may.error());
    const auto& rules = verification_.policy(reader_).hints;
    std::chrono::minutes longest{0};
    for (const HintRule& rule : rules) longest = std::max(longest, rule.within);
    const Time oldest_end = clock_.now() - shown_for;
    const auto events = rules.empty() ? std::vector<HintEvent>() : events_since(oldest_end - longest);
    std::vector<Hint> found;
    for (const HintRule& rule : rules)
      for (Hint& hint : hints_of(rule, events))
        if (hint.at >= oldest_end) found.push_back(std::move(hint));
    for (Hint& hint : found)
      if (const auto about = hint.subscriber ? reader_.subscriber(hint.subscriber) : std::nullopt)
        hint.subscriber_name = mask_name(about->given_names + " " + about->surname);
    std::ranges::stable_sort(found, std::greater{}, &Hint::at);
    return found;
  });
}

}  // namespace anahtar::core
