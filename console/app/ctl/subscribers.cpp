// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/terminal.h"
#include "app/ctl/views.h"

namespace anahtar::app::ctl {
namespace {

void print(const core::ImportReport& report) {
  for (const auto& row : report.bad)
    std::cout << terminal::harmless(say("Line {1}: {2}", std::to_string(row.line), shown(row.reason))) << '\n';
  const auto not_shown = report.bad_count - static_cast<std::int64_t>(report.bad.size());
  if (not_shown > 0) std::cout << say("… and {1} more bad rows.", std::to_string(not_shown)) << '\n';
  std::cout << say("{1} rows: {2} added, {3} updated, {4} unchanged, {5} bad.", std::to_string(report.rows),
                   std::to_string(report.added), std::to_string(report.updated), std::to_string(report.unchanged),
                   std::to_string(report.bad_count))
            << '\n';
}

int import_file(Context& context, const std::string& file) {
  const auto& session = context.session();
  std::ifstream csv(file, std::ios::binary);
  if (!csv) fail(core::Code::unavailable, tr("The file {1} cannot be read.", file));
  std::error_code unknown;  // of a pipe
  const auto size = std::filesystem::is_regular_file(file, unknown) ? std::filesystem::file_size(file, unknown) : 0;
  terminal::watch_interrupt();
  const auto name = std::filesystem::path(file).filename().string();
  const auto progress = [&](std::uint64_t read) {
    terminal::progress(size ? static_cast<double>(read) / static_cast<double>(size) : -1, say("Importing {1}", name));
    return !terminal::interrupted();
  };
  const auto report = context.services().import.run(session, csv, name, progress);
  terminal::end_progress();
  const auto& result = value_or_throw(report);
  context.give(to_json(result), [&] { print(result); });
  if (terminal::interrupted()) terminal::tell(say("The import was stopped. The rows counted as added or updated are in."));
  return terminal::interrupted() ? Exit::refused : end_of_import(result);
}

int find(Context& context, const std::vector<std::string>& words) {
  const auto& session = context.session();
  const auto found = value_or_throw(context.services().directory.find(session, fmt::format("{}", fmt::join(words, " "))));
  auto json = Json::array();
  Table table({{say("Id"), Table::Align::right},
               {say("Name")},
               {say("T.C. Kimlik No")},
               {say("Mobile")},
               {say("Portal")},
               {say("Ticket"), Table::Align::right}});
  for (const auto& line : found) {
    json.push_back(to_json(line));
    table.add({std::to_string(line.id), line.name, line.national_id, line.mobile,
               line.blocked ? say("blocked") : say("active"),
               line.open_ticket ? std::to_string(*line.open_ticket) : ""});
  }
  context.give(json, [&] {
    std::cout << (table.empty() ? say("Nobody fits.") + "\n" : table.text());
  });
  return Exit::done;
}

int show(Context& context, core::SubscriberId id) {
  const auto& session = context.session();
  const auto view = value_or_throw(context.services().directory.show(session, id));
  context.give(to_json(view), [&] { std::cout << text_of(view); });
  return Exit::done;
}

int history(Context& context, core::SubscriberId id) {
  const auto& session = context.session();
  auto json = Json::array();
  Table table({{say("When")}, {say("Ticket"), Table::Align::right}, {say("Who")}, {say("What")}});
  for (const auto& event : value_or_throw(context.services().tickets.history(session, id))) {
    json.push_back({{"at", utc_time(event.at)},
                    {"ticket", event.ticket == 0 ? Json(nullptr) : Json(event.ticket)},
                    {"who", event.who},
                    {"type", event.type},
                    {"what", shown(event.what)},
                    {"text", event.text}});
    table.add({local_time(event.at), event.ticket == 0 ? "" : std::to_string(event.ticket), event.who,
               shown(event.what) + (event.text.empty() ? "" : ": " + event.text)});
  }
  context.give(json, [&] { std::cout << table.text(); });
  return Exit::done;
}

}  // namespace

void add_subscribers(Commands& commands) {
  auto& context = commands.context;
  auto* group = commands.add_group("subscribers", tr("The holders of certificates"));

  auto file = std::make_shared<std::string>();
  auto* import_command = commands.add(group, "import", tr("Import a CSV file; bad rows are named, good ones go in"),
                                      "anahtarctl subscribers import holders.csv --operator admin");
  import_command->add_option("FILE", *file, say("UTF-8, with a header line; exit status 1 when some rows were refused"))->required();
  commands.does(import_command, [&context, file] { return import_file(context, *file); });

  auto words = std::make_shared<std::vector<std::string>>();
  auto* find_command =
      commands.add(group, "find", tr("Find by T.C. Kimlik No, telephone number, e-mail address or name"),
                   "anahtarctl subscribers find \"0500 000 00 01\" --operator operator");
  find_command->add_option("QUERY", *words, say("What the caller says"))->required();
  commands.does(find_command, [&context, words] { return find(context, *words); });

  auto id = std::make_shared<core::SubscriberId>(0);
  auto* show_command = commands.add(group, "show", tr("Show one, masked"), "anahtarctl subscribers show 1 --operator operator");
  show_command->add_option("ID", *id, say("The id that find gives"))->required()->check(positive_number());
  commands.does(show_command, [&context, id] { return show(context, *id); });

  auto whose = std::make_shared<core::SubscriberId>(0);
  auto* history_command = commands.add(group, "history", tr("What happened to one, over all tickets"),
                                       "anahtarctl subscribers history 1 --operator operator");
  history_command->add_option("ID", *whose, say("The id that find gives"))->required()->check(positive_number());
  commands.does(history_command, [&context, whose] { return history(context, *whose); });
}

}  // namespace anahtar::app::ctl
