// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/model.h"
#include "core/result.h"

/// What the desk allows, as data. Code decides by these values and by nothing else.
namespace anahtar::core {

struct MethodPolicy {
  int level = 0;
  int tries = 3;            ///< wrong answers before the method locks on a subscriber (codes: per code)
  int codes = 0;            ///< how many codes may be sent before the method locks; 0: it sends none
  std::chrono::seconds code_life{0};
  std::set<Role> roles;
  Text label;               ///< e.g. "SMS code"
};

struct ActionPolicy {
  int level = 0;                        ///< verification needed to run it
  std::chrono::minutes freshness{15};   ///< how old that verification may be
  std::set<Role> roles;
};

struct Policy {
  std::map<std::string, MethodPolicy> methods;  ///< by method id, e.g. "sms_code"
  std::map<std::string, ActionPolicy> actions;  ///< by action id; an action that is not here is nobody's
  std::chrono::minutes verification_life{15};
};

/// The defaults of the desk: registered_mobile (level 1), sms_code (2; 180 s, 3 tries, 3 codes), civil_registry (1, 3 tries);
/// password.unblock at level 1 for operators, supervisors and field staff.
Policy default_policy();

}  // namespace anahtar::core
