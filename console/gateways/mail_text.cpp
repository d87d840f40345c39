// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/mail_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"
#include "crypto/base64.h"

namespace anahtar::gateways {
namespace {

constexpr std::string_view word_begin = "=?UTF-8?B?", word_end = "?=";
constexpr std::size_t bytes_per_word = 42;  // 56 characters of base64: with its frame 68 of the 75 allowed

bool is_atom_character(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_dotted(std::string_view text, bool (*allowed)(unsigned char)) {
  return !text.empty() && text.front() != '.' && text.back() != '.' && text.find("..") == text.npos &&
         std::ranges::all_of(text, [&](unsigned char c) { return c == '.' || allowed(c); });
}

bool is_domain_character(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7F; }

/// At most `most` bytes, ending where a character ends.
std::string_view whole_characters(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while ((static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace

bool is_mail_address(std::string_view address) {
  const auto at = address.find('@');
  if (at == address.npos || at > 64 || address.size() > 254) return false;
  return is_dotted(address.substr(0, at), is_atom_character) && is_dotted(address.substr(at + 1), is_domain_character);
}

std::optional<std::string> header_text(std::string_view utf8) {
  if (!core::count_characters(utf8) || std::ranges::any_of(utf8, is_control)) return {};
  const bool plain = std::ranges::all_of(utf8, [](unsigned char c) { return c < 0x7F; }) && utf8.size() <= 900 &&
                     utf8.find("=?") == utf8.npos;
  if (plain) return std::string(utf8);
  std::string words;
  while (!utf8.empty()) {
    const auto piece = whole_characters(utf8, bytes_per_word);
    if (!words.empty()) words += "\r\n ";
    words.append(word_begin).append(crypto::base64_encode(crypto::view_of(piece))).append(word_end);
    utf8.remove_prefix(piece.size());
  }
  return words;
}

std::string mail_date(core::Time time) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", days[std::chrono::weekday(day).c_encoding()],
                     unsigned(date.day()), months[unsigned(date.month()) - 1], int(date.year()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace anahtar::gateways
