// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <iostream>
#include <mutex>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/terminal.h"
#include "app/ctl/views.h"
#include "app/labels.h"
#include "app/paths.h"
#include "core/ticket_rules.h"
#include "store/site.h"

namespace anahtar::app::ctl {
namespace {

struct ListOptions {
  std::string from, to, type, actor, device;
  core::TicketNumber ticket = 0;
  core::SubscriberId subscriber = 0;
  int limit = 50;
  bool oldest_first = false;
};

core::AuditFilter filter_of(const ListOptions& options) {
  core::AuditFilter filter;
  if (!options.from.empty()) filter.from = parsed_time(options.from, /*end_of_day=*/false);
  if (!options.to.empty()) filter.to = parsed_time(options.to, /*end_of_day=*/true);
  if (options.ticket > 0) filter.ticket = options.ticket;
  if (options.subscriber > 0) filter.subscriber = options.subscriber;
  filter.type = options.type;
  filter.actor = options.actor;
  filter.device = options.device;
  filter.limit = options.limit;
  filter.newest_first = !options.oldest_first;
  return filter;
}

std::string number_or_nothing(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : "";
}

int list(Context& context, const ListOptions& options) {
  const auto filter = filter_of(options);
  const auto& session = context.session();
  const auto page = value_or_throw(context.services().audit.list(session, filter));
  auto rows = Json::array();
  Table table({{say("No."), Table::Align::right},
               {say("Time")},
               {say("Who")},
               {say("Ticket"), Table::Align::right},
               {say("Type")},
               {say("What")}});
  for (const auto& row : page.rows) {
    const auto sentence = context.services().audit.sentence_of(row);
    rows.push_back(to_json(row, sentence));
    table.add({std::to_string(row.seq), local_time(row.time), row.actor, number_or_nothing(row.ticket), row.type,
               shown(sentence)});
  }
  context.give({{"total", page.total}, {"rows", rows}}, [&] {
    std::cout << table.text() << '\n'
              << say("{1} of {2} records.", std::to_string(page.rows.size()), std::to_string(page.total)) << '\n';
  });
  return Exit::done;
}

void print(const core::AuditReport& report) {
  std::cout << say("Verdict: {1}", shown(label(report.verdict))) << '\n' << shown(report.sentence) << '\n';
  if (!report.first_bad.empty()) std::cout << terminal::harmless(say("First bad entry: {1}", report.first_bad)) << '\n';
  std::cout << say("Entries: {1}", std::to_string(report.entries)) << '\n'
            << say("Unfinished actions: {1}", std::to_string(report.unfinished)) << '\n';
  for (const auto& note : report.notes) std::cout << terminal::harmless(say("Note: {1}", shown(note))) << '\n';
}

/// Before anything is written: who says it must be an administrator of the database that was put back.
core::Result<store::Declarer> administrator(const Context& context, core::Reader& reader, core::Vault& vault) {
  if (context.operator_name.empty()) return core::failure(core::Code::invalid, tr("Who acts? Name the operator with --operator NAME."));
  const auto password = password_from("ANAHTAR_PASSWORD_FILE", tr("Password of {1}: ", context.operator_name));
  const auto account = reader.operator_named(context.operator_name);
  if (!account || account->disabled || !vault.password_matches(password, account->password_hash))
    return core::failure(core::Code::not_permitted, tr("Wrong name or password, or the account is disabled."));
  if (account->role != core::Role::administrator)
    return core::failure(core::Code::not_permitted, tr("Only an administrator declares a restore."));
  return store::Declarer{account->name, std::string(core::to_string(account->role))};
}

int declare_restore(Context& context, const std::string& reason) {
  const auto text = value_or_throw(core::required_text(reason, tr("Give the reason for the restore.")));
  const core::SystemClock clock;
  const auto declared = store::declare_restore(
      context.database(), config_folder(), clock, text,
      [&](core::Reader& reader, core::Vault& vault) { return administrator(context, reader, vault); });
  if (!declared) fail(declared.error().code, declared.error().sentence);
  context.give({{"declared", true}}, tr("The restore is declared: the log goes on in a new part. \"anahtarctl audit verify\" names what was lost."));
  return Exit::done;
}

int verify(Context& context) {
  terminal::watch_interrupt();
  std::mutex one_at_a_time;
  std::stop_source stop;
  const auto progress = [&](std::uint64_t done, std::uint64_t all) {
    const std::lock_guard lock(one_at_a_time);
    if (terminal::interrupted()) stop.request_stop();
    terminal::progress(all ? static_cast<double>(done) / static_cast<double>(all) : 1, say("Verifying the audit log"));
  };
  const auto result = store::verify_site(context.database(), config_folder(), progress, stop.get_token());
  terminal::end_progress();
  const auto& report = value_or_throw(result);
  context.give(to_json(report), [&] { print(report); });
  return report.verdict == core::Verdict::intact ? Exit::done : Exit::not_intact;
}

}  // namespace

void add_audit(Commands& commands) {
  auto& context = commands.context;
  auto* group = commands.add_group("audit", tr("The audit log"));

  auto options = std::make_shared<ListOptions>();
  auto* command = commands.add(group, "list", tr("List records, newest first"),
                               "anahtarctl audit list --type ticket. --from 2026-03-01 --operator supervisor");
  command->add_option("--from", options->from, say("Not before: 2026-03-01 or 2026-03-01T14:05, local time"))->check(day_or_time());
  command->add_option("--to", options->to, say("Not after; a day is meant with its end"))->check(day_or_time());
  command->add_option("--type", options->type, say("A type, or its beginning with a dot at the end: \"ticket.\""));
  command->add_option("--actor", options->actor, say("Who did it"));
  command->add_option("--device", options->device, say("Recorded by this computer's device, as --json names it"));
  command->add_option("--ticket", options->ticket, say("About this ticket"))->check(positive_number());
  command->add_option("--subscriber", options->subscriber, say("About this subscriber"))->check(positive_number());
  command->add_option("--limit", options->limit, say("At most so many"))->check(CLI::Range(1, 1000));
  command->add_flag("--oldest-first", options->oldest_first, say("In the order in which it happened"));
  commands.does(command, [&context, options] { return list(context, *options); });

  auto* verify_command =
      commands.add(group, "verify", tr("Verify the whole log; needs no sign-in, writes nothing, exit status 3 when not intact"),
                   "anahtarctl audit verify");
  commands.does(verify_command, [&context] { return verify(context); });

  auto reason = std::make_shared<std::string>();
  auto* restore_command =
      commands.add(group, "declare-restore",
                   tr("Say that this database is a back-up that was put back; before any other program opens it"),
                   "anahtarctl audit declare-restore --reason \"disk failed\" --operator admin");
  restore_command->add_option("--reason", *reason, say("Why it was put back; recorded"))->required();
  commands.does(restore_command, [&context, reason] { return declare_restore(context, *reason); });
}

}  // namespace anahtar::app::ctl
