// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/secrets/needles.h"

#include <string.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "crypto/base64.h"

namespace anahtar::testing {
namespace {

/// What malloc writes into a piece of memory that was given back: two links.
constexpr std::size_t overwritten_when_freed = 16;

std::string widened(std::string_view text, std::size_t width, bool big_endian) {
  std::string out;
  for (const char c : text) {
    std::string unit(width, '\0');
    unit[big_endian ? width - 1 : 0] = c;
    out += unit;
  }
  return out;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::string packed(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) out += static_cast<char>((digits[i] - '0') << 4 | (digits[i + 1] - '0'));
  if (digits.size() % 2 != 0) out += static_cast<char>((digits.back() - '0') << 4 | 0x0F);
  return out;
}

bool is_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

void Needles::plant_text(const std::string& name, std::string_view text) {
  add(name, std::string(text));
  add_wide(name, text);
  const std::string hex = crypto::hex_encode(crypto::view_of(text));
  add(name + " as hexadecimal", hex);
  add(name + " as hexadecimal", upper(hex));
  add_wide(name + " as hexadecimal", hex);
  add_base64(name, text);
  if (!is_digits(text)) return;
  const std::string digits = packed(text);
  add(name + " as packed digits", digits + std::string(std::max<std::size_t>(2, shortest - std::min(shortest, digits.size())), '\xFF'));
}

void Needles::plant_key(const std::string& name, std::string_view bytes) {
  add(name, std::string(bytes));
  const std::string hex = crypto::hex_encode(crypto::view_of(bytes));
  for (const std::string& text : {hex, upper(hex)}) {
    add(name + " as hexadecimal", text);
    add_wide(name + " as hexadecimal", text);
  }
  add_base64(name, bytes);
}

void Needles::add_wide(const std::string& what, std::string_view text) {
  for (const std::size_t width : {2u, 4u})
    for (const bool big_endian : {false, true}) add(what + " as UTF-" + std::to_string(width * 8), widened(text, width, big_endian));
}

/// Within longer text the digits depend on where the bytes begin in a group of three: those that all of it shares.
void Needles::add_base64(const std::string& what, std::string_view bytes) {
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string filled = std::string(before, '\0') + std::string(bytes);
    const std::string text = crypto::base64_encode(crypto::view_of(filled));
    const std::size_t begin = before == 0 ? 0 : before + 1, whole = filled.size() * 8 / 6;
    add(what + " as base64", text.substr(begin, whole - begin));
  }
}

void Needles::add(const std::string& what, std::string bytes) {
  if (bytes.size() < shortest) throw std::invalid_argument("too short to be searched for: " + what);
  if (bytes.size() >= overwritten_when_freed + 2 * shortest) add(what + ", its end", bytes.substr(overwritten_when_freed));
  by_beginning_[slot_of(bytes.data())].push_back(all_.size());
  begins_.set(slot_of(bytes.data()));
  all_.push_back({what, std::move(bytes)});
}

std::size_t Needles::slot_of(const char* bytes) {
  std::uint32_t first = 0;
  ::memcpy(&first, bytes, probe);
  return (first * 2654435761u) >> 16;
}

std::vector<std::string> Needles::found_in(std::string_view haystack) const {
  std::set<std::string> found;
  for (std::size_t at = 0; at + shortest <= haystack.size(); ++at) {
    const std::size_t slot = slot_of(haystack.data() + at);
    if (!begins_[slot]) continue;
    for (const std::size_t each : by_beginning_[slot])
      if (haystack.substr(at).starts_with(all_[each].bytes)) found.insert(all_[each].what);
  }
  return {found.begin(), found.end()};
}

}  // namespace anahtar::testing
