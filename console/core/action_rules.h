// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/plugin.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

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

/// A rule said no.
struct Refusal {
  std::string rule;  ///< goes into the record: "role", "state", "caller", "level", "locked", "port", "running" …
  Text sentence;
  Code code = Code::refused;

  Failure failure() const { return {code, sentence}; }
};

/// The level that an action needs and who may run it; nothing when the policy does not know it.
struct Admission {
  int level = 0;
  std::chrono::minutes freshness{0};
  std::set<Role> roles;
};
std::optional<Admission> admission_of(const Policy& policy, const KnownAction& action);

/// All rules but "running", in the order in which they are told. Reads what is true in `now`: a transaction's reads
/// when it must hold until the commit.
class ActionRules {
 public:
  ActionRules(const VerificationDesk& verification, bool messages_can_be_sent)
      : verification_(verification), messages_can_be_sent_(messages_can_be_sent) {}

  std::optional<Refusal> check(Reader& now, const Session& session, const Ticket& ticket,
                               const KnownAction& action) const;

 private:
  std::optional<Refusal> check_role(const Session& session, const std::optional<Admission>& admission) const;
  std::optional<Refusal> check_ticket(const Session& session, const Ticket& ticket) const;
  std::optional<Refusal> check_method(Reader& now, const Ticket& ticket, const KnownAction& action) const;
  std::optional<Refusal> check_level(Reader& now, const Ticket& ticket, const Admission& admission) const;
  std::optional<Refusal> check_ports(Reader& now, const Ticket& ticket, const KnownAction& action) const;
  std::optional<Text> missing(sdk::Port port, Reader& now, const Ticket& ticket) const;

  const VerificationDesk& verification_;
  bool messages_can_be_sent_;
};

}  // namespace anahtar::core
