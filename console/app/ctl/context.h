// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "app/backend.h"
#include "app/language.h"

/// anahtarctl: one file per group of commands; each adds its commands to the parser and chooses, when it is given, the
/// function that does the work.
namespace anahtar::app::ctl {

using Json = nlohmann::ordered_json;
using sdk::Secret;
using sdk::Text;
using sdk::tr;

/// What a process ends with.
enum Exit { done = 0, refused = 1, wrong_usage = 2, not_intact = 3 };

/// What all commands share: the common options, the open database, the operator who acts, and where results go.
class Context {
 public:
  Context() = default;
  /// At a desk that is open already, with somebody who signed in there; both stay open.
  Context(core::Services& desk, core::Session session) : desk_(&desk), session_(std::move(session)) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context();

  std::string asked_database, operator_name, language;
  bool json = false;

  std::string database() const;
  /// Opens the database at the first call. Throws FailureError.
  core::Services& services();
  /// Signs the operator in at the first call; asks for what is missing. Throws FailureError.
  const core::Session& session();
  /// The same without the demand that a first password was changed.
  const core::Session& session_with_any_password();

  /// A result: for programs as JSON, for people as `print` writes it.
  void give(const Json& json_result, const std::function<void()>& print);
  /// A sentence as the result.
  void give(const Json& json_result, const Text& sentence);

 private:
  void sign_in();
  void send_what_was_queued();

  core::Services* desk_ = nullptr;  ///< null: not open yet, or the backend's
  std::unique_ptr<Backend> backend_;
  std::optional<core::Session> session_;
  core::Time opened_{};
};

/// What a command does once the line was understood; the exit status. May throw FailureError.
using Work = std::function<int()>;

/// The parser with every command, and the work that the line chose.
struct Commands {
  CLI::App& app;
  Context& context;
  Work& chosen;

  /// A command of `group` with an example that its help shows.
  CLI::App* add(CLI::App* group, const std::string& name, const Text& what, const std::string& example);
  CLI::App* add_group(const std::string& name, const Text& what);
  void does(CLI::App* command, Work work);
};

void add_init(Commands& commands);
void add_operators(Commands& commands);
void add_subscribers(Commands& commands);
void add_tickets(Commands& commands);
void add_plugins(Commands& commands);
void add_policy(Commands& commands);
void add_actions(Commands& commands);
void add_approvals(Commands& commands);
void add_audit(Commands& commands);
void add_demo(Commands& commands);
void add_gateways(Commands& commands);
void add_messages(Commands& commands);
void add_recordings(Commands& commands);
void add_hints(Commands& commands);

/// Understands a whole command line and does it; the exit status. The first argument is the program's name.
int run_line(Context& context, int count, char** arguments);

/// For an option: digits that make a number from 1 up which fits.
CLI::Validator positive_number();
CLI::Validator day_or_time();  ///< as parsed_time reads it

/// A result, or its failure thrown to main().
using core::value_or_throw;
[[noreturn]] void fail(core::Code code, Text sentence);

/// The operator's password, or another one, from the file that `variable` names, else from the terminal.
Secret password_from(const char* variable, const Text& question);
/// A new password: from the file, else typed twice.
Secret new_password_from(const char* variable, const Text& question);

}  // namespace anahtar::app::ctl
