// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/action_ports.h"

#include "core/masking.h"
#include "core/number_changes.h"

namespace anahtar::core {

sdk::PortalAccount RunRegistryPort::portal_account() {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const auto account = now.portal_account(*run_.ticket_now(now).subscriber);
  if (!account) throw sdk::Failed(tr("The subscriber has no portal account."));
  return {account->blocked, account->failed_tries};
}

bool RunRegistryPort::reset_clears_block() {
  const auto pass = run_.enter();
  const auto& actions = run_.parts.verification.policy(run_.parts.reader).actions;
  const auto policy = actions.find(run_.action.id());
  return policy != actions.end() && policy->second.clears_block;
}

bool RunCallPort::from_registered_mobile() {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const Ticket ticket = run_.ticket_now(now);
  const auto subscriber = now.subscriber(*ticket.subscriber);
  const bool same =
      run_.parts.verification.call_counts(now, ticket) && subscriber && !subscriber->mobile.empty() && ticket.call_number == subscriber->mobile;
  if (same) run_.evidence.add("registered_mobile", run_.parts.clock.now());
  return same;
}

std::string RunPreviousNumberPort::masked() {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const auto change = undoable_change(now, *run_.ticket_now(now).subscriber, run_.parts.clock.now());
  return change ? mask_mobile(change->restores) : std::string();
}

bool RunPreviousNumberPort::calling() {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const Ticket ticket = run_.ticket_now(now);
  const auto change = undoable_change(now, *ticket.subscriber, run_.parts.clock.now());
  const bool same = run_.parts.verification.call_counts(now, ticket) && ticket.caller_is.empty() && change && ticket.call_number == change->restores;
  if (same) run_.evidence.add("previous_number/" + change->restores, run_.parts.clock.now());
  return same;
}

}  // namespace anahtar::core
