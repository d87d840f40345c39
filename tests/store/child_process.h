// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>

namespace anahtar::store::testing {

/// Runs `work` in a forked process that writes to a pipe. Fork before any thread is started.
class ChildProcess {
 public:
  explicit ChildProcess(const std::function<void(int pipe)>& work) {
    int ends[2];
    if (pipe(ends) != 0) abort();
    pid_ = fork();
    if (pid_ == 0) {
      close(ends[0]);
      try {
        work(ends[1]);
      } catch (...) {
        _exit(2);
      }
      _exit(0);
    }
    close(ends[1]);
    pipe_ = ends[0];
  }
  ~ChildProcess() {
    kill_now();
    close(pipe_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Blocks until `count` bytes came or the child ended; what came.
  std::string read_some(std::size_t count) {
    std::string got(count, '\0');
    std::size_t filled = 0;
    while (filled < count) {
      const ssize_t n = read(pipe_, got.data() + filled, count - filled);
      if (n <= 0) break;
      filled += static_cast<std::size_t>(n);
    }
    got.resize(filled);
    return got;
  }
  std::string read_all() {
    std::string all;
    for (std::string more = read_some(4096); !more.empty(); more = read_some(4096)) all += more;
    return all;
  }
  void kill_now() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    wait();
  }
  /// The exit status, -1 when it was killed.
  int wait() {
    if (pid_ <= 0) return status_;
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  int status_ = -1;
};

}  // namespace anahtar::store::testing
