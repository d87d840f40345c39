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

int card(Context& context, const std::string& what, const std::string& id) {
  auto* cards = context.services().demo_cards;
  if (!cards) fail(core::Code::refused, tr("This is no demo: its cards are real ones."));
  if (what == "remove") {
    value_or_throw(cards->remove());
    context.give(Json{{"card", Json()}}, tr("The card is out of the reader."));
    return Exit::done;
  }
  if (id.empty()) fail(core::Code::invalid, tr("Name the card: piv, gids or akis."));
  value_or_throw(cards->insert(id));
  context.give(Json{{"card", id}}, tr("The card is in the reader."));
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

  auto which = std::make_shared<std::pair<std::string, std::string>>();
  auto* card_command = commands.add(group, "card", tr("Put an emulated card into the demo's reader, or take it out"),
                                    "anahtarctl demo card insert akis");
  card_command->add_option("WHAT", which->first, say("insert or remove"))->required()->check(CLI::IsMember({"insert", "remove"}));
  card_command->add_option("CARD", which->second, say("piv, gids or akis"))->check(CLI::IsMember({"piv", "gids", "akis"}));
  commands.does(card_command, [&context = commands.context, which] { return card(context, which->first, which->second); });
}

}  // namespace anahtar::app::ctl
