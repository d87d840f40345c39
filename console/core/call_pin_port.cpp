// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/action_ports.h"
#include "core/call_pin_rules.h"

namespace anahtar::core {
namespace {

constexpr char method[] = "call_pin";

}  // namespace

Text RunCallPinPort::choose(const Secret& pin) {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const auto holder = now.subscriber(*run_.ticket_now(now).subscriber);
  if (!holder) throw sdk::Failed(tr("The subscriber is gone."));
  run_.chosen_pin_hash.clear();
  if (const auto objection = objection_to_call_pin(pin, *holder)) return *objection;
  run_.chosen_pin_hash = run_.parts.verification.hash_of_pin(holder->id, pin);
  return {};
}

sdk::CodeCheck RunCallPinPort::check(const Secret& given) {
  const auto pass = run_.enter();
  const Ticket ticket = run_.ticket_now(run_.parts.reader);
  const auto outcome = value_or_throw(
      run_.parts.verification.check_pin(run_.session, *ticket.subscriber, ticket.number, given));
  if (outcome == sdk::CodeCheck::right) run_.evidence.add(method, run_.parts.clock.now());
  return outcome;
}

int RunCallPinPort::tries_left() {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const auto& methods = run_.parts.verification.policy(now).methods;
  const auto rules = methods.find(method);
  const int tries = rules == methods.end() ? 0 : rules->second.tries;
  return std::max(0, tries - now.method_state(*run_.ticket_now(now).subscriber, method).failures);
}

}  // namespace anahtar::core
