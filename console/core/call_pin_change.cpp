// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change_kinds.h"

namespace anahtar::core {

std::optional<Refusal> refusal_of_call_pin(const ChangeContext& context) {
  if (!context.run)
    return Refusal{"evidence", tr("A call PIN cannot wait for approval, because it is kept nowhere. Choose it again.")};
  if (context.run->chosen_pin_hash.empty())
    return Refusal{"evidence", tr("The console was not given a PIN that it could take.")};
  return {};
}

void apply_call_pin(const ChangeContext& context) {
  CallPin pin{*context.ticket.subscriber, context.run->chosen_pin_hash, context.parts.clock.now()};
  context.tx.save(pin);
  MethodState state = context.tx.method_state(pin.subscriber, "call_pin");
  if (state.locked || state.failures == 0) return;  // a lock is lifted by a supervisor alone
  state.failures = 0;
  context.tx.save(state);
}

}  // namespace anahtar::core
