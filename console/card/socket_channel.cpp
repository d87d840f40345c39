// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/socket_channel.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace anahtar::card {
namespace {

template <class Address>
std::optional<SocketChannel> connected(const Address& address) {
  const int descriptor = ::socket(reinterpret_cast<const sockaddr&>(address).sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return {};
  SocketChannel channel(descriptor);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return channel;
}

}  // namespace

SocketChannel& SocketChannel::operator=(SocketChannel&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(received_, other.received_);
  return *this;
}

void SocketChannel::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

std::optional<SocketChannel> SocketChannel::to(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.native().size() >= sizeof address.sun_path) return {};
  socket.native().copy(address.sun_path, socket.native().size());
  return connected(address);
}

std::optional<SocketChannel> SocketChannel::to_port(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return connected(address);
}

/// Length and payload go in one write: two small ones would wait for each other's acknowledgement.
bool SocketChannel::send(BytesView message) {
  if (message.size() > 0xFFFF) return false;
  Bytes frame = {static_cast<std::uint8_t>(message.size() >> 8), static_cast<std::uint8_t>(message.size())};
  frame.insert(frame.end(), message.begin(), message.end());
  BytesView rest = frame;
  while (!rest.empty()) {
    const auto sent = ::send(descriptor_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;
    rest = rest.subspan(static_cast<std::size_t>(sent));
  }
  const bool whole = rest.empty();
  explicit_bzero(frame.data(), frame.size());  // it may hold a PIN
  return whole;
}

SocketChannel::Got SocketChannel::receive(Bytes& message, std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    if (received_.size() >= 2) {
      const std::size_t size = static_cast<std::size_t>(received_[0] << 8 | received_[1]);
      if (received_.size() >= size + 2) {
        message.assign(received_.begin() + 2, received_.begin() + 2 + static_cast<std::ptrdiff_t>(size));
        received_.erase(received_.begin(), received_.begin() + 2 + static_cast<std::ptrdiff_t>(size));
        return Got::message;
      }
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd waited{descriptor_, POLLIN, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (ready == 0 || (ready < 0 && errno == EINTR)) return Got::nothing_yet;
    std::array<std::uint8_t, 4096> buffer;
    const auto got = ready < 0 ? 0 : ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return Got::closed;
    received_.insert(received_.end(), buffer.begin(), buffer.begin() + got);
  }
}

}  // namespace anahtar::card
