// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/support/server_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace anahtar::testing {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

ServerProcess::ServerProcess(const std::filesystem::path& program, std::vector<std::string> arguments,
                             std::filesystem::path log, const std::string& debian_package)
    : log_(std::move(log)) {
  if (::access(program.c_str(), X_OK) != 0) {
    throw std::runtime_error(program.string() + " is missing; install the Debian package " + debian_package + ".");
  }
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const int out = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::vector<char*> argv;
  std::string name = program.string();
  argv.push_back(name.data());
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);

  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    ::dup2(ends[0], 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execv(name.c_str(), argv.data());
    ::_exit(127);
  }
  ::close(ends[0]);
  ::close(out);
  input_ = ends[1];
}

ServerProcess::~ServerProcess() {
  kill();
  ::close(input_);
}

bool ServerProcess::running() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ > 0;
}

void ServerProcess::signal(int number) {
  if (running()) ::kill(pid_, number);
}

void ServerProcess::pause() {
  siginfo_t stopped{};
  if (!running() || ::kill(pid_, SIGSTOP) != 0) throw std::runtime_error("the server has ended");
  ::waitid(P_PID, static_cast<id_t>(pid_), &stopped, WSTOPPED | WEXITED | WNOWAIT);
}

void ServerProcess::resume() { signal(SIGCONT); }

void ServerProcess::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string ServerProcess::output() const { return read_file(log_); }

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
  std::ifstream table("/proc/net/tcp");
  std::string line, slot, local, remote, state;
  while (std::getline(table, line)) {
    std::istringstream(line) >> slot >> local >> remote >> state;
    const auto colon = local.find(':');
    if (state == "0A" && colon != local.npos && std::stoul(local.substr(colon + 1), nullptr, 16) == port) return true;
  }
  return false;
}

bool wait_until(const std::function<bool()>& holds, std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream all;
  all << stream.rdbuf();
  return all.str();
}

}  // namespace anahtar::testing
