// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/terminal.h"
#include "app/demo_cards.h"
#include "app/demo_data.h"
#include "app/labels.h"
#include "app/paths.h"
#include "crypto/random.h"
#include "store/site.h"

namespace anahtar::app::ctl {
namespace {

struct Options {
  bool demo = false;
  std::string display_name;
};

core::Operator administrator(const std::string& name, const std::string& display_name, const Secret& password) {
  core::Operator made;
  made.name = name;
  made.display_name = display_name.empty() ? name : display_name;
  made.person = crypto::random_id();
  made.role = core::Role::administrator;
  made.password_hash = store::hash_password(password);
  made.created = core::SystemClock().now();
  return made;
}

void create(const Context& context, core::Operator first, const store::Fill& fill = {}) {
  value_or_throw(store::create_site(context.database(), config_folder(), std::move(first), core::SystemClock(), fill));
}

int create_empty(Context& context, const Options& options) {
  auto name = context.operator_name;
  if (name.empty() && terminal::can_ask()) name = terminal::ask(say("Name of the first administrator: ")).value_or("");
  if (name.empty()) fail(core::Code::invalid, tr("Name the first administrator with --operator NAME."));
  value_or_throw(core::acceptable_operator_name(name));
  if (!options.display_name.empty()) value_or_throw(core::acceptable_display_name(options.display_name));
  const auto password = new_password_from("ANAHTAR_PASSWORD_FILE", tr("Password of {1}: ", name));
  value_or_throw(core::acceptable_password(password));
  create(context, administrator(name, options.display_name, password));
  context.give(Json{{"database", context.database()}, {"administrator", name}},
               tr("{1} is ready; {2} is its first administrator.", context.database(), name));
  return Exit::done;
}

void print_accounts(const std::string& database) {
  Table table({{say("Operator")}, {say("Name")}, {say("Role")}});
  for (const auto& account : demo_accounts())
    table.add({account.name, account.display_name, shown(label(account.role))});
  std::cout << say("{1} is ready, filled with people who do not exist.", database) << "\n\n"
            << table.text() << '\n'
            << say("The password of each of them: {1}", std::string(demo_password)) << '\n';
}

Json accounts_json() {
  auto list = Json::array();
  for (const auto& account : demo_accounts())
    list.push_back({{"name", account.name}, {"role", core::to_string(account.role)}});
  return list;
}

core::Result<> fill_with_demo(const std::string& url) {
  static const core::SystemClock clock;
  auto site = value_or_throw(store::open_site(url, config_folder(), clock));
  value_or_throw(mark_as_demo(site));
  value_or_throw(make_demo_authority(site_folder(site.id)));
  const auto backend = value_or_throw(Backend::open(url));
  value_or_throw(fill_demo(backend->services()));
  value_or_throw(add_demo_certificates(*site.writer));
  return add_demo_cards(*site.writer, *site.card_keys, clock.now());
}

int create_demo(Context& context) {
  const auto& first = demo_administrator();
  create(context, administrator(first.name, first.display_name, Secret(demo_password)), fill_with_demo);
  context.give(Json{{"database", context.database()}, {"password", demo_password}, {"operators", accounts_json()}},
               [&] { print_accounts(context.database()); });
  return Exit::done;
}

}  // namespace

void add_init(Commands& commands) {
  auto& context = commands.context;
  auto options = std::make_shared<Options>();
  auto* command = commands.add(&commands.app, "init", tr("Create the database, the keys and the first administrator"),
                               "anahtarctl init --operator deniz");
  command->add_flag("--demo", options->demo, say("Fill it with fictional operators, subscribers and tickets"));
  command->add_option("--display-name", options->display_name, say("How colleagues see the administrator"));
  commands.does(command, [&context, options] {
    return options->demo ? create_demo(context) : create_empty(context, *options);
  });
}

}  // namespace anahtar::app::ctl
