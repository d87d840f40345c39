// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/views.h"

namespace anahtar::app::ctl {
namespace {

struct MessageOptions {
  std::string message, reason;
};

core::StrandedMessages& stranded_of(Context& context) { return *context.services().stranded; }

int list(Context& context) {
  const auto& session = context.session();
  auto json = Json::array();
  Table table({{say("Message")}, {say("Kind")}, {say("Ticket"), Table::Align::right}, {say("Last touched")}});
  for (const auto& message : value_or_throw(stranded_of(context).list(session))) {
    json.push_back(to_json(message));
    table.add({message.id, shown(message.label), std::to_string(message.ticket), local_time(message.changed)});
  }
  context.give(json, [&] { std::cout << (table.empty() ? say("No message waits on another computer.") + "\n" : table.text()); });
  return Exit::done;
}

int take_over(Context& context, const MessageOptions& options) {
  value_or_throw(stranded_of(context).take_over(context.session(), options.message, options.reason));
  context.services().outbox->wake();
  context.give({{"message", options.message}}, tr("This computer sends the message from now on."));
  return Exit::done;
}

int settle(Context& context, const MessageOptions& options) {
  value_or_throw(stranded_of(context).settle(context.session(), options.message, options.reason));
  context.give({{"message", options.message}}, tr("The message will not be sent."));
  return Exit::done;
}

}  // namespace

void add_messages(Commands& commands) {
  auto& context = commands.context;
  auto* group = commands.add_group("messages", tr("Messages that another computer queued and no longer looks after"));
  auto* stranded = commands.add(group, "stranded", tr("List them; supervisors and administrators"),
                                "anahtarctl messages stranded --operator admin");
  commands.does(stranded, [&context] { return list(context); });

  auto options = std::make_shared<MessageOptions>();
  const auto add_decision = [&](const std::string& name, const Text& what, int (*work)(Context&, const MessageOptions&)) {
    auto* command = commands.add(group, name, what,
                                 "anahtarctl messages " + name + " MESSAGE --reason \"Its computer broke.\" --operator admin");
    command->add_option("MESSAGE", options->message, say("An id of messages stranded"))->required();
    command->add_option("--reason", options->reason, say("Why; stands in the record"))->required();
    commands.does(command, [&context, options, work] { return work(context, *options); });
  };
  add_decision("take-over", tr("Have this computer send it; administrators"), take_over);
  add_decision("settle", tr("Say that it will not be sent; administrators"), settle);
}

}  // namespace anahtar::app::ctl
