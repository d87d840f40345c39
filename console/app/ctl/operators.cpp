// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/labels.h"

namespace anahtar::app::ctl {
namespace {

constexpr char first_password_file[] = "ANAHTAR_NEW_PASSWORD_FILE";

struct Options {
  std::string name, display_name, person, role = "operator";
};

Json to_json(const core::Operator& account, core::Time now) {
  return {{"name", account.name},
          {"display_name", account.display_name},
          {"person", account.person},
          {"role", core::to_string(account.role)},
          {"disabled", account.disabled},
          {"locked", account.locked_until && *account.locked_until > now},
          {"must_change_password", account.must_change_password}};
}

std::string state_of(const core::Operator& account, core::Time now) {
  if (account.disabled) return say("disabled");
  if (account.locked_until && *account.locked_until > now) return say("locked until {1}", local_time(*account.locked_until));
  if (account.must_change_password) return say("first password");
  return say("active");
}

int list(Context& context) {
  auto& desk = context.services();
  const auto accounts = value_or_throw(desk.operators.list(context.session()));
  const auto now = desk.clock.now();
  auto json = Json::array();
  Table table({{say("Operator")}, {say("Name")}, {say("Role")}, {say("State")}, {say("Person")}});
  for (const auto& account : accounts) {
    json.push_back(to_json(account, now));
    table.add({account.name, account.display_name, shown(label(account.role)), state_of(account, now),
               account.person.substr(0, 8)});
  }
  context.give(json, [&] { std::cout << table.text(); });
  return Exit::done;
}

int add(Context& context, const Options& options) {
  auto& desk = context.services();
  const auto& session = context.session();
  const core::NewOperator wanted{options.name, options.display_name.empty() ? options.name : options.display_name,
                                 options.person, core::role_from(options.role).value()};
  value_or_throw(core::acceptable_operator_name(wanted.name));
  const auto password = new_password_from(first_password_file, tr("First password of {1}: ", options.name));
  const auto added = value_or_throw(desk.operators.add(session, wanted, password));
  context.give(to_json(added, desk.clock.now()),
               tr("{1} was added and must change the first password.", added.name));
  return Exit::done;
}

int disable(Context& context, const std::string& name) {
  value_or_throw(context.services().operators.disable(context.session(), name));
  context.give({{"name", name}, {"disabled", true}}, tr("{1} is disabled.", name));
  return Exit::done;
}

int unlock(Context& context, const std::string& name) {
  value_or_throw(context.services().operators.unlock(context.session(), name));
  context.give({{"name", name}, {"disabled", false}, {"locked", false}}, tr("{1} can sign in again.", name));
  return Exit::done;
}

int set_role(Context& context, const Options& options) {
  value_or_throw(context.services().operators.set_role(context.session(), options.name, *core::role_from(options.role)));
  context.give({{"name", options.name}, {"role", options.role}},
               tr("{1} has another role now and must sign in again.", options.name));
  return Exit::done;
}

int reset_password(Context& context, const std::string& name) {
  const auto& session = context.session();
  const auto password = new_password_from(first_password_file, tr("First password of {1}: ", name));
  value_or_throw(context.services().operators.reset_password(session, name, password));
  context.give({{"name", name}, {"must_change_password", true}}, tr("{1} has a new first password.", name));
  return Exit::done;
}

int change_password(Context& context) {
  auto& desk = context.services();
  const auto& session = context.session_with_any_password();
  const auto current = password_from("ANAHTAR_PASSWORD_FILE", tr("Your password: "));
  const auto fresh = new_password_from(first_password_file, tr("Your new password: "));
  value_or_throw(desk.sign_in.change_password(session, current, fresh));
  context.give({{"name", session.name}, {"must_change_password", false}}, tr("Your password was changed."));
  return Exit::done;
}

}  // namespace

void add_operators(Commands& commands) {
  auto& context = commands.context;
  auto* group = commands.add_group("operators", tr("The accounts of the staff"));

  auto* list_command = commands.add(group, "list", tr("List the accounts"), "anahtarctl operators list --operator admin");
  commands.does(list_command, [&context] { return list(context); });

  auto options = std::make_shared<Options>();
  auto* add_command = commands.add(group, "add", tr("Add an account, with a first password that must be changed"),
                                   "anahtarctl operators add ayla --role supervisor --operator admin");
  add_command->add_option("NAME", options->name, say("What they sign in with"))->required();
  add_command->add_option("--role", options->role, say("What they may do"))
      ->check(CLI::IsMember({"operator", "supervisor", "field", "administrator"}));
  add_command->add_option("--display-name", options->display_name, say("How colleagues see them"));
  add_command->add_option("--person", options->person, say("The person's id, when they hold another account already"));
  commands.does(add_command, [&context, options] { return add(context, *options); });

  const auto add_named = [&](const std::string& name, const Text& what, int (*work)(Context&, const std::string&)) {
    auto* command = commands.add(group, name, what, "anahtarctl operators " + name + " ayla --operator admin");
    auto who = std::make_shared<std::string>();
    command->add_option("NAME", *who, say("The account"))->required();
    commands.does(command, [&context, who, work] { return work(context, *who); });
  };
  add_named("disable", tr("End an account; its records stay"), disable);
  add_named("unlock", tr("End a lock-out, or enable a disabled account"), unlock);
  add_named("reset-password", tr("Give an account a new first password"), reset_password);

  auto changed = std::make_shared<Options>();
  auto* role_command = commands.add(group, "set-role", tr("Give an account another role"),
                                    "anahtarctl operators set-role ayla --role supervisor --operator admin");
  role_command->add_option("NAME", changed->name, say("The account"))->required();
  role_command->add_option("--role", changed->role, say("What they may do"))
      ->required()
      ->check(CLI::IsMember({"operator", "supervisor", "field", "administrator"}));
  commands.does(role_command, [&context, changed] { return set_role(context, *changed); });

  auto* change = commands.add(group, "change-password", tr("Change your own password"),
                              "anahtarctl operators change-password --operator ayla");
  commands.does(change, [&context] { return change_password(context); });
}

}  // namespace anahtar::app::ctl
