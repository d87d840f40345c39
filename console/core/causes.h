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
  std::string services = {};  ///< how the ids of the actions that serve it begin; empty: any may
};
/// password_blocked, security_word_forgotten, phone_changed, card_locked, certificate, other.
const std::vector<Cause>& causes();
Text cause_label(std::string_view id);
/// Whether the action is what somebody calls for who has this cause.
bool serves(std::string_view action, std::string_view cause);

}  // namespace anahtar::core
