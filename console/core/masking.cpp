// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/masking.h"

#include "core/phone.h"

namespace anahtar::core {
namespace {

constexpr std::string_view three_dots = "•••";

std::string dots(std::size_t count) {
  std::string out;
  while (count-- > 0) out += "•";
  return out;
}

std::string first_character(std::string_view text) {
  std::size_t size = text.empty() ? 0 : 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return std::string(text.substr(0, size));
}

std::string_view last(std::string_view text, std::size_t count) {
  return text.size() <= count ? std::string_view{} : text.substr(text.size() - count);
}

}  // namespace

std::string mask_name(std::string_view name) {
  std::string out;
  while (true) {
    const auto begin = name.find_first_not_of(' ');
    if (begin == std::string_view::npos) return out;
    name.remove_prefix(begin);
    if (!out.empty()) out += ' ';
    out.append(first_character(name)).append(three_dots);
    name.remove_prefix(std::min(name.find(' '), name.size()));
  }
}

std::string mask_mobile(std::string_view e164) {
  if (e164.empty()) return {};
  if (is_turkish_mobile(e164)) return "05•• ••• •• " + std::string(last(e164, 2));
  const std::string pretty = pretty_phone(e164);
  const std::string country = pretty.starts_with('+') ? pretty.substr(0, pretty.find(' ')) + " " : "";
  return country + std::string(three_dots) + " " + std::string(last(e164, 2));
}

std::string mask_national_id(std::string_view id) {
  if (id.size() != 11) return mask_all(id);
  return std::string(id.substr(0, 3)) + dots(6) + std::string(last(id, 2));
}

std::string mask_email(std::string_view email) {
  const auto at = email.rfind('@');
  if (at == std::string_view::npos || at == 0) return mask_all(email);
  const std::string_view domain = email.substr(at + 1);
  const auto dot = domain.rfind('.');
  const std::string_view top = dot == std::string_view::npos ? std::string_view{} : domain.substr(dot);
  return first_character(email).append(three_dots).append("@").append(first_character(domain)).append(three_dots).append(top);
}

std::string mask_all(std::string_view value) { return value.empty() ? std::string{} : dots(4); }

}  // namespace anahtar::core
