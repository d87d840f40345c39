// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/terminal.h"
#include "core/phone.h"

namespace anahtar::app::ctl {
namespace {

int phone(Context& context, const std::string& number) {
  auto* telephone = context.services().demo_phone;
  if (!telephone)
    fail(core::Code::refused, tr("This is no demo: its messages go to real telephones. See anahtarctl init --demo."));
  const auto wanted = number.empty() ? number : value_or_throw(core::normalised_phone(number));
  auto json = Json::array();
  std::string text;
  for (const auto& message : telephone->messages()) {
    if (!wanted.empty() && message.to != wanted) continue;
    json.push_back({{"at", utc_time(message.at)}, {"to", message.to}, {"text", message.text}});
    text += terminal::harmless(local_time(message.at) + "  " + core::pretty_phone(message.to) + "  " + message.text) + '\n';
  }
  context.give(json, [&] { std::cout << (text.empty() ? say("No messages yet.") + "\n" : text); });
  return Exit::done;
}

}  // namespace

void add_demo(Commands& commands) {
  auto* group = commands.add_group("demo", tr("To play the caller in a demo database"));
  auto number = std::make_shared<std::string>();
  auto* command = commands.add(group, "phone", tr("The text messages that callers got, newest first"),
                               "anahtarctl demo phone --number 05000000001");
  command->add_option("--number", *number, say("Only this telephone"));
  commands.does(command, [&context = commands.context, number] { return phone(context, *number); });
}

}  // namespace anahtar::app::ctl
