// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/national_id.h"

#include <algorithm>
#include <array>

#include "core/digits.h"

namespace anahtar::core {

bool is_national_id(std::string_view digits) {
  if (digits.size() != 11 || digits[0] == '0' || !all_digits(digits)) return false;
  std::array<int, 11> d{};
  std::ranges::transform(digits, d.begin(), [](char c) { return c - '0'; });
  const int odd = d[0] + d[2] + d[4] + d[6] + d[8];
  const int even = d[1] + d[3] + d[5] + d[7];
  const int tenth = ((7 * odd - even) % 10 + 10) % 10;
  return d[9] == tenth && d[10] == (odd + even + tenth) % 10;
}

}  // namespace anahtar::core
