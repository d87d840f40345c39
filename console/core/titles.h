// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>
#include <string>
#include <string_view>

#include <anahtar/sdk/text.h>

namespace anahtar::core {

using sdk::Text;
struct PluginCatalogue;

/// An argument that is itself translated where its sentence is shown. `title` has no arguments of its own.
std::string term(const Text& title);
/// The English text of a term, to be translated; empty when the argument is plain data.
std::string_view term_of(std::string_view argument);
/// Puts the arguments into an already translated pattern; `translate` turns the English text of a term into the reader's.
std::string fill_in(const Text& text, const std::string& pattern, auto&& translate) {
  std::vector<std::string> args = text.args;
  for (std::string& arg : args)
    if (const auto english = term_of(arg); !english.empty()) arg = translate(std::string(english));
  return sdk::fill(pattern, args);
}

/// What people call the things that records name by ids: actions and methods as the plugins name them, and core's own
/// words. An id that nobody has a title for stands for itself.
class Titles {
 public:
  explicit Titles(const PluginCatalogue& plugins);
  Titles() = default;  ///< core's own words only

  std::string action(const std::string& id) const;
  std::string method(const std::string& id) const;
  static Text field(const std::string& name);      ///< of a record, by its stored name
  static std::string word(const std::string& id);  ///< a rule that refused, a verdict, a kind of message or change

 private:
  std::map<std::string, Text> actions_, methods_;
};

}  // namespace anahtar::core
