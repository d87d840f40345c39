// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/usage.h"

#include <regex>

#include "app/ctl/context.h"
#include "app/ctl/terminal.h"

namespace anahtar::app::ctl {
namespace {

/// CLI11 speaks English alone, and tells what it means in no other way. What none of these fits stays as it is.
struct Phrase {
  const char* pattern;  ///< its groups are the arguments of the sentence
  Text sentence;
};

const std::vector<Phrase>& phrases() {
  static const std::vector<Phrase> all{
      {"A subcommand is required", tr("A command is missing.")},
      {"(.+) is required", tr("{1} is missing.")},
      {"(.+): \\d+ required .*missing", tr("{1} needs a value.")},
      {"Could not convert: (.+) = (.*)", tr("“{2}” is no value for {1}.")},
      {"(.+): (.*) not in \\{(.+)\\}", tr("“{2}” is no value for {1}, which is one of these: {3}.")},
      {"(.+): Value (.+) not in range (.+) to (.+)", tr("{1} is a number from {3} to {4}, not “{2}”.")},
      {"(.+): At Most \\d+ required but received \\d+", tr("{1} was given more than once.")},
      {"(.+) excludes (.+)", tr("{1} and {2} do not go together.")},
      {"(.+) requires (.+)", tr("{1} needs {2} beside it.")},
  };
  return all;
}

std::string in_our_words(const std::string& theirs) {
  for (const Phrase& each : phrases()) {
    std::smatch groups;
    if (!std::regex_match(theirs, groups, std::regex(each.pattern))) continue;
    Text sentence = each.sentence;
    for (std::size_t i = 1; i < groups.size(); ++i) sentence.args.push_back(terminal::harmless(groups[i].str()));
    return shown(sentence);
  }
  return terminal::harmless(theirs);
}

/// The first word of the line that nothing took, when it stands where a command belongs.
std::string unknown_command(const CLI::App& app) {
  for (const std::string& word : app.remaining(/*recurse=*/true))
    if (!word.starts_with('-')) return word;
  return {};
}

}  // namespace

std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error) {
  const bool lacks = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  const bool has_more = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const auto chosen = app.get_subcommands();
  const std::string word = lacks || has_more ? unknown_command(app) : std::string();
  if (!word.empty() && (lacks || chosen.empty())) return say("There is no command “{1}”.", terminal::harmless(word));
  if (!has_more) return in_our_words(error.what());
  const auto all = app.remaining(/*recurse=*/true);
  return say("“{1}” is not understood here.", terminal::harmless(all.empty() ? "" : all.front()));
}

}  // namespace anahtar::app::ctl
