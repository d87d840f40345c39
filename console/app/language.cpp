// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/language.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>

#include "app/paths.h"
#include "core/titles.h"

namespace anahtar::app {

std::string choose_language(const std::string& asked) {
  if (!asked.empty()) return asked.starts_with("tr") ? "tr" : "en";
  for (const char* variable : {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = ::getenv(variable);
    if (value && *value) return std::string_view(value).starts_with("tr") ? "tr" : "en";
  }
  return "en";
}

void install_language(const std::string& language) {
  ::setenv("LANGUAGE", language.c_str(), 1);
  // Under the C locale gettext would not look at LANGUAGE; C.UTF-8 is on every Debian system.
  ::setlocale(LC_MESSAGES, "C.UTF-8");
  ::setlocale(LC_CTYPE, "C.UTF-8");
  ::bindtextdomain("anahtar", catalogue_folder().c_str());
  ::bind_textdomain_codeset("anahtar", "UTF-8");
}

std::string shown(const sdk::Text& text) {
  if (text.empty()) return {};
  const auto translated = [](const std::string& english) { return std::string(::dgettext("anahtar", english.c_str())); };
  return core::fill_in(text, translated(text.id), translated);
}

}  // namespace anahtar::app
