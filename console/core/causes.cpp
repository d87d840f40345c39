// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/causes.h"

#include <algorithm>

namespace anahtar::core {

const std::vector<Cause>& causes() {
  static const std::vector<Cause> all = {
      {"password_blocked", tr("Password blocked"), "password."},
      {"security_word_forgotten", tr("Security word forgotten"), "security_word."},
      {"phone_changed", tr("Phone number changed"), "phone."},
      {"card_locked", tr("Card locked"), "card."},
      {"certificate", tr("Certificate")},
      {"other", tr("Other")},
  };
  return all;
}

Text cause_label(std::string_view id) {
  const auto found = std::ranges::find(causes(), id, &Cause::id);
  return found == causes().end() ? sdk::verbatim(std::string(id)) : found->label;
}

bool serves(std::string_view action, std::string_view cause) {
  const auto found = std::ranges::find(causes(), cause, &Cause::id);
  return found != causes().end() && !found->services.empty() && action.starts_with(found->services);
}

}  // namespace anahtar::core
