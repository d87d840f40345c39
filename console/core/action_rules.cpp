// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/card_facts.h"
#include "core/action_rules.h"

#include <algorithm>

#include "core/action_limits.h"
#include "core/civil_questions.h"
#include "core/directory.h"
#include "core/number_changes.h"
#include "core/titles.h"

namespace anahtar::core {
namespace {

// A sentence for one, two, three names, and for more than fit into a line.

Text first_way(const std::string& level, const std::vector<std::string>& names) {
  switch (names.size()) {
    case 1: return tr("Level {1} needed: {2}.", level, names[0]);
    case 2: return tr("Level {1} needed: {2} or {3}.", level, names[0], names[1]);
    case 3: return tr("Level {1} needed: {2}, {3} or {4}.", level, names[0], names[1], names[2]);
    default: return tr("Level {1} needed: {2}, {3}, {4} or another way.", level, names[0], names[1], names[2]);
  }
}

Text another_way(const std::string& level, const std::vector<std::string>& names) {
  switch (names.size()) {
    case 1: return tr("This verification does not count here. Level {1} needed: {2}.", level, names[0]);
    case 2: return tr("This verification does not count here. Level {1} needed: {2} or {3}.", level, names[0], names[1]);
    default:
      return tr("This verification does not count here. Level {1} needed: {2}, {3} or another way.", level, names[0], names[1]);
  }
}

std::optional<Text> missing_proof(Reader& now, const VerificationDesk& verification, const Ticket& ticket) {
  if (!ticket.call_proven) return tr("The ticket has no call that the telephone system has proven.");
  if (!verification.call_counts(now, ticket))
    return tr("The call that the telephone system has proven came too long ago. Let the caller call again, or verify in another way.");
  return {};
}

std::optional<Text> missing_call(Reader& now, const VerificationDesk& verification, const Ticket& ticket) {
  if (auto missing = missing_proof(now, verification, ticket)) return missing;
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (!subscriber || subscriber->mobile.empty()) return tr("The subscriber has no registered mobile.");
  if (subscriber->mobile != ticket.call_number) return tr("The call does not come from the registered mobile.");
  return {};
}

std::optional<Text> missing_codes(Reader& now, const Ticket& ticket, bool messages_can_be_sent) {
  if (!messages_can_be_sent) return tr("No SMS gateway is set up.");
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (!subscriber || subscriber->mobile.empty()) return tr("The subscriber has no registered mobile.");
  return {};
}

std::optional<Text> missing_civil_record(Reader& now, const Ticket& ticket) {
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (subscriber && civil_questions_of(subscriber->civil).size() >= fewest_civil_questions) return {};
  return tr("The subscriber's civil-registry record does not hold enough data to ask about.");
}

/// What the operator may have read on the screen proves nothing about the caller.
bool answers_were_open(Reader& now, const Session& session, const Ticket& ticket) {
  const auto opening = now.opening(ticket.number, session.operator_id);
  return opening && opening->subscriber == ticket.subscriber &&
         std::ranges::any_of(now.verifications(ticket.number), [&](const Verification& v) {
           return v.subscriber == ticket.subscriber && v.level >= level_that_opens_answers && v.granted < opening->until;
         });
}

std::optional<Text> missing_document(Reader& now, const Ticket& ticket) {
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (subscriber && !subscriber->civil.document_serial.empty()) return {};
  return tr("The record does not name the subscriber's identity document.");
}

std::optional<Text> missing_call_pin(Reader& now, const Ticket& ticket) {
  if (now.call_pin(*ticket.subscriber)) return {};
  return tr("The holder has not chosen a call PIN.");
}

std::optional<Text> missing_call_back(Reader& now, const Ticket& ticket, bool can_dial) {
  if (!can_dial) return tr("No telephone system is set up.");
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (!subscriber || subscriber->mobile.empty()) return tr("The subscriber has no registered mobile.");
  return {};
}

std::optional<Text> missing_card(const Ticket& ticket, bool has_readers) {
  if (!has_readers) return tr("No card reader is set up at this desk.");
  if (ticket.channel != Channel::desk) return tr("The holder must be at the desk, with the card: the ticket is not a desk ticket.");
  return {};
}

std::optional<Text> missing_card_key(Reader& now, const Ticket& ticket, bool has_card_keys) {
  if (has_card_keys && !cards_with_key(now.cards(*ticket.subscriber), now.card_secrets(*ticket.subscriber)).empty()) return {};
  return tr("No key of a card of the subscriber in use is held here that its card did not refuse.");
}

/// At a desk it takes the place of one that was told; by telephone it is told.
std::optional<Text> missing_puk(Reader& now, const Ticket& ticket, bool at_desk) {
  if (!cards_with_puk(at_desk, now.cards(*ticket.subscriber), now.card_secrets(*ticket.subscriber)).empty()) return {};
  return at_desk ? tr("No PUK of a card of the subscriber was told by telephone.")
                 : tr("No PUK of a card of the subscriber is held here that was neither told already nor refused by its card.");
}

std::optional<Text> missing_previous_number(Reader& now, const VerificationDesk& verification, const Ticket& ticket,
                                            Time time) {
  const auto change = undoable_change(now, *ticket.subscriber, time);
  if (!change) return tr("There is no change of number that could still be undone.");
  if (!ticket.caller_is.empty())
    return tr("Somebody else is calling for the holder. Only a call from the earlier number undoes its change.");
  if (auto missing = missing_proof(now, verification, ticket)) return missing;
  if (ticket.call_number != change->restores)
    return tr("The call does not come from the number that was registered before.");
  return {};
}

std::optional<Text> missing_registry(Reader& now, const Ticket& ticket) {
  if (now.portal_account(*ticket.subscriber)) return {};
  return tr("The subscriber has no portal account.");
}

}  // namespace

std::optional<ActionPolicy> admission_of(const Policy& policy, const KnownAction& action) {
  if (action.is_method()) {
    const auto method = policy.methods.find(action.action.verifies);
    if (method == policy.methods.end()) return {};
    return ActionPolicy{.roles = method->second.roles};
  }
  const auto service = policy.actions.find(action.id());
  if (service == policy.actions.end()) return {};
  return service->second;
}

std::optional<Refusal> ActionRules::check(Reader& now, const Session& session, const Ticket& ticket,
                                          const KnownAction& action, int own_runs) const {
  const Policy& policy = verification_.policy(now);
  const auto admission = admission_of(policy, action);
  if (auto refusal = check_role(session, admission)) return refusal;
  const LimitedAction limited{action.id(), *admission, session.operator_id, session.role, clock_.now(), own_runs};
  if (auto refusal = refusal_by_hours(limited, policy)) return refusal;
  if (auto refusal = check_ticket(session, ticket)) return refusal;
  if (auto refusal = check_method(now, session, policy, ticket, action)) return refusal;
  if (auto refusal = check_level(now, session, ticket, *admission)) return refusal;
  if (auto refusal = refusal_by_cooling_off(now, limited, *ticket.subscriber)) return refusal;
  if (auto refusal = refusal_by_rate(now, limited, *ticket.subscriber)) return refusal;
  if (auto refusal = refusal_by_waiting_request(now, limited, ticket)) return refusal;
  return check_ports(now, ticket, action);
}

bool ActionRules::needs_approval(Reader& now, const ActionPolicy& admission, const Ticket& ticket) const {
  const auto counted =
      verification_.best(now, ticket, admission.freshness, clock_.now(), admission.excluded_methods);
  return core::needs_approval(admission, counted ? counted->level : 0);
}

std::optional<Refusal> ActionRules::check_role(const Session& session,
                                               const std::optional<ActionPolicy>& admission) const {
  if (!admission) return Refusal{"role", tr("The policy gives this action to nobody."), Code::not_permitted};
  if (session.must_change_password)
    return Refusal{"role", tr("Change your first password before you do anything else."), Code::not_permitted};
  if (!admission->roles.contains(session.role))
    return Refusal{"role", tr("Your role may not do this."), Code::not_permitted};
  return {};
}

std::optional<Refusal> ActionRules::check_ticket(const Session& session, const Ticket& ticket) const {
  if (ticket.state == TicketState::closed)
    return Refusal{"state", tr("The ticket is closed. Reopen it, or open a new one.")};
  if (!ticket.subscriber) return Refusal{"state", tr("The ticket has no subscriber yet. Find the caller first.")};
  if (session.role == Role::supervisor) return {};
  if (!ticket.assignee) return Refusal{"state", tr("Nobody has this ticket. Take it first.")};
  if (*ticket.assignee != session.operator_id)
    return Refusal{"state", tr("Another operator has this ticket. A supervisor can hand it over.")};
  return {};
}

std::optional<Refusal> ActionRules::check_method(Reader& now, const Session& session, const Policy& policy,
                                                 const Ticket& ticket, const KnownAction& action) const {
  if (!action.is_method()) return {};
  const auto& channels = policy.methods.at(action.action.verifies).channels;
  if (!channels.empty() && !channels.contains(ticket.channel))
    return Refusal{"channel", tr("This way of verifying is not for tickets of this channel.")};
  if (!ticket.caller_is.empty())
    return Refusal{"caller", tr("Somebody else is calling for the holder. Only the holder can be verified.")};
  if (now.method_state(*ticket.subscriber, action.action.verifies).locked)
    return Refusal{"locked", tr("Locked: too many attempts, or codes that did not come back. A supervisor can lift the lock.")};
  if (action.action.verifies == civil_method && answers_were_open(now, session, ticket))
    return Refusal{"seen", tr("The answers were open to you on this ticket. Verify in another way.")};
  return {};
}

std::vector<std::string> ActionRules::ways_to(Reader& now, const Session& session, const Ticket& ticket,
                                              const ActionPolicy& admission) const {
  std::vector<std::pair<int, std::string>> found;
  for (const auto& [id, method] : verification_.policy(now).methods) {
    const bool here = method.roles.contains(session.role) &&
                      (method.channels.empty() || method.channels.contains(ticket.channel));
    const bool counts = method.level >= admission.level && !admission.excluded_methods.contains(id);
    if (here && counts && !now.method_state(*ticket.subscriber, id).locked && can_establish(now, ticket, id))
      found.emplace_back(method.level, term(method.label));
  }
  std::ranges::stable_sort(found, {}, &std::pair<int, std::string>::first);
  std::vector<std::string> names;
  for (auto& [level, name] : found) names.push_back(std::move(name));
  return names;
}

bool ActionRules::can_establish(Reader& now, const Ticket& ticket, const std::string& method) const {
  if (known_ == nullptr) return true;
  return std::ranges::any_of(*known_, [&](const KnownAction& each) {
    return each.action.verifies == method && !check_ports(now, ticket, each);
  });
}

std::optional<Refusal> ActionRules::check_level(Reader& now, const Session& session, const Ticket& ticket,
                                                const ActionPolicy& admission) const {
  const Time time = clock_.now();
  const auto counted = verification_.best(now, ticket, admission.freshness, time, admission.excluded_methods);
  if (admission.level == 0 || (counted && counted->level >= admission.level)) return {};
  const int level = verification_.level(now, ticket, admission.freshness);
  const std::string needed = std::to_string(admission.level);
  if (!ticket.caller_is.empty())
    return Refusal{"level", tr("Somebody else is calling for the holder, who must be verified (level {1}).", needed)};
  const auto ways = ways_to(now, session, ticket, admission);
  if (level >= admission.level)
    return Refusal{"level", ways.empty() ? tr("This verification does not count here. Level {1} needed, and no way to it is open.", needed)
                                             : another_way(needed, ways)};
  if (level > 0)
    return Refusal{"level",
                   tr("Level {1} is needed; the caller is verified at level {2}.", needed, std::to_string(level))};
  if (!now.verifications(ticket.number).empty())
    return Refusal{"level", tr("The verification no longer stands. Verify the caller again (level {1}).", needed)};
  return Refusal{"level", ways.empty() ? tr("Level {1} needed, and no way to it is open on this ticket.", needed)
                                       : first_way(needed, ways)};
}

std::optional<Refusal> ActionRules::check_ports(Reader& now, const Ticket& ticket, const KnownAction& action) const {
  for (const sdk::Port port : action.action.needs)
    if (auto sentence = missing(port, now, ticket, action)) return Refusal{"port", std::move(*sentence)};
  return {};
}

std::optional<Text> ActionRules::missing(sdk::Port port, Reader& now, const Ticket& ticket,
                                         const KnownAction& action) const {
  switch (port) {
    case sdk::Port::registry:
      return missing_registry(now, ticket);
    case sdk::Port::call:
      return missing_call(now, verification_, ticket);
    case sdk::Port::codes:
      return missing_codes(now, ticket, messages_can_be_sent_);
    case sdk::Port::civil_registry:
      return missing_civil_record(now, ticket);
    case sdk::Port::new_number:
      if (!messages_can_be_sent_) return tr("No SMS gateway is set up.");
      return {};
    case sdk::Port::identity_document:
      return missing_document(now, ticket);
    case sdk::Port::call_pin:
      return action.is_method() ? missing_call_pin(now, ticket) : std::nullopt;
    case sdk::Port::call_back:
      return missing_call_back(now, ticket, can_dial_);
    case sdk::Port::card:
      return missing_card(ticket, has_readers_);
    case sdk::Port::card_response:
      return missing_card_key(now, ticket, has_card_keys_);
    case sdk::Port::card_puk:
      return missing_puk(now, ticket, std::ranges::find(action.action.needs, sdk::Port::card) != action.action.needs.end());
    case sdk::Port::card_record:
      return {};
    case sdk::Port::previous_number:
      return missing_previous_number(now, verification_, ticket, clock_.now());
  }
  return tr("The action needs a part that this console does not have.");
}

}  // namespace anahtar::core
