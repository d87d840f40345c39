// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iostream>

#include "app/ctl/cards.h"
#include "app/ctl/context.h"
#include "app/ctl/terminal.h"
#include "app/ctl/usage.h"

namespace anahtar::app::ctl {
namespace {

/// The help is in the operator's language, so the language is needed before the line is parsed.
std::string language_asked_for(int count, char** arguments) {
  static constexpr std::string_view option = "--language";
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument == option && i + 1 < count) return arguments[i + 1];
    if (argument.starts_with(option) && argument.substr(option.size()).starts_with('='))
      return std::string(argument.substr(option.size() + 1));
  }
  return {};
}

void add_common_options(CLI::App& app, Context& context) {
  app.add_option("--database", context.asked_database, say("sqlite:///absolute/path.db; else $ANAHTAR_DATABASE"));
  app.add_option("--operator", context.operator_name, say("Who acts; the password is asked for, or read from the file that $ANAHTAR_PASSWORD_FILE names"));
  app.add_option("--language", context.language, say("tr or en"))->check(CLI::IsMember({"tr", "en"}));
  app.add_flag("--json", context.json, say("Give the result as JSON"));
}

const char* name_of(core::Code code) {
  switch (code) {
    case core::Code::not_found: return "not_found";
    case core::Code::invalid: return "invalid";
    case core::Code::refused: return "refused";
    case core::Code::not_permitted: return "not_permitted";
    case core::Code::conflict: return "conflict";
    case core::Code::unavailable: return "unavailable";
    case core::Code::not_intact: return "not_intact";
    case core::Code::cancelled: return "cancelled";
    case core::Code::internal: return "internal";
  }
  return "internal";
}

void give_error(const char* code, const std::string& sentence) {
  const Json error{{"code", code}, {"sentence", sentence}};
  std::cout << Json{{"error", error}}.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

int report(Context& context, const core::Failure& failure) {
  terminal::end_progress();
  terminal::tell(shown(failure.sentence));
  if (context.json) give_error(name_of(failure.code), shown(failure.sentence));
  return failure.code == core::Code::not_intact ? Exit::not_intact : Exit::refused;
}

int work_of(Context& context, const Work& work) {
  try {
    return work();
  } catch (const core::FailureError& error) {
    return report(context, error.failure);
  } catch (const std::exception&) {
    // what() may quote values of the database; it is not for a screen.
    return report(context, {core::Code::internal, tr("Something in the program went wrong; nothing was half done.")});
  }
}

int report_usage(const bool json, const CLI::App& app, const CLI::ParseError& error) {
  const std::string sentence = usage_sentence(app, error);
  std::string command = "anahtarctl";
  for (auto chosen = app.get_subcommands(); !chosen.empty(); chosen = chosen.front()->get_subcommands())
    command += " " + chosen.front()->get_name();
  terminal::tell(sentence + "\n" + say("“{1}” says more.", command + " --help"));
  if (json) give_error("usage", sentence);
  return Exit::wrong_usage;
}

}  // namespace

int run_line(Context& context, int count, char** arguments) {
  install_language(choose_language(language_asked_for(count, arguments)));
  Work work;
  CLI::App app(say("anahtarctl: the desk of a certification authority, on the command line"), "anahtarctl");
  app.fallthrough();
  app.require_subcommand(1);
  add_common_options(app, context);
  Commands commands{app, context, work};
  for (const auto add : {add_init, add_operators, add_subscribers, add_tickets, add_plugins, add_policy, add_actions,
                         add_approvals, add_audit, add_demo, add_gateways, add_messages, add_recordings, add_hints,
                         add_cards})
    add(commands);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // help was asked for
    const bool json = std::ranges::any_of(arguments, arguments + count, [](std::string_view each) { return each == "--json"; });
    return report_usage(json, app, error);
  }
  return work_of(context, work);
}

}  // namespace anahtar::app::ctl
