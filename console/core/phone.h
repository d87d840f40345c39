// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <string_view>

#include "core/result.h"

namespace anahtar::core {

/// Any spelling ("0532 123 45 67", "+90 (532) 123/45 67", "5321234567") → E.164 "+905321234567". A number without a
/// country is Turkish. Code::invalid with a sentence when it is no telephone number.
Result<std::string> normalised_phone(std::string_view typed);
/// True for a number that can receive SMS in Turkey (+905…).
bool is_turkish_mobile(std::string_view e164);
/// "+905321234567" → "0532 123 45 67", for people.
std::string pretty_phone(std::string_view e164);

}  // namespace anahtar::core
