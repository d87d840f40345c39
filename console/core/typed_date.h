// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <string_view>

#include "core/result.h"

namespace anahtar::core {

/// A date as people type it (31.12.1980, 31/12/1980, 1980-12-31; spaces and single digits too) as "YYYY-MM-DD". Refuses
/// what is not a date and days that no calendar has.
Result<std::string> iso_date_from(std::string_view typed);

}  // namespace anahtar::core
