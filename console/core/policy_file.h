// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy.h"

namespace anahtar::core {

/// What is wrong with a policy file, and where.
struct PolicyProblem {
  std::uint32_t line = 0;
  Text what;
};

/// The methods and actions that exist; a policy may speak of no others.
struct KnownNames {
  std::set<std::string> methods, actions;
};

/// Reads a policy in TOML 1.0. Every problem is told, in the order of the lines; text that is no TOML has one, the first.
/// Without `known`, any method and action may be named (a policy in force may name those of a plugin that is not loaded).
std::expected<Policy, std::vector<PolicyProblem>> parse_policy(std::string_view toml, const KnownNames* known);

}  // namespace anahtar::core
