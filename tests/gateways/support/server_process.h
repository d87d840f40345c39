// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace anahtar::testing {

/// A real server, started by a test and ended with it by its own id; it also ends when the test is killed. Its standard
/// input stays open and silent, its output goes to a file.
class ServerProcess {
 public:
  /// A program that is not there is a std::runtime_error whose text says which package brings it.
  ServerProcess(const std::filesystem::path& program, std::vector<std::string> arguments, std::filesystem::path log,
                const std::string& debian_package);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  bool running();
  void signal(int number);
  /// SIGSTOP, and every thread of it awaited: kill(2) comes back while some still run.
  void pause();
  void resume();
  /// SIGKILL, and its end awaited. Nothing when it has ended.
  void kill();
  std::string output() const;

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  std::filesystem::path log_;
};

/// A port of 127.0.0.1 that is free now.
std::uint16_t free_port();
/// Whether somebody listens there; looks without knocking.
bool listens(std::uint16_t port);
/// Looks every 10 ms.
bool wait_until(const std::function<bool()>& holds, std::chrono::milliseconds patience = std::chrono::seconds(10));
std::string read_file(const std::filesystem::path& file);

}  // namespace anahtar::testing
