// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <algorithm>
#include <string_view>

namespace anahtar::core {

/// 0 to 9, whatever the locale says.
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// True of an empty text too.
inline bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

}  // namespace anahtar::core
