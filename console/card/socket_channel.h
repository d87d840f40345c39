// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "crypto/bytes.h"

namespace anahtar::card {

using crypto::Bytes;
using crypto::BytesView;

/// Messages over a stream socket: a length of two bytes, big-endian, and as many bytes. Moves, never copies.
/// [one thread at a time]
class SocketChannel {
 public:
  explicit SocketChannel(int descriptor) : descriptor_(descriptor) {}
  SocketChannel(SocketChannel&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  SocketChannel& operator=(SocketChannel&& other) noexcept;
  ~SocketChannel() { close(); }

  /// Nothing when nobody listens there.
  static std::optional<SocketChannel> to(const std::filesystem::path& socket);
  /// The same for 127.0.0.1.
  static std::optional<SocketChannel> to_port(std::uint16_t port);

  enum class Got { message, nothing_yet, closed };
  /// False when the other side is gone.
  bool send(BytesView message);
  /// Waits for a whole message; after `patience` what has come stays for the next call.
  Got receive(Bytes& message, std::chrono::milliseconds patience);
  void close();

 private:
  int descriptor_ = -1;
  Bytes received_;
};

/// What a card on a socket is asked, and how it answers; the first byte of each message.
namespace socket_protocol {
enum Request : std::uint8_t { state = 'S', hold = 'H', transmit = 'T', resume = 'R' };
/// seen: presence (1), events (4), ATR. held: ATR. answered: the response. done: nothing. failed: LinkError's kind (1),
/// whether the command may have arrived (1).
enum Reply : std::uint8_t { seen = 's', held = 'h', answered = 'a', done = 'd', failed = 'f' };
}  // namespace socket_protocol

}  // namespace anahtar::card
