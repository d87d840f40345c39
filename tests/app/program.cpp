// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace anahtar::testing {
namespace {

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

}  // namespace

Program::Program(const std::filesystem::path& folder, const std::vector<std::string>& line,
                 const std::map<std::string, std::string>& environment, Input input) {
  static std::atomic<int> counter = 0;
  const auto number = std::to_string(++counter);
  out_ = folder / ("out." + number);
  err_ = folder / ("err." + number);
  std::string input_path = "/dev/null";
  if (input == Input::terminal) {
    terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal_ < 0 || ::grantpt(terminal_) != 0 || ::unlockpt(terminal_) != 0) throw std::runtime_error("no terminal");
    input_path = ::ptsname(terminal_);
  }
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  posix_spawn_file_actions_addopen(&files, 0, input_path.c_str(), O_RDWR, 0);
  posix_spawn_file_actions_addopen(&files, 1, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&files, 2, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);

  auto arguments = line;
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  pid_t process = -1;
  const int failed = ::posix_spawn(&process, arguments[0].c_str(), &files, &attributes, pointers(arguments).data(),
                                   pointers(variables).data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (failed) throw std::runtime_error("cannot start " + line[0]);
  process_ = process;
}

Program::~Program() {
  if (process_ > 0 && !status_) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  if (terminal_ >= 0) ::close(terminal_);
}

void Program::type(const std::string& text) {
  const auto line = text + "\n";
  if (::write(terminal_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    throw std::runtime_error("cannot type");
}

bool Program::says(const std::string& text, std::chrono::seconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end) {
    if (content(err_).find(text) != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

bool Program::says_next(const std::string& text, std::chrono::seconds patience) {
  const auto begin = std::chrono::steady_clock::now();
  while (true) {
    follow(false);
    const bool last_look = status_ || std::chrono::steady_clock::now() - begin > patience;
    if (const auto at = content(err_).find(text, heard_); at != std::string::npos) {
      heard_ = at + text.size();
      return true;
    }
    if (last_look) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

bool Program::watch_ends(Look look) {
  look_ = std::move(look);
  return ::ptrace(PTRACE_SEIZE, process_, nullptr, PTRACE_O_TRACEEXIT | PTRACE_O_TRACECLONE) == 0;
}

/// Lets every thread go on that stands still for whoever watches.
void Program::follow(bool wait) {
  int status = 0;
  for (pid_t thread = 0; look_ && !status_ && (thread = ::waitpid(-1, &status, __WALL | (wait ? 0 : WNOHANG))) > 0;) {
    if (!WIFSTOPPED(status)) {
      if (thread == process_) status_ = status;
      continue;
    }
    const int event = status >> 16;
    if (event == PTRACE_EVENT_EXIT) look_(process_, thread == process_);
    ::ptrace(PTRACE_CONT, thread, nullptr, event == 0 ? WSTOPSIG(status) : 0);
  }
}

void Program::interrupt() const { ::kill(process_, SIGINT); }

std::string Program::echoed() {
  std::string text;
  char buffer[256];
  pollfd waited{terminal_, POLLIN, 0};
  while (::poll(&waited, 1, 0) > 0 && (waited.revents & POLLIN)) {
    const auto got = ::read(terminal_, buffer, sizeof buffer);
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

Ended Program::wait() {
  follow(true);
  int status = status_.value_or(0);
  if (!status_) ::waitpid(process_, &status, 0);
  process_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), content(out_), content(err_)};
}

}  // namespace anahtar::testing
