// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/pipe_player.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace anahtar::gateways {
namespace {

using core::Code;
using core::failure;
using sdk::tr;

/// Until all is written or nobody reads any more.
void write_all(int pipe, std::string_view sound) {
  while (!sound.empty()) {
    const ssize_t put = ::write(pipe, sound.data(), sound.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;
    sound.remove_prefix(static_cast<std::size_t>(put));
  }
}

/// A player that is gone must end the sound, not this program.
void ignore_broken_pipe_here() {
  sigset_t broken;
  ::sigemptyset(&broken);
  ::sigaddset(&broken, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken, nullptr);
}

int spawn(const std::vector<std::string>& command, int input) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t process = -1;
  const int problem = ::posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return problem == 0 ? process : -1;
}

}  // namespace

PipePlayer::~PipePlayer() { stop(); }

core::Result<> PipePlayer::start(std::string wav) {
  const std::lock_guard lock(mutex_);
  end();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure(Code::unavailable, tr("The sound cannot be played now. Try again."));
  process_ = spawn(command_, ends[0]);
  ::close(ends[0]);
  if (process_ < 0) {
    ::close(ends[1]);
    return failure(Code::unavailable,
                   tr("The program {1}, which plays sounds, is not installed on this computer.", command_.front()));
  }
  playing_ = true;
  failed_ = false;
  feeder_ = std::jthread([this, process = process_, pipe = ends[1], sound = std::move(wav)] {
    ignore_broken_pipe_here();
    write_all(pipe, sound);
    ::close(pipe);
    siginfo_t how;  // left to be waited for by end(), so that its number is nobody else's when it is signalled
    while (::waitid(P_PID, static_cast<id_t>(process), &how, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    failed_ = how.si_code != CLD_EXITED || how.si_status != 0;
    playing_ = false;
  });
  return {};
}

void PipePlayer::stop() {
  const std::lock_guard lock(mutex_);
  end();
}

void PipePlayer::end() {
  if (process_ < 0) return;
  const bool stopped = playing_;
  ::kill(process_, SIGTERM);
  feeder_.join();
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
  if (stopped) failed_ = false;
}

}  // namespace anahtar::gateways
