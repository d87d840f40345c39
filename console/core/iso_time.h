// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include "core/clock.h"

namespace anahtar::core {

/// ISO 8601 in UTC to the second, e.g. "2026-03-01T09:30:00Z"; what records hold.
std::string iso_utc(Time time);

/// To the minute by the clock on this desk's wall, e.g. "2026-03-01 12:30"; what people are told.
std::string wall_time(Time time);

}  // namespace anahtar::core
