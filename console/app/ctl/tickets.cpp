// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/views.h"
#include "app/labels.h"
#include "core/causes.h"

namespace anahtar::app::ctl {
namespace {

using core::TicketNumber;

struct OpenOptions {
  core::SubscriberId subscriber = 0;
  std::string channel, priority = "normal", cause = "other", note;
};

struct ListOptions {
  std::string queue = "open", cause;
  core::SubscriberId subscriber = 0;
  int limit = 50;
};

struct OneTicket {
  TicketNumber number = 0;
  core::SubscriberId subscriber = 0;
  std::string text, to;
};

std::vector<std::string> cause_ids() {
  std::vector<std::string> ids;
  for (const auto& cause : core::causes()) ids.push_back(cause.id);
  return ids;
}

core::TicketFilter::Queue queue_from(const std::string& name) {
  using Queue = core::TicketFilter::Queue;
  if (name == "all") return Queue::all;
  if (name == "mine") return Queue::mine;
  if (name == "waiting") return Queue::waiting;
  if (name == "closed") return Queue::closed;
  return Queue::open;
}

int open(Context& context, const OpenOptions& options) {
  const auto& session = context.session();
  core::NewTicket wanted;
  if (options.subscriber > 0) wanted.subscriber = options.subscriber;
  const core::Channel usual = session.role == core::Role::field ? core::Channel::desk : core::Channel::call;
  wanted.channel = core::channel_from(options.channel).value_or(usual);
  wanted.priority = core::priority_from(options.priority).value();
  wanted.cause = options.cause;
  wanted.note = options.note;
  const auto number = value_or_throw(context.services().tickets.open(session, wanted));
  context.give({{"number", number}}, tr("Ticket {1} is open.", std::to_string(number)));
  return Exit::done;
}

int list(Context& context, const ListOptions& options) {
  const auto& session = context.session();
  auto& desk = context.services();
  core::TicketFilter filter;
  filter.queue = queue_from(options.queue);
  filter.me = session.operator_id;
  filter.cause = options.cause;
  filter.limit = options.limit;
  if (options.subscriber > 0) filter.subscriber = options.subscriber;
  auto json = Json::array();
  Table table({{say("Ticket"), Table::Align::right},
               {say("Opened")},
               {say("State")},
               {say("Priority")},
               {say("Cause")},
               {say("Subscriber")},
               {say("Assigned to")}});
  auto lines = value_or_throw(desk.tickets.list(session, filter));
  core::Actions::mark_unfinished(lines, value_or_throw(desk.actions.unfinished(session)));
  for (const auto& line : lines) {
    json.push_back(to_json(line));
    const auto state = shown(label(line.state)) + (line.unfinished ? " · " + say("unfinished action") : "");
    table.add({std::to_string(line.number), local_time(line.opened), state, shown(label(line.priority)),
               shown(line.cause), line.subscriber, line.assignee});
  }
  context.give(json, [&] { std::cout << (table.empty() ? say("No tickets here.") + "\n" : table.text()); });
  return Exit::done;
}

int show(Context& context, const OneTicket& options) {
  const auto& session = context.session();
  auto& desk = context.services();
  const auto view = value_or_throw(desk.tickets.view(session, options.number, /*first_look=*/true));
  context.give(to_json(view), [&] { std::cout << text_of(view, desk.clock.now()); });
  return Exit::done;
}

int did(Context& context, TicketNumber number, const core::Result<>& result, const Text& sentence) {
  value_or_throw(result);
  context.give({{"number", number}}, sentence);
  return Exit::done;
}

int take(Context& context, const OneTicket& options) {
  const auto& session = context.session();
  return did(context, options.number, context.services().tickets.take(session, options.number),
             tr("Ticket {1} is yours.", std::to_string(options.number)));
}

int note(Context& context, const OneTicket& options) {
  const auto& session = context.session();
  return did(context, options.number, context.services().tickets.note(session, options.number, options.text),
             tr("The note is on ticket {1}.", std::to_string(options.number)));
}

int hand_over(Context& context, const OneTicket& options) {
  if (options.to.empty()) fail(core::Code::invalid, tr("Name the colleague's account after --to."));
  const auto& session = context.session();
  return did(context, options.number,
             context.services().tickets.hand_over(session, options.number, options.to, options.text),
             tr("Ticket {1} is with {2} now.", std::to_string(options.number), options.to));
}

int close(Context& context, const OneTicket& options) {
  const auto& session = context.session();
  return did(context, options.number, context.services().tickets.close(session, options.number, options.text),
             tr("Ticket {1} is closed.", std::to_string(options.number)));
}

int reopen(Context& context, const OneTicket& options) {
  const auto& session = context.session();
  return did(context, options.number, context.services().tickets.reopen(session, options.number, options.text),
             tr("Ticket {1} is open again, and yours.", std::to_string(options.number)));
}

int correct(Context& context, const OneTicket& options) {
  const auto& session = context.session();
  return did(context, options.number,
             context.services().tickets.correct_subscriber(session, options.number, options.subscriber, options.text),
             tr("Ticket {1} is about another subscriber now. Nothing that was verified on it stands.",
                std::to_string(options.number)));
}

int lift_lock(Context& context, const OneTicket& options) {
  const auto& session = context.session();
  return did(context, options.number,
             context.services().verification.lift_lock(session, options.number, options.to, options.text),
             tr("The lock of {1} is lifted.", options.to));
}

void add_open(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<OpenOptions>();
  auto* command = commands.add(
      group, "open", tr("Open a ticket"),
      "anahtarctl tickets open --subscriber 1 --cause password_blocked --operator operator");
  command->add_option("--subscriber", options->subscriber, say("The id that subscribers find gives"))
      ->check(positive_number());
  command->add_option("--channel", options->channel, say("How they came; if left out: desk for field staff, call for everybody else"))
      ->check(CLI::IsMember({"call", "desk", "email", "other"}));
  command->add_option("--priority", options->priority, say("How urgent it is"))
      ->check(CLI::IsMember({"low", "normal", "high", "urgent"}));
  command->add_option("--cause", options->cause, say("Why they came"))->check(CLI::IsMember(cause_ids()));
  command->add_option("--note", options->note, say("A first note"));
  commands.does(command, [&context = commands.context, options] { return open(context, *options); });
}

void add_list(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ListOptions>();
  auto* command = commands.add(group, "list", tr("List tickets, newest first"),
                               "anahtarctl tickets list --queue mine --operator operator");
  command->add_option("--queue", options->queue, say("Which of them"))
      ->check(CLI::IsMember({"open", "mine", "waiting", "closed", "all"}));
  command->add_option("--cause", options->cause, say("Only this cause"))->check(CLI::IsMember(cause_ids()));
  command->add_option("--subscriber", options->subscriber, say("Only of this subscriber"))->check(positive_number());
  command->add_option("--limit", options->limit, say("At most so many"))->check(CLI::Range(1, 500));
  commands.does(command, [&context = commands.context, options] { return list(context, *options); });
}

/// A command on one ticket, with a text that it may ask for.
CLI::App* add_one(Commands& commands, CLI::App* group, const std::string& name, const Text& what,
                  const std::string& arguments, int (*work)(Context&, const OneTicket&),
                  std::shared_ptr<OneTicket> options) {
  auto* command = commands.add(group, name, what, "anahtarctl tickets " + name + " " + arguments + " --operator operator");
  command->add_option("NUMBER", options->number, say("The ticket's number"))->required()->check(positive_number());
  commands.does(command, [&context = commands.context, options, work] { return work(context, *options); });
  return command;
}

}  // namespace

void add_tickets(Commands& commands) {
  auto* group = commands.add_group("tickets", tr("The tickets of the desk"));
  add_open(commands, group);
  add_list(commands, group);

  const auto fresh = [] { return std::make_shared<OneTicket>(); };
  add_one(commands, group, "show", tr("Show a ticket with its subscriber, verification and timeline"), "4", show, fresh());
  add_one(commands, group, "take", tr("Take a ticket"), "4", take, fresh());

  auto noted = fresh();
  add_one(commands, group, "note", tr("Put a note on a ticket"), "4 \"Will call again at noon.\"", note, noted)
      ->add_option("TEXT", noted->text, say("The note"))
      ->required();

  auto handed = fresh();
  auto* hand = add_one(commands, group, "hand-over", tr("Hand a ticket to a colleague"), "4 --to operator2", hand_over, handed);
  hand->add_option("--to", handed->to, say("The colleague's account"))->required();
  hand->add_option("--note", handed->text, say("What they should know"));

  auto closed = fresh();
  add_one(commands, group, "close", tr("Close a ticket"), "4 --resolution \"The password is active again.\"", close, closed)
      ->add_option("--resolution", closed->text, say("What was done"))
      ->required();

  auto reopened = fresh();
  add_one(commands, group, "reopen", tr("Open a closed ticket again"), "4 --reason \"The caller called again.\"", reopen,
          reopened)
      ->add_option("--reason", reopened->text, say("Why"))
      ->required();

  auto corrected = fresh();
  auto* correct_command = add_one(commands, group, "correct", tr("Put a ticket onto the right subscriber"),
                                  "4 --subscriber 2 --reason \"Mixed up two names.\"", correct, corrected);
  correct_command->add_option("--subscriber", corrected->subscriber, say("The id that subscribers find gives"))
      ->required()
      ->check(positive_number());
  correct_command->add_option("--reason", corrected->text, say("Why"))->required();

  auto lifted = fresh();
  auto* lift = add_one(commands, group, "lift-lock", tr("Lift the lock of a verification method; supervisors only"),
                       "4 --method call_pin --reason \"The holder came to the desk.\"", lift_lock, lifted);
  lift->add_option("--method", lifted->to, say("A method of the policy, e.g. sms_code"))->required();
  lift->add_option("--reason", lifted->text, say("Why"))->required();
}

}  // namespace anahtar::app::ctl
