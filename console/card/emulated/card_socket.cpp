// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/card_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "card/emulated/command.h"
#include "card/socket_channel.h"
#include "crypto/base64.h"

namespace anahtar::card::emulated {
namespace {

using namespace std::chrono_literals;
using core::Code;
using core::failure;
using core::tr;

constexpr auto glance = 100ms;

/// The socket is nobody else's from the moment it exists.
int bound(const sockaddr_un& address) {
  const int listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const mode_t before = ::umask(0177);
  const bool good = listening >= 0 && ::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                    ::listen(listening, 16) == 0;
  ::umask(before);
  if (good) return listening;
  if (listening >= 0) ::close(listening);
  return -1;
}

Bytes message(socket_protocol::Reply kind, BytesView with = {}) { return Bytes{kind} + with; }

}  // namespace

core::Result<std::unique_ptr<CardSocket>> CardSocket::open(std::filesystem::path path, std::shared_ptr<Readers> readers,
                                                           std::string reader) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) return failure(Code::invalid, tr("The path of the card's socket is too long: {1}", path.string()));
  path.native().copy(address.sun_path, path.native().size());
  if (SocketChannel::to(path)) return failure(Code::conflict, tr("Another card is already in the reader {1}.", path.string()));
  std::error_code ignored;
  if (std::filesystem::is_socket(path, ignored)) std::filesystem::remove(path, ignored);
  const int listening = bound(address);
  if (listening < 0) return failure(Code::unavailable, tr("The card's socket {1} cannot be made. Is its folder there?", path.string()));
  return std::unique_ptr<CardSocket>(new CardSocket(std::move(path), listening, std::move(readers), std::move(reader)));
}

CardSocket::CardSocket(std::filesystem::path path, int listening, std::shared_ptr<Readers> readers, std::string reader)
    : path_(std::move(path)), listening_(listening), readers_(std::move(readers)), reader_(std::move(reader)),
      listener_([this](std::stop_token stop) { listen(stop); }) {}

CardSocket::~CardSocket() {
  listener_.request_stop();
  listener_.join();
  clients_.clear();
  ::close(listening_);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void CardSocket::listen(std::stop_token stop) {
  while (!stop.stop_requested()) {
    pollfd waited{listening_, POLLIN, 0};
    if (::poll(&waited, 1, static_cast<int>(glance.count())) <= 0) continue;
    const int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    clients_.remove_if([](const Client& each) { return each.gone.load(); });
    Client& served = clients_.emplace_back();
    served.thread = std::jthread([this, client, &served](std::stop_token stop_client) {
      serve(SocketChannel(client), stop_client);
      served.gone = true;
    });
  }
}

void CardSocket::serve(SocketChannel channel, std::stop_token stop) {
  std::unique_ptr<Connection> link;
  Bytes request;
  while (!stop.stop_requested()) {
    const auto got = channel.receive(request, glance);
    if (got == SocketChannel::Got::closed) break;
    if (got == SocketChannel::Got::nothing_yet) continue;
    const Bytes reply = reply_to(request, link);
    explicit_bzero(request.data(), request.size());
    if (!channel.send(reply)) break;
  }
}

Bytes CardSocket::reply_to(BytesView request, std::unique_ptr<Connection>& link) try {
  switch (request.empty() ? 0 : request[0]) {
    case socket_protocol::state:
      for (const auto& each : readers_->list())
        if (each.name == reader_)
          return message(socket_protocol::seen, Bytes{static_cast<std::uint8_t>(each.presence)} + big_endian(each.events, 4) +
                                                    crypto::hex_decode(each.atr).value_or(Bytes{}));
      throw LinkError(LinkError::Kind::no_reader, false);
    case socket_protocol::hold:
      link.reset();
      link = readers_->connect(reader_);
      return message(socket_protocol::held, link->atr());
    case socket_protocol::transmit:
      if (!link) throw LinkError(LinkError::Kind::no_card, false);
      return message(socket_protocol::answered, link->transmit(request.subspan(1)));
    case socket_protocol::resume:
      if (!link) throw LinkError(LinkError::Kind::no_card, false);
      link->resume();
      return message(socket_protocol::done);
  }
  throw LinkError(LinkError::Kind::broken, false);
} catch (const LinkError& error) {
  return message(socket_protocol::failed, Bytes{static_cast<std::uint8_t>(error.kind), std::uint8_t(error.may_have_arrived)});
}

}  // namespace anahtar::card::emulated
