// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/phone.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <optional>

#include "core/digits.h"

namespace anahtar::core {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t longest_spelling = 40;

const PhoneNumberUtil& util() {
  static const PhoneNumberUtil& instance = *PhoneNumberUtil::GetInstance();
  return instance;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_mobile_part(std::string_view national) { return national.size() == 10 && national[0] == '5'; }

/// The ten digits of a Turkish mobile in any of its usual spellings. By far the most common case, so that an import does
/// not pay for a full parse; and by shape, so that a newly assigned range is not refused.
std::optional<std::string> turkish_mobile(std::string_view typed) {
  std::string digits;
  bool plus = false;
  for (const char c : typed) {
    if (is_digit(c)) {
      digits += c;
    } else if (c == '+' && digits.empty() && !plus) {
      plus = true;
    } else if (std::string_view(" -./()\t").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  std::string_view national = digits;
  if (!plus && national.starts_with("0090")) {
    national.remove_prefix(4);
  } else if (national.size() >= 12 && national.starts_with("90")) {
    national.remove_prefix(2);
  } else if (plus) {
    return std::nullopt;
  }
  if (national.size() == 11 && national[0] == '0') national.remove_prefix(1);
  if (!is_mobile_part(national)) return std::nullopt;
  return std::string(national);
}

std::optional<PhoneNumber> parsed(std::string_view typed) {
  PhoneNumber number;
  if (util().Parse(std::string(typed), "TR", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
  if (number.has_extension()) return std::nullopt;
  const bool mobile_here = number.country_code() == 90 && is_mobile_part(std::to_string(number.national_number()));
  if (!mobile_here && !util().IsValidNumber(number)) return std::nullopt;
  return number;
}

}  // namespace

Result<std::string> normalised_phone(std::string_view typed) {
  if (const auto mobile = turkish_mobile(typed)) return "+90" + *mobile;
  std::optional<PhoneNumber> number;
  // Letters would be read as a vanity number's digits.
  if (typed.size() <= longest_spelling && std::ranges::none_of(typed, is_letter)) number = parsed(typed);
  if (!number) return failure(Code::invalid, tr("This is no telephone number. Write it as 0532 123 45 67 or +49 30 123456."));
  std::string e164;
  util().Format(*number, PhoneNumberUtil::E164, &e164);
  return e164;
}

bool is_turkish_mobile(std::string_view e164) {
  return e164.size() == 13 && e164.starts_with("+905") && all_digits(e164.substr(1));
}

std::string pretty_phone(std::string_view e164) {
  const std::string given(e164);
  if (e164.size() == 13 && e164.starts_with("+90") && all_digits(e164.substr(1)))
    return "0" + given.substr(3, 3) + " " + given.substr(6, 3) + " " + given.substr(9, 2) + " " + given.substr(11, 2);
  const auto number = parsed(e164);
  if (!number) return given;
  std::string out;
  util().Format(*number, PhoneNumberUtil::INTERNATIONAL, &out);
  return out;
}

}  // namespace anahtar::core
