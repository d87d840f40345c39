// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text.h"

#include <algorithm>
#include <chrono>
#include <clocale>

#include <wx/datetime.h>
#include <wx/intl.h>
#include <wx/translation.h>

#include "core/titles.h"

namespace anahtar::ui {
namespace {

wxDateTime local(core::Time time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  return wxDateTime(static_cast<time_t>(seconds));
}

std::int64_t seconds_between(core::Time from, core::Time to) {
  return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

}  // namespace

std::string install_language(const std::string& wanted, const std::filesystem::path& catalogue_folder) {
  const bool turkish = wanted.empty() ? wxLocale::GetSystemLanguage() == wxLANGUAGE_TURKISH : wanted == "tr";
  const std::string language = turkish ? "tr" : "en";
  wxFileTranslationsLoader::AddCatalogLookupPathPrefix(from_utf8(catalogue_folder.string()));
  auto* translations = new wxTranslations;
  translations->SetLanguage(language);
  wxTranslations::Set(translations);  // takes it over, and drops the one before
  translations->AddStdCatalog();
  translations->AddCatalog("anahtar");
  std::setlocale(LC_NUMERIC, "C");
  return language;
}

wxString from_utf8(std::string_view text) { return wxString::FromUTF8(text.data(), text.size()); }
std::string to_utf8(const wxString& text) { return std::string(text.utf8_str()); }

wxString shown(const sdk::Text& text) {
  if (text.empty()) return {};
  const auto translated = [](const std::string& english) {
    return to_utf8(wxGetTranslation(from_utf8(english), "anahtar"));
  };
  return from_utf8(core::fill_in(text, translated(text.id), translated));
}

wxString shown_time(core::Time time, core::Time now) {
  const wxDateTime at = local(time);
  return at.IsSameDate(local(now)) ? at.Format("%H:%M") : at.Format("%d.%m. %H:%M");
}

wxString shown_full_time(core::Time time) { return local(time).Format("%Y-%m-%d %H:%M:%S"); }

wxString shown_age(core::Time since, core::Time now) {
  const auto minutes = seconds_between(since, now) / 60;
  if (minutes < 1) return say("now");
  if (minutes < 60) return say("{1} min", std::to_string(minutes));
  if (minutes < 48 * 60) return say("{1} h", std::to_string(minutes / 60));
  return say("{1} d", std::to_string(minutes / (24 * 60)));
}

wxString shown_ago(core::Time since, core::Time now) {
  return seconds_between(since, now) < 60 ? say("just now") : say("{1} ago", to_utf8(shown_age(since, now)));
}

wxString shown_time_left(core::Time end, core::Time now) {
  const auto left = std::max<std::int64_t>(0, seconds_between(now, end));
  return wxString::Format("%lld:%02lld", static_cast<long long>(left / 60), static_cast<long long>(left % 60));
}

wxString shown_count(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), "\u202f");
  return from_utf8(digits);
}

wxString shown(core::TicketState state) {
  switch (state) {
    case core::TicketState::open: return say("open");
    case core::TicketState::waiting: return say("waiting for something");
    case core::TicketState::closed: return say("closed");
  }
  return {};
}

wxString shown(core::Priority priority) {
  switch (priority) {
    case core::Priority::low: return say("low");
    case core::Priority::normal: return say("normal");
    case core::Priority::high: return say("high");
    case core::Priority::urgent: return say("urgent");
  }
  return {};
}

wxString shown(core::Channel channel) {
  switch (channel) {
    case core::Channel::call: return say("telephone");
    case core::Channel::desk: return say("registration desk");
    case core::Channel::email: return say("e-mail");
    case core::Channel::other: return say("other");
  }
  return {};
}

wxString shown(core::Role role) {
  switch (role) {
    case core::Role::operator_: return say("operator");
    case core::Role::supervisor: return say("supervisor");
    case core::Role::field: return say("field staff");
    case core::Role::administrator: return say("administrator");
  }
  return {};
}

wxString shown(core::Verdict verdict) {
  switch (verdict) {
    case core::Verdict::intact: return say("INTACT");
    case core::Verdict::tampered: return say("TAMPERED WITH");
    case core::Verdict::incomplete: return say("INCOMPLETE");
    case core::Verdict::forked: return say("FORKED");
    case core::Verdict::unverifiable: return say("CANNOT BE VERIFIED");
  }
  return {};
}

wxString escaped(const wxString& text) {
  wxString out = text;
  out.Replace("&", "&amp;");
  out.Replace("<", "&lt;");
  out.Replace(">", "&gt;");
  return out;
}

}  // namespace anahtar::ui
