// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <thread>

#include "app/backend.h"
#include "app/call_line.h"
#include "app/demo_data.h"
#include "app/hardening.h"
#include "app/language.h"
#include "app/paths.h"
#include "core/phone.h"
#include "ui/console_app.h"
#include "ui/tour.h"

namespace anahtar::app {
namespace {

using sdk::Secret;
using sdk::tr;

constexpr std::size_t longest_pin_line = 64;

enum Exit { done = 0, failed = 1, wrong_usage = 2 };

struct Arguments {
  std::string database, theme = "light", language, text_size = "normal", token_file, tour;
  std::optional<std::string> call;
  std::string call_back_answered, recording;
  bool call_pin = false;
};

std::string language_asked_for(int count, char** arguments) {
  for (int i = 1; i + 1 < count; ++i)
    if (std::string_view(arguments[i]) == "--language") return arguments[i + 1];
  return {};
}

int say_failure(const core::Failure& failure) {
  std::cerr << shown(failure.sentence) << '\n';
  return Exit::failed;
}

void add_options(CLI::App& app, Arguments& arguments) {
  app.add_option("--database", arguments.database, say("sqlite:///absolute/path.db; else $ANAHTAR_DATABASE"));
  app.add_option("--theme", arguments.theme, say("light or dark, or another file of themes/"));
  app.add_option("--text-size", arguments.text_size, say("How large the text is"))
      ->check(CLI::IsMember({"small", "normal", "large"}));
  app.add_option("--language", arguments.language, say("tr or en"))->check(CLI::IsMember({"tr", "en"}));
  app.add_option("--call", arguments.call, say("Hand this caller's number to the console that runs; opens one when none does"));
  app.add_option("--call-token-file", arguments.token_file, say("The telephone system's token, which proves the number"))
      ->envname("ANAHTAR_CALL_TOKEN_FILE");
  app.add_flag("--call-pin", arguments.call_pin,
               say("What the caller typed is on standard input: their call PIN, or their T.C. Kimlik No, a space and the PIN"))
      ->needs("--call");
  app.add_option("--call-recording", arguments.recording, say("The telephone system's name for the recording of this call"))
      ->needs("--call");
  app.add_option("--call-back-answered", arguments.call_back_answered,
                 say("The telephone system says that its call with this id to this number was answered"))
      ->needs("--call");
  app.add_option("--tour", arguments.tour, say("Walk through a call by itself, on a demo, and leave pictures in this folder"));
  app.footer(say("Example:") + "\n  anahtar --call +905000000001");
}

ui::Options ui_options(const Arguments& arguments) {
  ui::Options options;
  options.theme = arguments.theme;
  options.language = choose_language(arguments.language);
  options.themes_folder = themes_folder();
  options.catalogue_folder = catalogue_folder();
  if (arguments.text_size == "small") options.text_size = ui::TextSize::small;
  if (arguments.text_size == "large") options.text_size = ui::TextSize::large;
  return options;
}

core::Result<Secret> token_of(const Arguments& arguments) {
  if (arguments.token_file.empty()) return Secret();
  return read_private_file(arguments.token_file);
}

/// "PIN" or "NATIONAL_ID PIN"; never an argument, which every process of the machine could read.
std::shared_ptr<const core::GivenPin> pin_from_standard_input() {
  std::string line;
  line.reserve(longest_pin_line);
  for (int c = std::cin.get(); c != EOF && c != '\n' && line.size() < longest_pin_line; c = std::cin.get())
    line += static_cast<char>(c);
  const auto space = line.find(' ');
  auto given = std::make_shared<const core::GivenPin>(
      Secret(space == std::string::npos ? std::string(line) : line.substr(space + 1)),
      space == std::string::npos ? std::string() : line.substr(0, space));
  Secret::wipe(line);
  return given;
}

/// An event of the telephone system: it needs no window, only the token.
int call_back_answered(const Arguments& arguments, const std::string& number, const Secret& token) {
  if (token.empty() || !is_telephone_token(token))
    return say_failure({core::Code::not_permitted, tr("Only the telephone system, with its token, says that a call was answered.")});
  const auto backend = Backend::open(database_url(arguments.database));
  if (!backend) return say_failure(backend.error());
  const auto answered = (*backend)->services().call_backs->answered(arguments.call_back_answered, number);
  if (!answered) return say_failure(answered.error());
  std::cout << say("The desk knows that the call was answered.") << '\n';
  return Exit::done;
}

/// The exit status when a running console took the call; nothing when there is none.
std::optional<int> hand_over(const Arguments& arguments, const core::IncomingCall& call, const Secret& token) {
  const auto result = hand_over_call(database_url(arguments.database), call, token);
  if (!result) return say_failure(result.error());
  if (*result == HandOver::nobody_there) return {};
  std::cout << say("The running console has the call.") << '\n';
  if (!token.empty() && *result != HandOver::taken_as_proven)
    std::cerr << say("The token is not the telephone system's; the number counts as told, not as proven.") << '\n';
  return Exit::done;
}

int tour(const std::string& database, const ui::Options& options, const std::string& folder) {
  const auto backend = Backend::open(database);
  if (!backend) return say_failure(backend.error());
  (*backend)->stay();
  ui::TourPlan plan;
  plan.operator_password = demo_password;
  plan.supervisor_password = demo_password;
  plan.field_password = demo_password;
  plan.card_document = demo_card_document;
  plan.call = {demo_caller, false};
  plan.pictures = std::filesystem::absolute(folder);
  plan.step = [](const std::string& line) { std::cout << "  " << line << std::endl; };
  const auto report = ui::run_tour((*backend)->services(), options, plan);
  if (!report) return say_failure(report.error());
  const bool good = report->unblocked && report->audit.verdict == core::Verdict::intact;
  if (!good) std::cerr << shown(report->audit.sentence) << '\n';
  return good ? Exit::done : Exit::failed;
}

/// What lives as long as the window: the desk, and the line on which calls come.
struct Console {
  std::unique_ptr<Backend> backend;
  std::unique_ptr<CallLine> line;
};

bool comes_to_the_front(const std::string& database) {
  const auto raised = raise_running_console(database);
  if (!raised || *raised == HandOver::nobody_there) return false;
  std::cout << say("The console is open already; its window comes to the front.") << std::endl;
  return true;
}

/// Null: another console has it, which was started at the same moment and comes to the front. One that is ending has it for
/// a while yet.
core::Result<std::unique_ptr<CallLine>> take_line(const std::string& database) {
  constexpr int attempts = 50;
  for (int attempt = 1;; ++attempt) {
    auto line = CallLine::open(database, {ui::incoming_call, ui::raise_window});
    if (line || line.error().code != core::Code::conflict || attempt == attempts) return line;
    if (comes_to_the_front(database)) return nullptr;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

core::Result<ui::OpenedDesk> open_desk(Console& console, const std::string& database) {
  auto backend = Backend::open(database);
  if (!backend) return say_failure(backend.error()), std::unexpected(backend.error());
  console.backend = std::move(*backend);
  if (const auto token = telephone_token_file(); !token) return std::unexpected(token.error());
  auto line = take_line(database);
  if (!line) return std::unexpected(line.error());
  if (*line == nullptr) return ui::OpenedDesk{};
  console.line = std::move(*line);
  console.backend->stay();
  for (const auto& alarm : console.backend->alarms()) std::cerr << shown(alarm) << '\n';
  return ui::OpenedDesk{&console.backend->services(), console.backend->alarms()};
}

int open_window(const std::string& database, const ui::Options& options) {
  if (comes_to_the_front(database)) return Exit::done;
  Console console;
  const auto status = ui::run_console([&] { return open_desk(console, database); }, options);
  return status ? *status : say_failure(status.error());
}

/// The first GTK program on a display asks it for OpenGL's visuals, and loads the whole of Mesa to do so: half of the time to
/// its first window. This one draws nothing with OpenGL.
void leave_opengl_alone() { ::setenv("GDK_GL", "disable", 0); }

int run(const Arguments& arguments) {
  const auto database = database_url(arguments.database);
  auto options = ui_options(arguments);
  if (arguments.call) {
    auto number = arguments.call->empty() ? core::Result<std::string>("") : core::normalised_phone(*arguments.call);
    if (!number) return say_failure(number.error()), Exit::wrong_usage;
    const auto token = token_of(arguments);
    if (!token) return say_failure(token.error());
    if (!arguments.call_back_answered.empty()) return call_back_answered(arguments, *number, *token);
    core::IncomingCall call{*number, !token->empty() && is_telephone_token(*token)};
    call.recording = arguments.recording;
    if (arguments.call_pin) call.pin = pin_from_standard_input();
    if (const auto taken = hand_over(arguments, call, *token)) return *taken;
    options.call = std::move(call);
  }
  leave_opengl_alone();  // before there are threads
  return arguments.tour.empty() ? open_window(database, options) : tour(database, options, arguments.tour);
}

int parse_and_run(int count, char** values) {
  install_language(choose_language(language_asked_for(count, values)));
  Arguments arguments;
  CLI::App app(say("Anahtar: the desk of a certification authority"), "anahtar");
  add_options(app, arguments);
  try {
    app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? Exit::done : Exit::wrong_usage;
  }
  return run(arguments);
}

}  // namespace
}  // namespace anahtar::app

int main(int count, char** arguments) {
  anahtar::app::keep_memory_private();
  return anahtar::app::parse_and_run(count, arguments);
}
