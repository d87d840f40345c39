// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <string_view>

namespace anahtar::core {

/// First letter of each word, the rest as dots of a fixed number, so that lengths do not tell: "A••• Y•••".
std::string mask_name(std::string_view name);
/// "+905321234545" → "05•• ••• •• 45". Other countries: "+49 ••• 12".
std::string mask_mobile(std::string_view e164);
/// "12345678901" → "123••••••01".
std::string mask_national_id(std::string_view id);
/// "ayse@ornek.example" → "a•••@o•••.example".
std::string mask_email(std::string_view email);
/// "••••", whatever it holds; empty stays empty.
std::string mask_all(std::string_view value);

}  // namespace anahtar::core
