// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/context.h"

#include <stdlib.h>

#include <charconv>
#include <iostream>

#include "app/ctl/table.h"
#include "app/ctl/terminal.h"
#include "app/paths.h"

namespace anahtar::app::ctl {

using core::Code;

void fail(Code code, Text sentence) { throw core::FailureError({code, std::move(sentence)}); }

namespace {

constexpr std::chrono::seconds longest_wait{10};

Secret ask_secret_or_fail(const char* variable, const Text& question) {
  if (!terminal::can_ask())
    fail(Code::invalid, tr("There is no terminal to ask for a password. Put it into a file that only you may read and "
                           "name the file in {1}.", std::string(variable)));
  auto typed = terminal::ask_secret(shown(question));
  if (!typed) fail(Code::cancelled, tr("No password was typed."));
  return std::move(*typed);
}

std::optional<Secret> from_file(const char* variable) {
  const char* file = ::getenv(variable);
  if (!file || !*file) return {};
  return value_or_throw(read_private_file(file));
}

}  // namespace

Secret password_from(const char* variable, const Text& question) {
  if (auto password = from_file(variable)) return std::move(*password);
  return ask_secret_or_fail(variable, question);
}

Secret new_password_from(const char* variable, const Text& question) {
  if (auto password = from_file(variable)) return std::move(*password);
  auto first = ask_secret_or_fail(variable, question);
  const auto again = ask_secret_or_fail(variable, tr("The same once more: "));
  if (first.expose() != again.expose()) fail(Code::invalid, tr("The two passwords differ; nothing was changed."));
  return first;
}

Context::~Context() {
  if (!backend_) return;
  send_what_was_queued();
  if (!session_) return;
  // An unreachable database has been reported by the command itself; a sign-out cannot be recorded in it either.
  if (const auto out = backend_->services().sign_in.sign_out(*session_); !out) terminal::tell(shown(out.error().sentence));
}

/// This process ends and takes its sender with it, so what it queued gets a while.
void Context::send_what_was_queued() {
  try {
    for (const auto& message : services().outbox->wait_until_sent(opened_, longest_wait))
      terminal::tell(say("{1} for ticket {2}: {3}. It leaves when the console or another anahtarctl runs.",
                         shown(message.label), std::to_string(message.ticket), shown(message.sentence)));
  } catch (const std::exception&) {
    terminal::tell(say("It is not known whether every message was sent, because the database does not answer."));
  }
}

std::string Context::database() const { return database_url(asked_database); }

core::Services& Context::services() {
  if (desk_) return *desk_;
  if (!backend_) {
    backend_ = value_or_throw(Backend::open(database()));
    opened_ = core::SystemClock().now();
    for (const auto& alarm : backend_->alarms()) terminal::tell(say("Warning: {1}", shown(alarm)));
  }
  return backend_->services();
}

const core::Session& Context::session_with_any_password() {
  if (!session_) sign_in();
  return *session_;
}

const core::Session& Context::session() {
  const auto& signed_in = session_with_any_password();
  if (signed_in.must_change_password)
    fail(Code::refused, tr("This is a first password; change it now: anahtarctl operators change-password --operator {1}",
                           signed_in.name));
  return signed_in;
}

void Context::sign_in() {
  auto& desk = services();
  if (operator_name.empty() && terminal::can_ask()) {
    const auto typed = terminal::ask(say("Operator: "));
    if (typed) operator_name = *typed;
  }
  if (operator_name.empty()) fail(Code::invalid, tr("Who acts? Name the operator with --operator NAME."));
  const auto password = password_from("ANAHTAR_PASSWORD_FILE", tr("Password of {1}: ", operator_name));
  session_ = value_or_throw(desk.sign_in.sign_in(operator_name, password));
  backend_->keep_house();
}

void Context::give(const Json& json_result, const std::function<void()>& print) {
  if (json)
    std::cout << json_result.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  else
    print();
}

void Context::give(const Json& json_result, const Text& sentence) {
  give(json_result, [&] { std::cout << terminal::harmless(shown(sentence), true) << '\n'; });
}

CLI::Validator positive_number() {
  const auto problem = [](const std::string& typed) -> std::string {
    std::int64_t number = 0;
    const char* end = typed.data() + typed.size();
    const auto read = std::from_chars(typed.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number > 0) return {};
    return say("{1} is no number from 1 up.", terminal::harmless(typed));
  };
  return {problem, ""};
}

CLI::Validator day_or_time() {
  const auto problem = [](const std::string& typed) -> std::string {
    try {
      parsed_time(typed, /*end_of_day=*/false);
      return {};
    } catch (const core::FailureError& error) {
      return terminal::harmless(shown(error.failure.sentence));
    }
  };
  return {problem, ""};
}

CLI::App* Commands::add(CLI::App* group, const std::string& name, const Text& what, const std::string& example) {
  auto* command = group->add_subcommand(name, shown(what));
  command->footer(say("Example:") + "\n  " + example);
  return command;
}

CLI::App* Commands::add_group(const std::string& name, const Text& what) {
  auto* group = app.add_subcommand(name, shown(what));
  group->require_subcommand(1);
  return group;
}

void Commands::does(CLI::App* command, Work work) {
  command->callback([this_chosen = &chosen, work = std::move(work)] { *this_chosen = work; });
}

}  // namespace anahtar::app::ctl
