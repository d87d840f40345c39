// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace anahtar::testing {

/// Finds planted secrets in bytes, in every form in which a program writes or keeps them, in one pass.
class Needles {
 public:
  /// A PIN, code, word or password: as UTF-8 (and with it every padded block), UTF-16, UTF-32, hexadecimal, base64, and, if
  /// it is digits, as packed BCD in a block filled up with FF.
  void plant_text(const std::string& name, std::string_view text);
  /// A key: its bytes, and what `plant_text` does with their hexadecimal digits and their base64.
  void plant_key(const std::string& name, std::string_view bytes);

  /// "PUK as UTF-32", each once, in order; without what `excused` names.
  std::vector<std::string> found_in(std::string_view haystack) const;

 private:
  struct Needle {
    std::string what, bytes;
  };
  /// The form itself, and what is left of it where the first 16 bytes became the links of a freed piece of memory.
  void add(const std::string& what, std::string bytes);
  void add_wide(const std::string& what, std::string_view text);
  void add_base64(const std::string& what, std::string_view bytes);

  static constexpr std::size_t shortest = 6, probe = 4;
  static std::size_t slot_of(const char* bytes);

  std::vector<Needle> all_;
  std::array<std::vector<std::size_t>, 1 << 16> by_beginning_;
  std::bitset<1 << 16> begins_;  ///< which of these are not empty: small enough to stay in the processor's cache
};

}  // namespace anahtar::testing
