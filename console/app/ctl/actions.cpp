// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <iostream>
#include <thread>
#include <utility>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/terminal.h"
#include "app/ctl/terminal_conversation.h"
#include "app/labels.h"

namespace anahtar::app::ctl {
namespace {

using namespace std::chrono_literals;

struct RunOptions {
  std::string action, answers;
  core::TicketNumber ticket = 0;
  bool holder = false;
};

Json roles_json(const core::ActionEntry& entry) {
  auto roles = Json::array();
  for (const auto role : entry.roles) roles.push_back(core::to_string(role));
  return roles;
}

std::string roles_text(const core::ActionEntry& entry) {
  std::string text;
  for (const auto role : entry.roles) text += (text.empty() ? "" : ", ") + shown(label(role));
  return text;
}

int list(Context& context) {
  auto json = Json::array();
  Table table({{say("Action")},
               {say("Title")},
               {say("Level"), Table::Align::right},
               {say("Verifies by")},
               {say("For whom")},
               {say("Plugin")}});
  for (const auto& entry : context.services().actions.catalogue()) {
    json.push_back({{"id", entry.id},
                    {"title", shown(entry.title)},
                    {"level", entry.level},
                    {"verifies", entry.verifies},
                    {"roles", roles_json(entry)},
                    {"plugin", entry.plugin},
                    {"in_policy", entry.in_policy}});
    table.add({entry.id, shown(entry.title), std::to_string(entry.level), entry.verifies,
               entry.in_policy ? roles_text(entry) : say("nobody: no policy"), entry.plugin});
  }
  context.give(json, [&] { std::cout << table.text(); });
  return Exit::done;
}

int list_offers(Context& context, core::TicketNumber ticket) {
  const auto& session = context.session();
  auto json = Json::array();
  Table table({{say("Action")}, {say("Title")}, {say("Possible")}, {say("What is missing")}});
  for (const auto& offer : value_or_throw(context.services().actions.offers(session, ticket))) {
    json.push_back({{"id", offer.id},
                    {"title", shown(offer.title)},
                    {"possible", offer.possible},
                    {"needs_approval", offer.needs_approval},
                    {"refusal", offer.refusal},
                    {"missing", offer.possible ? "" : shown(offer.missing)},
                    {"supplied_by", offer.supplied_by}});
    table.add({offer.id, shown(offer.title),
               !offer.possible         ? say("no")
               : offer.needs_approval ? say("after approval")
                                      : say("yes"),
               offer.possible ? "" : shown(offer.missing)});
  }
  context.give(json, [&] { std::cout << table.text(); });
  return Exit::done;
}

/// Ctrl+C asks the run to stop; a second later one that does not stop is abandoned. One that is changing a card has a minute:
/// who gives up then may lose the holder's new PIN.
core::Result<Text> wait_for(core::ActionRun& run) {
  using Clock = std::chrono::steady_clock;
  bool asked_to_stop = false;
  Clock::time_point asked, could_not_hear_until;
  while (!run.ended()) {
    std::this_thread::sleep_for(10ms);
    if (!terminal::interrupted()) continue;
    const auto now = Clock::now();
    if (!std::exchange(asked_to_stop, true)) {
      asked = could_not_hear_until = now;
      run.cancel();
    }
    if (!run.can_be_cancelled()) could_not_hear_until = now;
    if (now - could_not_hear_until > 1s || now - asked > 60s) run.abandon();
  }
  return run.wait();
}

void mention_unused(const TerminalConversation& conversation) {
  const auto unused = conversation.unused_answers();
  if (!unused.empty())
    terminal::tell(say("Nothing asked for these answers of the file: {1}", fmt::format("{}", fmt::join(unused, ", "))));
}

int run(Context& context, const RunOptions& options) {
  auto script = options.answers.empty() ? ScriptedAnswers() : ScriptedAnswers::read(options.answers);
  const auto& session = context.session();
  const auto conversation = std::make_shared<TerminalConversation>(std::move(script), context.services().outbox,
                                                                   options.holder);
  terminal::watch_interrupt();
  const auto started =
      value_or_throw(context.services().actions.start(session, options.ticket, options.action, conversation));
  const auto result = wait_for(*started);
  if (const auto why = conversation->gave_up(); !why.empty()) fail(core::Code::refused, why);
  const auto sentence = value_or_throw(result);
  mention_unused(*conversation);
  const auto request = started->request();
  context.give({{"action", options.action},
                {"ticket", options.ticket},
                {"run", started->id()},
                {"outcome", request == 0 ? "done" : "waiting"},
                {"request", request == 0 ? Json() : Json(request)},
                {"sentence", shown(sentence)}},
               sentence);
  return Exit::done;
}

int list_unfinished(Context& context) {
  const auto& session = context.session();
  auto json = Json::array();
  Table table({{say("Run")}, {say("Action")}, {say("Ticket"), Table::Align::right}, {say("Operator")}, {say("Started")}});
  for (const auto& run : value_or_throw(context.services().actions.unfinished(session))) {
    json.push_back({{"run", run.run},
                    {"action", run.action},
                    {"ticket", run.ticket},
                    {"operator", run.operator_name},
                    {"started", utc_time(run.started)}});
    table.add({run.run, shown(run.title), std::to_string(run.ticket), run.operator_name, local_time(run.started)});
  }
  context.give(json, [&] { std::cout << (table.empty() ? say("Every action has ended.") + "\n" : table.text()); });
  return Exit::done;
}

int resolve(Context& context, const std::string& run, const std::string& what) {
  const auto& session = context.session();
  value_or_throw(context.services().actions.resolve(session, run, what));
  context.give({{"run", run}}, tr("It is recorded what became of the action."));
  return Exit::done;
}

}  // namespace

void add_actions(Commands& commands) {
  auto& context = commands.context;
  auto* group = commands.add_group("actions", tr("What can be done for a subscriber"));
  auto* list_command =
      commands.add(group, "list", tr("List every action that the plugins offer, with its policy"), "anahtarctl actions list");
  commands.does(list_command, [&context] { return list(context); });

  auto ticket = std::make_shared<core::TicketNumber>(0);
  auto* offers = commands.add(group, "offers", tr("List what is possible on a ticket now, and why the rest is not"),
                              "anahtarctl actions offers --ticket 4 --operator operator");
  offers->add_option("--ticket", *ticket, say("The ticket's number"))->required()->check(positive_number());
  commands.does(offers, [&context, ticket] { return list_offers(context, *ticket); });

  auto options = std::make_shared<RunOptions>();
  auto* command = commands.add(group, "run", tr("Run an action on a ticket; asks at the terminal what the file does not answer"),
                               "anahtarctl actions run password.unblock --ticket 4 --operator operator");
  command->add_option("ACTION", options->action, say("An id of actions list"))->required();
  command->add_option("--ticket", options->ticket, say("The ticket's number"))->required()->check(positive_number());
  command->add_option("--answers", options->answers, say("A file of JSON: {\"field\": \"answer\"}, or a list of them for successive forms"));
  command->add_flag("--holder", options->holder, say("The holder sits at this terminal: show and ask here what is theirs alone"));
  commands.does(command, [&context, options] { return run(context, *options); });

  auto* unfinished = commands.add(group, "unfinished", tr("List actions that began and never ended"),
                                  "anahtarctl actions unfinished --operator supervisor");
  commands.does(unfinished, [&context] { return list_unfinished(context); });

  auto settled = std::make_shared<std::pair<std::string, std::string>>();
  auto* resolve_command = commands.add(group, "resolve", tr("Say what became of an unfinished action; supervisors only"),
                                       "anahtarctl actions resolve RUN --what \"Nothing was changed.\" --operator supervisor");
  resolve_command->add_option("RUN", settled->first, say("An id of actions unfinished"))->required();
  resolve_command->add_option("--what", settled->second, say("What became of it"))->required();
  commands.does(resolve_command, [&context, settled] { return resolve(context, settled->first, settled->second); });
}

}  // namespace anahtar::app::ctl
