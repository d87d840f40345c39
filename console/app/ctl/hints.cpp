// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"

namespace anahtar::app::ctl {
namespace {

int show(Context& context) {
  const auto& session = context.session();
  auto json = Json::array();
  Table table({{say("When")},
               {say("Pattern")},
               {say("Times"), Table::Align::right},
               {say("Subscriber")},
               {say("Operator")},
               {say("Ticket"), Table::Align::right}});
  for (const auto& hint : value_or_throw(context.services().hints->current(session))) {
    json.push_back({{"rule", hint.rule},
                    {"title", shown(hint.title)},
                    {"at", utc_time(hint.at)},
                    {"count", hint.count},
                    {"subscriber", hint.subscriber == 0 ? Json(nullptr) : Json(hint.subscriber)},
                    {"operator", hint.operator_name},
                    {"ticket", hint.ticket == 0 ? Json(nullptr) : Json(hint.ticket)}});
    table.add({local_time(hint.at), shown(hint.title), std::to_string(hint.count), hint.subscriber_name,
               hint.operator_name, hint.ticket == 0 ? "" : std::to_string(hint.ticket)});
  }
  context.give(json, [&] { std::cout << (table.empty() ? say("Nothing stands out.") + "\n" : table.text()); });
  return Exit::done;
}

}  // namespace

void add_hints(Commands& commands) {
  auto& context = commands.context;
  auto* command = commands.app.add_subcommand("hints", say("Patterns at which a supervisor should look"));
  command->footer(say("Example:") + "\n  anahtarctl hints --operator supervisor");
  commands.does(command, [&context] { return show(context); });
}

}  // namespace anahtar::app::ctl
