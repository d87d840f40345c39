// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/action_ports.h"
#include "core/masking.h"

namespace anahtar::core {

sdk::PlacedCall RunCallBackPort::dial() {
  const auto pass = run_.enter();
  run_.ticket_now(run_.parts.reader);
  if (!run_.parts.outside.telephone) throw sdk::Failed(tr("No telephone system is set up."));
  const auto placed = value_or_throw(calls_.dial(run_.session, run_.at_start.number, run_.id, *run_.parts.outside.telephone));
  if (!placed.certain)
    run_.conversation->show(tr("It is not certain that the telephone system dials. If nothing rings, dial again."));
  return {mask_mobile(placed.call.number), placed.call.expires};
}

sdk::CallBackCheck RunCallBackPort::confirm() {
  const auto pass = run_.enter();
  run_.ticket_now(run_.parts.reader);
  const auto outcome = value_or_throw(calls_.confirm(run_.session, run_.at_start.number));
  if (outcome == sdk::CallBackCheck::confirmed) run_.evidence.add("call_back", run_.parts.clock.now());
  return outcome;
}

void RunCallBackPort::not_the_holder() {
  const auto pass = run_.enter();
  run_.ticket_now(run_.parts.reader);
  value_or_throw(calls_.not_the_holder(run_.session, run_.at_start.number));
}

}  // namespace anahtar::core
