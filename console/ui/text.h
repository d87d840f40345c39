// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include <wx/string.h>

#include "core/model.h"
#include "core/ports.h"
#include "core/result.h"

/// Where texts become words on the screen. [ui]
namespace anahtar::ui {

/// Chooses the language of everything shown from now on. "tr", "en"; empty: the system's. What it chose.
std::string install_language(const std::string& wanted, const std::filesystem::path& catalogue_folder);

wxString from_utf8(std::string_view text);
std::string to_utf8(const wxString& text);

/// In the installed language, with its arguments.
wxString shown(const sdk::Text& text);

/// A sentence of this room; marks it for translation.
template <class... Args>
wxString say(const char* id, Args&&... args) {
  return shown(sdk::tr(id, std::forward<Args>(args)...));
}

/// Local time: "14:05" today, else "21.03. 14:05".
wxString shown_time(core::Time time, core::Time now);
/// "2026-03-21 14:05:33", local.
wxString shown_full_time(core::Time time);
/// How long ago: "now", "4 min", "3 h", "2 d".
wxString shown_age(core::Time since, core::Time now);
/// In a sentence: "just now", "4 min ago".
wxString shown_ago(core::Time since, core::Time now);
/// "12:31" until `end`, "0:00" when it has passed.
wxString shown_time_left(core::Time end, core::Time now);
/// "12 345"
wxString shown_count(std::int64_t count);

wxString shown(core::TicketState state);
wxString shown(core::Priority priority);
wxString shown(core::Channel channel);
wxString shown(core::Role role);
wxString shown(core::Verdict verdict);

/// Escaped for Pango mark-up.
wxString escaped(const wxString& text);

}  // namespace anahtar::ui
