// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/plugin.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/refusal.h"
#include "core/verification.h"

/// Private to core: who may run what, now.
namespace anahtar::core {

/// An action of a loaded plugin; `keep_alive` holds its library.
struct KnownAction {
  sdk::Action action;
  std::string plugin, version;
  std::shared_ptr<void> keep_alive;

  const std::string& id() const { return action.id; }
  bool is_method() const { return !action.verifies.empty(); }
};

/// What the policy asks of an action or of the method that it establishes (no level then); nothing when the policy does
/// not know it.
std::optional<ActionPolicy> admission_of(const Policy& policy, const KnownAction& action);

/// All rules but "running", in the order in which they are told. Reads what is true in `now`: a transaction's reads
/// when it must hold until the commit.
class ActionRules {
 public:
  ActionRules(const VerificationDesk& verification, bool messages_can_be_sent, const Clock& clock, bool can_dial = false,
              bool has_readers = false, bool has_card_keys = false,
              const std::vector<KnownAction>* known = nullptr)
      : verification_(verification),
        messages_can_be_sent_(messages_can_be_sent),
        can_dial_(can_dial),
        has_readers_(has_readers),
        has_card_keys_(has_card_keys),
        clock_(clock),
        known_(known) {}

  /// `own_runs`: as of LimitedAction.
  std::optional<Refusal> check(Reader& now, const Session& session, const Ticket& ticket, const KnownAction& action,
                               int own_runs = 0) const;

  /// Whether the action would wait for approval, with the verification that stands now.
  bool needs_approval(Reader& now, const ActionPolicy& admission, const Ticket& ticket) const;

 private:
  std::optional<Refusal> check_role(const Session& session, const std::optional<ActionPolicy>& admission) const;
  std::optional<Refusal> check_ticket(const Session& session, const Ticket& ticket) const;
  std::optional<Refusal> check_method(Reader& now, const Session& session, const Policy& policy, const Ticket& ticket,
                                      const KnownAction& action) const;
  std::optional<Refusal> check_level(Reader& now, const Session& session, const Ticket& ticket,
                                     const ActionPolicy& admission) const;
  /// The ways of verifying that would do and are open on this ticket, by name, the lowest level first.
  std::vector<std::string> ways_to(Reader& now, const Session& session, const Ticket& ticket,
                                   const ActionPolicy& admission) const;
  bool can_establish(Reader& now, const Ticket& ticket, const std::string& method) const;
  std::optional<Refusal> check_ports(Reader& now, const Ticket& ticket, const KnownAction& action) const;
  std::optional<Text> missing(sdk::Port port, Reader& now, const Ticket& ticket, const KnownAction& action) const;

  const VerificationDesk& verification_;
  bool messages_can_be_sent_;
  bool can_dial_, has_readers_, has_card_keys_;
  const Clock& clock_;
  const std::vector<KnownAction>* known_;  ///< all that plugins offer; null: not known here
};

}  // namespace anahtar::core
