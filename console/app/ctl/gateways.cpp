// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/views.h"

namespace anahtar::app::ctl {
namespace {

const char* name_of(core::GatewayState::Health health) {
  switch (health) {
    case core::GatewayState::Health::not_set_up: return "not_set_up";
    case core::GatewayState::Health::ok: return "ok";
    case core::GatewayState::Health::degraded: return "degraded";
    case core::GatewayState::Health::down: break;
  }
  return "down";
}

Json line_json(const core::GatewayLine& line) {
  Json json{{"id", line.id}, {"name", line.name}, {"state", name_of(line.state.health)}};
  json["retry_in"] = line.state.retry_in ? Json(line.state.retry_in->count()) : Json();
  json["sentence"] = shown(line.state.sentence);
  return json;
}

int show(Context& context) {
  core::Services& desk = context.services();
  desk.gateways->look();
  const auto lines = desk.gateways->lines();
  const auto waiting = desk.outbox->waiting();
  Json json{{"gateways", Json::array()}, {"waiting", Json::array()}};
  for (const auto& line : lines) json["gateways"].push_back(line_json(line));
  for (const auto& message : waiting) json["waiting"].push_back(to_json(message));
  context.give(json, [&] {
    Table table({{say("Gateway")}, {say("Carried by")}, {say("State")}, {say("What is wrong")}});
    for (const auto& line : lines)
      table.add({shown(line.label), line.name, shown(line.sentence), shown(line.state.sentence)});
    std::cout << table.text();
    for (const auto& message : waiting)
      std::cout << say("Waits: {1} for ticket {2}: {3}", shown(message.label), std::to_string(message.ticket),
                       shown(message.sentence))
                << '\n';
  });
  return Exit::done;
}

}  // namespace

void add_gateways(Commands& commands) {
  auto* command = commands.add(
      &commands.app, "gateways",
      tr("How SMS, mail and the civil registry fare, and which messages of this desk wait to be sent"),
      "anahtarctl gateways --json");
  commands.does(command, [&context = commands.context] { return show(context); });
}

}  // namespace anahtar::app::ctl
