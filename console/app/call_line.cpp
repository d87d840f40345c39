// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/call_line.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "app/outside_settings.h"
#include "app/paths.h"
#include "crypto/base64.h"
#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace anahtar::app {
namespace {

using core::Code;
using sdk::Secret;
using sdk::tr;
using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t longest_line = 1024;
constexpr std::size_t longest_number = 64, longest_name = 200;
constexpr timeval patience{3, 0};

class Handle {
 public:
  explicit Handle(int file) : file_(file) {}
  ~Handle() {
    if (file_ >= 0) ::close(file_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

fs::path line_path(const std::string& database, const char* ending) {
  const auto digest = crypto::sha256(crypto::view_of(database));
  return runtime_folder() / ("console-" + crypto::hex_encode(digest).substr(0, 16) + ending);
}

core::Result<sockaddr_un> address_of(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto text = path.string();
  if (text.size() >= sizeof address.sun_path)
    return core::failure(Code::unavailable, tr("The path {1} is too long for a socket; set XDG_RUNTIME_DIR.", text));
  text.copy(address.sun_path, text.size());
  return address;
}

/// Only the same user; root may pass every check anyway.
bool is_own_peer(int peer) {
  ucred who{};
  socklen_t size = sizeof who;
  return ::getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && who.uid == ::geteuid();
}

void limit_patience(int peer) {
  ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

bool send_line(int peer, std::string line) {
  line += '\n';
  const auto sent = ::send(peer, line.data(), line.size(), MSG_NOSIGNAL);
  const bool all = sent == static_cast<ssize_t>(line.size());
  Secret::wipe(line);
  return all;
}

std::optional<std::string> receive_line(int peer) {
  std::string line;
  line.reserve(longest_line);
  char c = 0;
  while (line.size() < longest_line) {
    const auto got = ::recv(peer, &c, 1, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return {};
    if (c == '\n') return line;
    line += c;
  }
  return {};
}

Json parsed(std::string&& line) {
  auto json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  Secret::wipe(line);
  return json.is_object() ? json : Json::object();
}

std::string text_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Tokens and PINs do not stay behind in a message.
void wipe(Json& message) {
  for (auto& value : message)
    if (value.is_string()) Secret::wipe(value.get_ref<std::string&>());
}

bool flag_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_boolean() && found->get<bool>();
}

std::shared_ptr<const core::GivenPin> given_pin(const Json& message) {
  if (text_in(message, "pin").empty()) return {};
  return std::make_shared<const core::GivenPin>(Secret(text_in(message, "pin")), text_in(message, "national_id"));
}

core::Result<HandOver> tell_console(const std::string& database, const Json& message) {
  const auto silent = tr("The running console does not answer.");
  const auto address = address_of(line_path(database, ".sock"));
  if (!address) return std::unexpected(address.error());
  const Handle peer(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (peer.get() < 0) return core::failure(Code::unavailable, silent);
  limit_patience(peer.get());
  if (::connect(peer.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return HandOver::nobody_there;
    return core::failure(Code::unavailable, silent);
  }
  if (!is_own_peer(peer.get()) || !send_line(peer.get(), message.dump(-1, ' ', false, Json::error_handler_t::replace)))
    return core::failure(Code::unavailable, silent);
  auto line = receive_line(peer.get());
  const auto reply = line ? parsed(std::move(*line)) : Json::object();
  if (!reply.contains("taken")) return core::failure(Code::unavailable, silent);
  if (!flag_in(reply, "taken")) return HandOver::nobody_there;
  return flag_in(reply, "proven") ? HandOver::taken_as_proven : HandOver::taken;
}

}  // namespace

core::Result<fs::path> telephone_token_file() {
  const auto file = telephone_token_path();
  std::error_code ignored;
  if (fs::exists(file, ignored)) return file;
  if (const auto made = make_private_folder(own_config_folder()); !made) return std::unexpected(made.error());
  Secret token(crypto::random_id() + crypto::random_id());
  if (const auto written = write_private_file(file, token.expose()); !written) return std::unexpected(written.error());
  return file;
}

bool is_telephone_token(const Secret& given) {
  const auto file = telephone_token_file();
  if (!file) return false;
  const auto token = read_private_file(*file);
  return token && !token->empty() &&
         crypto::equal_constant_time(crypto::view_of(token->expose()), crypto::view_of(given.expose()));
}

core::Result<HandOver> hand_over_call(const std::string& database, const core::IncomingCall& call, const Secret& token) {
  Json message{{"call", call.number}, {"token", std::string(token.expose())}};
  if (call.pin) message["pin"] = std::string(call.pin->digits.expose());
  if (call.pin) message["national_id"] = call.pin->national_id;
  if (!call.recording.empty()) message["recording"] = call.recording;
  auto result = tell_console(database, message);
  wipe(message);
  return result;
}

core::Result<HandOver> raise_running_console(const std::string& database) {
  return tell_console(database, {{"raise", true}});
}

core::Result<std::unique_ptr<CallLine>> CallLine::open(const std::string& database, Handlers handlers) {
  if (const auto made = make_private_folder(runtime_folder()); !made) return std::unexpected(made.error());
  std::unique_ptr<CallLine> line(new CallLine());
  line->handlers_ = std::move(handlers);

  // The lock, not the socket file, says whether a console runs: a socket file outlives a crash, a lock does not.
  line->lock_ = ::open(line_path(database, ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (line->lock_ < 0 || ::flock(line->lock_, LOCK_EX | LOCK_NB) != 0)
    return core::failure(Code::conflict, tr("A console is open on this database already."));

  line->socket_path_ = line_path(database, ".sock");
  const auto address = address_of(line->socket_path_);
  if (!address) return std::unexpected(address.error());
  ::unlink(line->socket_path_.c_str());
  line->listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  line->wake_ = ::eventfd(0, EFD_CLOEXEC);
  // Between bind and listen nobody can connect, and the folder is closed to others before either.
  if (line->listener_ < 0 || line->wake_ < 0 ||
      ::bind(line->listener_, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0 ||
      ::chmod(line->socket_path_.c_str(), 0600) != 0 || ::listen(line->listener_, 8) != 0)
    return core::failure(Code::unavailable, tr("The console cannot listen for calls on {1}.", line->socket_path_.string()));
  line->thread_ = std::thread([&line = *line] { line.serve(); });
  return line;
}

CallLine::~CallLine() {
  if (thread_.joinable()) {
    const std::uint64_t once = 1;
    if (::write(wake_, &once, sizeof once) < 0) ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::unlink(socket_path_.c_str());
  }
  for (const int file : {listener_, wake_, lock_})
    if (file >= 0) ::close(file);
}

void CallLine::serve() {
  for (;;) {
    pollfd waited[] = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (::poll(waited, 2, -1) < 0 && errno != EINTR) return;
    if (waited[1].revents || (waited[0].revents & (POLLHUP | POLLERR))) return;
    if (!(waited[0].revents & POLLIN)) continue;
    const Handle peer(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
    if (peer.get() < 0 || !is_own_peer(peer.get())) continue;
    limit_patience(peer.get());
    try {
      answer(peer.get());
    } catch (const std::exception&) {
      continue;  // what one peer sent must not end the line for the next
    }
  }
}

void CallLine::answer(int peer) {
  auto line = receive_line(peer);
  if (!line) return;
  auto message = parsed(std::move(*line));
  if (flag_in(message, "raise")) {
    const bool raised = handlers_.raise();
    send_line(peer, Json{{"taken", raised}}.dump());
    return;
  }
  const auto number = text_in(message, "call");
  if (!message.contains("call") || number.size() > longest_number) return;
  const Secret token(text_in(message, "token"));
  const bool proven = !token.empty() && is_telephone_token(token);
  core::IncomingCall call{number, proven};
  if (proven) call.pin = given_pin(message);
  if (proven) call.recording = text_in(message, "recording").substr(0, longest_name);
  wipe(message);
  const bool taken = handlers_.call(std::move(call));
  send_line(peer, Json{{"taken", taken}, {"proven", proven}}.dump());
}

}  // namespace anahtar::app
