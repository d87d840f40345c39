// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "core/model.h"
#include "core/ports.h"

namespace anahtar::core {

inline constexpr std::size_t shortest_call_pin = 4, longest_call_pin = 8;

/// What speaks against this PIN for this holder: it is no 4 to 8 digits, follows a simple pattern (1111, 1234, 8642,
/// 1212, 123123), or can be read off the holder's data (national id, mobile, date of birth).
std::optional<Text> objection_to_call_pin(const Secret& pin, const Subscriber& holder);

}  // namespace anahtar::core
