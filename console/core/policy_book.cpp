// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policy_book.h"

#include "core/policy_file.h"

namespace anahtar::core {

const Policy& PolicyBook::in_force(Reader& now) {
  const auto stored = now.policy_in_force();
  if (!stored) return *(newest_ = &defaults_);
  const std::lock_guard lock(mutex_);
  auto known = versions_.find(stored->sha256);
  if (known == versions_.end()) {
    auto parsed = parse_policy(stored->text, nullptr);
    if (!parsed)
      throw FailureError({Code::not_intact, tr("The policy in force (version {1}) cannot be read by this program. Update "
                                               "the program, or have an administrator apply another policy.",
                                               std::to_string(stored->number))});
    known = versions_.emplace(stored->sha256, std::move(*parsed)).first;
  }
  return *(newest_ = &known->second);
}

}  // namespace anahtar::core
