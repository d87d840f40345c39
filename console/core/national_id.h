// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string_view>

namespace anahtar::core {

/// Whether the 11 digits make a T.C. Kimlik No: d1 ≠ 0, d10 = (7·(d1+d3+d5+d7+d9) − (d2+d4+d6+d8)) mod 10,
/// d11 = (d1+…+d10) mod 10.
bool is_national_id(std::string_view digits);

}  // namespace anahtar::core
