// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/call_pin_rules.h"

#include <algorithm>
#include <array>

#include "core/digits.h"

namespace anahtar::core {
namespace {

/// Each digit differs from the one before by the same step: 1111, 1234, 9876, 2468, 7890.
bool is_run(std::string_view pin) {
  const int step = (pin[1] - pin[0] + 10) % 10;
  for (std::size_t i = 2; i < pin.size(); ++i)
    if ((pin[i] - pin[i - 1] + 10) % 10 != step) return false;
  return true;
}

/// One part again and again, or there and back: 1212, 123123, 1221.
bool is_repetition(std::string_view pin) {
  for (std::size_t part = 1; part <= pin.size() / 2; ++part)
    if (pin.size() % part == 0 && pin.substr(part) == pin.substr(0, pin.size() - part)) return true;
  return std::equal(pin.begin(), pin.end(), pin.rbegin());
}

bool has_few_digits(std::string_view pin) {
  std::array<bool, 10> seen{};
  for (const char c : pin) seen[static_cast<std::size_t>(c - '0')] = true;
  return std::ranges::count(seen, true) < 3;
}

/// The dates that people write: year, day and month, either order, with the year in two digits or four.
bool is_date_of(std::string_view pin, const std::string& iso) {
  if (iso.size() != 10) return false;
  const std::string year = iso.substr(0, 4), month = iso.substr(5, 2), day = iso.substr(8, 2), short_year = iso.substr(2, 2);
  for (const std::string& known : {day + month + year, year + month + day, day + month + short_year,
                                   short_year + month + day, month + day + year})
    if (known.find(pin) != std::string::npos) return true;
  return false;
}

}  // namespace

std::optional<Text> objection_to_call_pin(const Secret& secret, const Subscriber& holder) {
  const std::string_view pin = secret.expose();
  if (pin.size() < shortest_call_pin || pin.size() > longest_call_pin || !all_digits(pin))
    return tr("A call PIN has 4 to 8 digits.");
  if (is_run(pin) || is_repetition(pin) || has_few_digits(pin))
    return tr("This PIN is too easy to guess. Ask the holder for another one.");
  if (holder.national_id.find(pin) != std::string::npos || holder.mobile.find(pin) != std::string::npos ||
      is_date_of(pin, holder.civil.birth_date))
    return tr("This PIN can be read off the holder's own data. Ask for another one.");
  return {};
}

}  // namespace anahtar::core
