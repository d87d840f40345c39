// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace anahtar::core {

/// Why people call. The id is stored, the label shown.
struct Cause {
  std::string id;
  Text label;
};
/// password_blocked, security_word_forgotten, phone_changed, card_locked, certificate, other.
const std::vector<Cause>& causes();
Text cause_label(std::string_view id);

}  // namespace anahtar::core
