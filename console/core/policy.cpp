// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policy.h"

#include "core/policy_file.h"

namespace anahtar::core {

std::string_view to_string(ApprovalRule rule) {
  switch (rule) {
    case ApprovalRule::none:
      return "none";
    case ApprovalRule::four_eyes:
      return "four_eyes";
    case ApprovalRule::four_eyes_unless_level_3:
      return "four_eyes_unless_level_3";
  }
  return "";
}

Policy default_policy() {
  auto parsed = parse_policy(default_policy_text(), nullptr);
  if (!parsed) throw FailureError({Code::internal, parsed.error().front().what});
  return std::move(*parsed);
}

bool is_open(const OpeningHours& hours, Time now, std::chrono::minutes utc_offset) {
  const auto here = now + utc_offset;
  const auto day = std::chrono::floor<std::chrono::days>(here);
  const auto minute = std::chrono::floor<std::chrono::minutes>(here - day);
  return hours.days.contains(std::chrono::weekday(day).iso_encoding()) && minute >= hours.from && minute < hours.to;
}

bool needs_approval(const ActionPolicy& action, int level) {
  return action.approval == ApprovalRule::four_eyes ||
         (action.approval == ApprovalRule::four_eyes_unless_level_3 && level < highest_level);
}

}  // namespace anahtar::core
