// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cards.h"

#include <algorithm>

#include "core/digits.h"

namespace anahtar::core {
namespace {

/// The same two or three characters again and again: 121212, 123123.
bool repeats(std::string_view pin, std::size_t period) {
  return pin.size() >= 2 * period && std::equal(pin.begin() + static_cast<std::ptrdiff_t>(period), pin.end(), pin.begin());
}

/// All the same, each one more or one less than the one before, or repeated: 111111, 123456, 987654, 123123.
bool is_trivial(std::string_view pin) {
  if (pin.size() < 2 || repeats(pin, 2) || repeats(pin, 3)) return true;
  const int step = pin[1] - pin[0];
  if (step < -1 || step > 1) return false;
  for (std::size_t i = 1; i < pin.size(); ++i)
    if (pin[i] - pin[i - 1] != step) return false;
  return true;
}

}  // namespace

std::string_view to_string(UnlockWay way) {
  switch (way) {
    case UnlockWay::puk:
      return "puk";
    case UnlockWay::admin_key:
      return "admin_key";
    case UnlockWay::resetting_code:
      return "resetting_code";
    case UnlockWay::admin_pin:
      return "admin_pin";
    case UnlockWay::issuer:
      return "issuer";
  }
  return "";
}

Text PinRules::problem(const Secret& pin) const {
  const auto value = pin.expose();
  const auto length = static_cast<int>(value.size());
  if (digits_only && !all_digits(value)) return tr("A PIN of this card has digits only.");
  if (length < min_length || length > max_length)
    return tr("A PIN of this card has {1} to {2} characters.", std::to_string(min_length), std::to_string(max_length));
  if (is_trivial(value)) return tr("That PIN is too easy to guess. Choose another one.");
  return {};
}

}  // namespace anahtar::core
