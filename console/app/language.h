// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include <anahtar/sdk/text.h>

namespace anahtar::app {

/// "tr" or "en": what was asked for, else the first that LANGUAGE, LC_ALL, LC_MESSAGES or LANG names. No system locale
/// of that language need be installed; numbers and identifiers keep their form in either.
std::string choose_language(const std::string& asked);
/// From now on `shown` speaks this language. Once, before other threads.
void install_language(const std::string& language);

/// The sentence in the language installed, with its arguments in place. [any]
std::string shown(const sdk::Text& text);
template <class... Args>
std::string say(const char* id, Args&&... args) {
  return shown(sdk::tr(id, std::forward<Args>(args)...));
}

}  // namespace anahtar::app
