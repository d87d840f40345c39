// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/causes.h"

#include <algorithm>

namespace anahtar::core {

const std::vector<Cause>& causes() {
  static const std::vector<Cause> all = {
      {"password_blocked", tr("Password blocked")},
      {"security_word_forgotten", tr("Security word forgotten")},
      {"phone_changed", tr("Phone number changed")},
      {"card_locked", tr("Card locked")},
      {"certificate", tr("Certificate")},
      {"other", tr("Other")},
  };
  return all;
}

Text cause_label(std::string_view id) {
  const auto found = std::ranges::find(causes(), id, &Cause::id);
  return found == causes().end() ? sdk::verbatim(std::string(id)) : found->label;
}

}  // namespace anahtar::core
