// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policy.h"

namespace anahtar::core {

Policy default_policy() {
  using namespace std::chrono_literals;
  const std::set<Role> desk = {Role::operator_, Role::supervisor, Role::field};
  Policy policy;
  policy.methods = {
      {"registered_mobile",
       {.level = 1,
        .tries = 3,
        .codes = 0,
        .code_life = 0s,
        .roles = desk,
        .label = tr("Call from the registered mobile")}},
      {"sms_code", {.level = 2, .tries = 3, .codes = 3, .code_life = 180s, .roles = desk, .label = tr("SMS code")}},
      {"civil_registry",
       {.level = 1, .tries = 3, .codes = 0, .code_life = 0s, .roles = desk, .label = tr("Civil-registry questions")}},
  };
  policy.actions = {
      {"password.unblock", {.level = 1, .freshness = 15min, .roles = desk}},
  };
  policy.verification_life = 15min;
  return policy;
}

}  // namespace anahtar::core
