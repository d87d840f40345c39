// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace anahtar::sdk {

/// A sentence for people, not yet in their language. It is translated where it is shown, so the same value can be
/// shown in Turkish to one person and in English to another.
struct Text {
  std::string id;                 ///< English source text; "{1}", "{2}" … stand for the arguments. UTF-8.
  std::vector<std::string> args;  ///< Data that is never translated (a masked number, a name). UTF-8.

  bool empty() const { return id.empty(); }
  friend bool operator==(const Text&, const Text&) = default;
};

/// Marks a string for translation; the catalogue is made from the calls of this function.
template <class... Args>
Text tr(const char* id, Args&&... args) {
  return {id, {std::string(std::forward<Args>(args))...}};
}

/// Data shown as it is.
inline Text verbatim(std::string data) { return {"{1}", {std::move(data)}}; }

/// Puts the arguments into an (already translated) pattern.
inline std::string fill(const std::string& pattern, const std::vector<std::string>& args) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool placeholder = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}' &&
                             pattern[i + 1] >= '1' && pattern[i + 1] <= '9';
    if (!placeholder) {
      out += pattern[i];
      continue;
    }
    const std::size_t which = static_cast<std::size_t>(pattern[i + 1] - '1');
    if (which < args.size()) out += args[which];
    i += 2;
  }
  return out;
}

}  // namespace anahtar::sdk
