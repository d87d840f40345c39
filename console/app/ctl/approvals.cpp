// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/terminal.h"

namespace anahtar::app::ctl {
namespace {

struct Options {
  std::int64_t number = 0;
  std::string reason;
  bool decided = false;
};

constexpr std::chrono::days told_for{7};

Json to_json(const core::ApprovalLine& line) {
  return {{"number", line.number},
          {"action", line.action},
          {"title", shown(line.title)},
          {"ticket", line.ticket},
          {"subscriber", line.subscriber},
          {"requested_by", line.requested_by},
          {"requested", utc_time(line.requested)},
          {"expires", utc_time(line.expires)},
          {"mine", line.mine},
          {"state", line.state},
          {"objection", line.objection.empty() ? Json() : Json(shown(line.objection))},
          {"decided_by", line.decided_by},
          {"reason", line.reason}};
}

core::Approvals& approvals_of(Context& context) { return *context.services().approvals; }

int list(Context& context) {
  const auto lines = value_or_throw(approvals_of(context).list(context.session()));
  auto json = Json::array();
  Table table({{say("No."), Table::Align::right},
               {say("Action")},
               {say("Ticket"), Table::Align::right},
               {say("Subscriber")},
               {say("Asked for by")},
               {say("Until")}});
  for (const auto& line : lines) {
    json.push_back(to_json(line));
    table.add({std::to_string(line.number), shown(line.title), std::to_string(line.ticket), line.subscriber,
               line.requested_by + (line.mine ? " (" + say("yourself") + ")" : ""), local_time(line.expires)});
  }
  context.give(json, [&] { std::cout << (table.empty() ? say("There are no requests.") + "\n" : table.text()); });
  return Exit::done;
}

/// What became of one's own requests.
int list_decided(Context& context) {
  const auto& session = context.session();
  const auto since = context.services().clock.now() - told_for;
  auto json = Json::array();
  std::string text;
  for (const auto& line : value_or_throw(approvals_of(context).outcomes(session, since))) {
    json.push_back(to_json(line));
    text += local_time(line.decided.value_or(line.requested)) + "  " + terminal::harmless(shown(core::outcome_of(line)), true) + "\n";
  }
  context.give(json, [&] { std::cout << (text.empty() ? say("Nothing that you asked for was decided within 7 days.") + "\n" : text); });
  return Exit::done;
}

void print_request(const core::ApprovalView& view) {
  std::cout << shown(view.line.title) << '\n'
            << view.line.subscriber << ", " << view.line.requested_by << ", "
            << say("ticket {1}", std::to_string(view.line.ticket)) << '\n';
  for (const auto& [label, value] : view.change)
    std::cout << shown(label) << ": " << terminal::harmless(shown(value), true) << '\n';
  if (view.verified)
    std::cout << say("Verified at level {1}", std::to_string(view.level)) << ", " << shown(view.method_label) << ", "
              << local_time(*view.verified) << ", " << view.verified_by << '\n';
  else
    std::cout << say("Nobody was verified.") << '\n';
  std::cout << say("Call") << ": " << shown(view.call) << '\n';
  if (view.recorded) {
    const auto seconds = std::to_string(std::chrono::round<std::chrono::seconds>(*view.recorded).count());
    std::cout << (view.recorded_by_asker ? say("Recording: {1} seconds, attached by {2}, who asks for this", seconds, view.recorded_by)
                                         : say("Recording: {1} seconds, attached by {2}", seconds, view.recorded_by))
              << '\n';
  }
  if (!view.line.objection.empty()) std::cout << shown(view.line.objection) << '\n';
  const auto since = local_time(view.number_since);
  std::cout << (view.mobile.empty()         ? say("No mobile is registered.")
                : view.number_at_least ? say("Registered mobile: {1}, since {2} or longer", view.mobile, since)
                                       : say("Registered mobile: {1}, since {2}", view.mobile, since))
            << '\n';
  if (view.cooling_off) std::cout << say("Cooling-off: the number was changed a short while ago.") << '\n';
  for (const auto& event : view.past)
    std::cout << "  " << local_time(event.at) << "  " << terminal::harmless(shown(event.what), true) << '\n';
}

int show(Context& context, const Options& options) {
  const auto view = value_or_throw(approvals_of(context).view(context.session(), options.number));
  Json json = to_json(view.line);
  json["level"] = view.level;
  json["method"] = shown(view.method_label);
  json["cooling_off"] = view.cooling_off;
  json["verified"] = view.verified ? Json(utc_time(*view.verified)) : Json();
  json["verified_by"] = view.verified_by;
  json["number_since"] = utc_time(view.number_since);
  json["number_at_least"] = view.number_at_least;
  auto past = Json::array();
  for (const auto& event : view.past)
    past.push_back({{"at", utc_time(event.at)}, {"what", shown(event.what)}, {"ticket", event.ticket}});
  json["past"] = past;
  auto change = Json::array();
  for (const auto& [label, value] : view.change) change.push_back({{"label", shown(label)}, {"value", shown(value)}});
  json["change"] = change;
  context.give(json, [&] { print_request(view); });
  return Exit::done;
}

int approve(Context& context, const Options& options) {
  const auto sentence = value_or_throw(approvals_of(context).approve(context.session(), options.number));
  context.give({{"number", options.number}, {"state", "approved"}, {"sentence", shown(sentence)}}, sentence);
  return Exit::done;
}

int reject(Context& context, const Options& options) {
  value_or_throw(approvals_of(context).reject(context.session(), options.number, options.reason));
  context.give({{"number", options.number}, {"state", "rejected"}},
               tr("Request {1} was rejected.", std::to_string(options.number)));
  return Exit::done;
}

}  // namespace

void add_approvals(Commands& commands) {
  auto& context = commands.context;
  auto* group = commands.add_group("approvals", tr("What waits until another person agrees"));
  auto* list_command = commands.add(group, "list", tr("List what waits for approval"),
                                    "anahtarctl approvals list --operator supervisor");
  auto options = std::make_shared<Options>();
  list_command->add_flag("--decided", options->decided, say("What became of your own requests instead"));
  commands.does(list_command, [&context, options] { return options->decided ? list_decided(context) : list(context); });

  const auto add_numbered = [&](const std::string& name, const Text& what, int (*work)(Context&, const Options&)) {
    auto* command = commands.add(group, name, what, "anahtarctl approvals " + name + " 3 --operator supervisor");
    command->add_option("NUMBER", options->number, say("A number of approvals list"))->required()->check(positive_number());
    commands.does(command, [&context, options, work] { return work(context, *options); });
    return command;
  };
  add_numbered("show", tr("Show a request with all that is needed to decide"), show);
  add_numbered("approve", tr("Agree: the change is judged again and made"), approve);
  auto* reject_command = add_numbered("reject", tr("Refuse for good"), reject);
  reject_command->add_option("--reason", options->reason, say("Why; stands in the record"))->required();
}

}  // namespace anahtar::app::ctl
