// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/socket_readers.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "card/socket_channel.h"
#include "crypto/base64.h"

namespace anahtar::card {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Kind = LinkError::Kind;
using Presence = core::CardReaderState::Presence;

constexpr std::chrono::milliseconds look_again = 200ms, glance = 1s;
constexpr std::string_view extension = ".card";

bool ours_alone(const fs::path& folder) {
  struct stat facts {};
  return ::stat(folder.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_uid == ::geteuid() &&
         (facts.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool same(const std::vector<core::CardReaderState>& a, const std::vector<core::CardReaderState>& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.name == y.name && x.presence == y.presence && x.events == y.events && x.atr == y.atr;
  });
}

std::string upper_hex(BytesView bytes) {
  std::string text = crypto::hex_encode(bytes);
  std::ranges::transform(text, text.begin(), [](char each) { return each >= 'a' ? static_cast<char>(each - ('a' - 'A')) : each; });
  return text;
}

/// ISO 7816-3 §8.2.3: T=1 only where TD1 says so.
Protocol protocol_of(BytesView atr) {
  if (atr.size() < 2 || (atr[1] & 0x80) == 0) return Protocol::t0;
  std::size_t td1 = 2;
  for (const int before : {0x10, 0x20, 0x40})
    if ((atr[1] & before) != 0) ++td1;
  return td1 < atr.size() && (atr[td1] & 0x0F) == 1 ? Protocol::t1 : Protocol::t0;
}

/// One request, its answer; LinkError for every other end of it.
class Asker {
 public:
  explicit Asker(SocketChannel channel) : channel_(std::move(channel)) {}

  Bytes operator()(socket_protocol::Request what, BytesView with, socket_protocol::Reply expected, std::chrono::milliseconds patience) {
    Bytes request = {what};
    request.insert(request.end(), with.begin(), with.end());
    const bool sent = channel_.send(request);
    explicit_bzero(request.data(), request.size());
    if (!sent) throw LinkError(Kind::no_reader, false);
    Bytes reply;
    switch (channel_.receive(reply, patience)) {
      case SocketChannel::Got::nothing_yet: channel_.close(); throw LinkError(Kind::silent);
      case SocketChannel::Got::closed: throw LinkError(Kind::no_reader);
      case SocketChannel::Got::message: break;
    }
    if (reply.size() == 3 && reply[0] == socket_protocol::failed && reply[1] <= static_cast<int>(Kind::broken))
      throw LinkError(static_cast<Kind>(reply[1]), reply[2] != 0);
    if (reply.empty() || reply[0] != expected) throw LinkError(Kind::broken);
    reply.erase(reply.begin());
    return reply;
  }

 private:
  SocketChannel channel_;
};

class SocketConnection : public Connection {
 public:
  SocketConnection(Asker asker, std::chrono::milliseconds patience)
      : asker_(std::move(asker)), patience_(patience), atr_(asker_(socket_protocol::hold, {}, socket_protocol::held, patience)) {}

  Bytes atr() const override { return atr_; }
  Protocol protocol() const override { return protocol_of(atr_); }
  Bytes transmit(BytesView command) override {
    Bytes answer = asker_(socket_protocol::transmit, command, socket_protocol::answered, patience_);
    if (answer.size() < 2) throw LinkError(Kind::broken);
    return answer;
  }
  void resume() override { asker_(socket_protocol::resume, {}, socket_protocol::done, patience_); }

 private:
  Asker asker_;
  std::chrono::milliseconds patience_;
  Bytes atr_;
};

core::CardReaderState glance_at(SocketChannel channel, std::string name) try {
  const Bytes seen = Asker(std::move(channel))(socket_protocol::state, {}, socket_protocol::seen, glance);
  if (seen.size() < 5 || seen[0] > static_cast<int>(Presence::in_use)) return {std::move(name), Presence::mute, 0, ""};
  const auto events = static_cast<std::uint32_t>(seen[1]) << 24 | static_cast<std::uint32_t>(seen[2] << 16 | seen[3] << 8 | seen[4]);
  return {std::move(name), static_cast<Presence>(seen[0]), events, upper_hex(BytesView(seen).subspan(5))};
} catch (const LinkError&) {
  return {std::move(name), Presence::mute, 0, ""};
}

}  // namespace

std::vector<core::CardReaderState> SocketReaders::list() {
  std::error_code ignored;
  if (!fs::exists(folder_, ignored)) return {};
  if (!ours_alone(folder_)) throw LinkError(Kind::no_service, false);
  std::vector<fs::path> sockets;
  for (const auto& entry : fs::directory_iterator(folder_, ignored))
    if (entry.path().extension() == extension) sockets.push_back(entry.path());
  std::ranges::sort(sockets);
  std::vector<core::CardReaderState> all;
  for (const auto& socket : sockets)
    // Nobody behind it: left over by a process that was killed.
    if (auto channel = SocketChannel::to(socket)) all.push_back(glance_at(std::move(*channel), socket.stem().string()));
  return all;
}

std::vector<core::CardReaderState> SocketReaders::wait_for_change(const std::vector<core::CardReaderState>& known,
                                                                 std::chrono::milliseconds limit, std::stop_token stop) {
  const auto end = std::chrono::steady_clock::now() + limit;
  std::mutex mutex;
  std::condition_variable_any stopped;
  while (true) {
    auto now = list();
    if (!same(now, known) || stop.stop_requested() || std::chrono::steady_clock::now() >= end) return now;
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, look_again, [] { return false; });
  }
}

std::unique_ptr<Connection> SocketReaders::connect(const std::string& reader) {
  if (!ours_alone(folder_) || reader.empty() || reader.find('/') != reader.npos) throw LinkError(Kind::no_reader, false);
  auto channel = SocketChannel::to(folder_ / (reader + std::string(extension)));
  if (!channel) throw LinkError(Kind::no_reader, false);
  return std::make_unique<SocketConnection>(Asker(std::move(*channel)), patience_);
}

}  // namespace anahtar::card
