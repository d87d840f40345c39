// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <iostream>
#include <sstream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/terminal.h"

namespace anahtar::app::ctl {
namespace {

std::string text_of_file(const std::string& name) {
  constexpr std::size_t longest = std::size_t{1} << 20;
  std::ifstream in(name, std::ios::binary);
  std::string text(longest + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.empty()) fail(core::Code::not_found, tr("The file {1} cannot be read, or holds nothing.", name));
  if (text.size() > longest) fail(core::Code::invalid, tr("The file {1} is far too long for a policy.", name));
  return text;
}

int show(Context& context) {
  auto& desk = context.services();
  const auto policy = value_or_throw(desk.policies->in_force(context.session()));
  const Json json{{"version", policy.number},
                  {"sha256", policy.sha256},
                  {"applied", policy.number == 0 ? Json() : Json(utc_time(policy.applied))},
                  {"applied_by", policy.applied_by},
                  {"text", policy.text}};
  context.give(json, [&] {
    terminal::tell(policy.number == 0 ? say("The defaults of the program are in force.")
                                      : say("Version {1}, applied by {2} at {3}.", std::to_string(policy.number),
                                            policy.applied_by, local_time(policy.applied)));
    std::cout << policy.text;
  });
  return Exit::done;
}

/// Tells every problem; whether there was none.
bool tell_problems(Context& context, const std::vector<core::PolicyProblem>& problems) {
  auto json = Json::array();
  for (const auto& problem : problems) {
    json.push_back({{"line", problem.line}, {"problem", shown(problem.what)}});
    terminal::tell(say("Line {1}: {2}", std::to_string(problem.line), shown(problem.what)));
  }
  if (!problems.empty()) context.give({{"problems", json}}, [] {});
  return problems.empty();
}

int check(Context& context, const std::string& file) {
  if (!tell_problems(context, context.services().policies->check(text_of_file(file)))) return Exit::refused;
  context.give({{"problems", Json::array()}}, tr("The policy is in order."));
  return Exit::done;
}

int apply(Context& context, const std::string& file) {
  const auto& session = context.session();
  const auto text = text_of_file(file);
  if (session.role == core::Role::administrator && !tell_problems(context, context.services().policies->check(text)))
    return Exit::refused;
  const auto number = value_or_throw(context.services().policies->apply(session, text));
  context.give({{"version", number}}, tr("Version {1} of the policy is in force from now on.", std::to_string(number)));
  return Exit::done;
}

}  // namespace

void add_policy(Commands& commands) {
  auto& context = commands.context;
  auto* group = commands.add_group("policy", tr("What the desk allows"));
  auto* show_command = commands.add(group, "show", tr("Show the policy that is in force"),
                                    "anahtarctl policy show --operator admin > policy.toml");
  commands.does(show_command, [&context] { return show(context); });

  const auto add_with_file = [&](const std::string& name, const Text& what, const std::string& example,
                                 int (*work)(Context&, const std::string&)) {
    auto* command = commands.add(group, name, what, example);
    auto file = std::make_shared<std::string>();
    command->add_option("FILE", *file, say("A policy in TOML"))->required();
    commands.does(command, [&context, file, work] { return work(context, *file); });
  };
  add_with_file("check", tr("Say what is wrong with a policy file"), "anahtarctl policy check policy.toml", check);
  add_with_file("apply", tr("Put a policy into force"), "anahtarctl policy apply policy.toml --operator admin", apply);
}

}  // namespace anahtar::app::ctl
