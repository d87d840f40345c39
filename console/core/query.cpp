// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/directory.h"
#include "core/digits.h"
#include "core/fold.h"
#include "core/national_id.h"
#include "core/phone.h"
#include "core/utf8.h"

namespace anahtar::core {
namespace {

using Kind = SubscriberQuery::Kind;

constexpr std::size_t longest_query = 200;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string trimmed(const std::string& typed) {
  const auto begin = std::ranges::find_if_not(typed, is_space);
  const auto end = std::find_if_not(typed.rbegin(), typed.rend(), is_space).base();
  return begin < end ? std::string(begin, end) : std::string{};
}

std::string without_spaces(std::string text) {
  std::erase_if(text, is_space);
  return text;
}

/// E-mail addresses fold in ASCII: an "I" in one is an "i", in Turkish too.
std::string lowered_email(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return fold(text);
}

Result<SubscriberQuery> by_id(const std::string& text) {
  const std::string digits = text.substr(1);
  if (digits.empty() || digits.size() > 18 || !all_digits(digits))
    return failure(Code::invalid, tr("Write a subscriber's number as # and digits, for example #12."));
  return SubscriberQuery{Kind::id, std::to_string(std::stoll(digits))};
}

Result<SubscriberQuery> by_email(const std::string& text) {
  const auto at = text.find('@');
  const bool usable = at > 0 && at + 1 < text.size() && text.find('@', at + 1) == std::string::npos &&
                      std::ranges::none_of(text, is_space);
  if (!usable) return failure(Code::invalid, tr("This is no e-mail address."));
  return SubscriberQuery{Kind::email, lowered_email(text)};
}

Result<SubscriberQuery> by_number(const std::string& text) {
  const std::string digits = without_spaces(text);
  const bool eleven_digits = digits.size() == 11 && digits[0] != '0' && all_digits(digits);
  if (eleven_digits && is_national_id(digits)) return SubscriberQuery{Kind::national_id, digits};
  if (eleven_digits)
    return failure(Code::invalid, tr("This is no T.C. Kimlik No: one of its digits is wrong. Ask for it again."));
  const auto phone = normalised_phone(text);
  if (phone) return SubscriberQuery{Kind::mobile, *phone};
  return failure(Code::invalid,
                 tr("This is neither a T.C. Kimlik No (11 digits) nor a telephone number. Check the digits."));
}

Result<SubscriberQuery> by_name(const std::string& text) {
  std::string words;
  for (const std::string& word : folded_words(text)) words += (words.empty() ? "" : " ") + word;
  if (count_characters(words).value_or(0) < 2)
    return failure(Code::invalid, tr("Type at least two letters of a name."));
  return SubscriberQuery{Kind::name, words};
}

}  // namespace

Result<SubscriberQuery> recognise_query(const std::string& typed) {
  const std::string text = trimmed(typed);
  if (text.empty())
    return failure(Code::invalid, tr("Type a T.C. Kimlik No, a telephone number, an e-mail address or a name."));
  if (!count_characters(text) || text.size() > longest_query)
    return failure(Code::invalid, tr("This is too long or cannot be read."));
  if (text[0] == '#') return by_id(text);
  if (text.find('@') != std::string::npos) return by_email(text);
  const bool number_like =
      std::ranges::all_of(text, [](char c) { return is_digit(c) || std::string_view("+-()/. \t").find(c) != std::string_view::npos; });
  return number_like ? by_number(text) : by_name(text);
}

}  // namespace anahtar::core
