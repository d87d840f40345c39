// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
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

/// In the child, between fork and exec: nothing that another thread of the test may hold a lock of.
[[noreturn]] void become(const std::array<const char*, 3>& files, char* const* arguments, char* const* variables, pid_t test) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != test) ::_exit(127);
  ::setsid();
  for (int i = 0; i < 3; ++i) {
    const int file = ::open(files[static_cast<std::size_t>(i)], i == 0 ? O_RDWR : O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || (file != i && (::dup2(file, i) < 0 || ::close(file) != 0))) ::_exit(127);
  }
  ::execve(arguments[0], arguments, variables);
  ::_exit(127);
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
  if (::access(line.at(0).c_str(), X_OK) != 0) throw std::runtime_error("cannot start " + line[0]);
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
  auto arguments = line;
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const auto argument_list = pointers(arguments), variable_list = pointers(variables);
  const pid_t test = ::getpid();
  process_ = ::fork();
  if (process_ == 0) become({input_path.c_str(), out_.c_str(), err_.c_str()}, argument_list.data(), variable_list.data(), test);
  if (process_ < 0) throw std::runtime_error("cannot start " + line[0]);
}

Program::~Program() {
  if (process_ > 0 && !status_) {
    ::kill(process_, SIGKILL);
    if (look_) look_ = [](pid_t, bool) {};
    follow(true);
    if (!status_) ::waitpid(process_, nullptr, 0);
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
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(process_) + "/task")) {
    const auto thread = static_cast<pid_t>(std::stol(task.path().filename()));
    if (::ptrace(PTRACE_SEIZE, thread, nullptr, PTRACE_O_TRACEEXIT | PTRACE_O_TRACECLONE) == 0) watched_.insert(thread);
  }
  return watched_.contains(process_);
}

void Program::let_go_on(pid_t thread, int status) {
  const int event = status >> 16;
  unsigned long born = 0;
  if (event == PTRACE_EVENT_CLONE && ::ptrace(PTRACE_GETEVENTMSG, thread, nullptr, &born) == 0) watched_.insert(static_cast<pid_t>(born));
  if (event == PTRACE_EVENT_EXIT) look_(process_, thread == process_);
  ::ptrace(PTRACE_CONT, thread, nullptr, event == 0 ? WSTOPSIG(status) : 0);
}

/// Lets every thread go on that stands still for whoever watches. Asks for each by its id: another child's end is another's
/// to hear of. False when none stood still.
bool Program::follow_threads() {
  bool any = false;
  for (const pid_t thread : std::set<pid_t>(watched_)) {
    int status = 0;
    const pid_t heard = ::waitpid(thread, &status, __WALL | WNOHANG);
    if (heard == 0) continue;
    any = true;
    if (heard == thread && WIFSTOPPED(status)) {
      let_go_on(thread, status);
      continue;
    }
    watched_.erase(thread);
    if (thread == process_ && heard == thread) status_ = status;
  }
  return any;
}

void Program::follow(bool wait) {
  while (look_ && !status_ && (follow_threads() || wait)) std::this_thread::sleep_for(std::chrono::microseconds(200));
}

std::string Program::out() const { return content(out_); }
std::string Program::err() const { return content(err_); }

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
  const bool exited = WIFEXITED(status);
  return {exited ? WEXITSTATUS(status) : 128 + WTERMSIG(status), !exited && WCOREDUMP(status), out(), err()};
}

}  // namespace anahtar::testing
