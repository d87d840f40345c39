// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/vpcd_client.h"

#include "card/emulated/misbehaviour.h"
#include "card/socket_channel.h"

namespace anahtar::card::emulated {
namespace {

enum Control : std::uint8_t { power_off = 0, power_on = 1, reset = 2, give_atr = 4 };

/// A reset by another program cannot be told to vpcd: the card has forgotten, and the command meets it so.
Bytes answer_of(EmulatedCard& card, BytesView command) {
  try {
    return card.answer(command);
  } catch (const Disturbance& disturbance) {
    if (disturbance.kind != Disturbance::Kind::reset) throw;
    return card.answer(command);
  }
}

/// False when nothing is to be answered to a control byte.
bool control(EmulatedCard& card, std::uint8_t what, Bytes& answer) {
  if (what == give_atr) {
    answer = card.atr();
    return true;
  }
  card.reset();
  return false;
}

}  // namespace

Stay stay_in_vpcd(EmulatedCard& card, std::uint16_t port, std::stop_token stop, const std::function<void()>& inserted) {
  auto reader = SocketChannel::to_port(port);
  if (!reader) return Stay::nobody_listens;
  if (inserted) inserted();
  Bytes message, answer;
  while (!stop.stop_requested()) {
    const auto got = reader->receive(message, std::chrono::milliseconds(50));
    if (got == SocketChannel::Got::nothing_yet) continue;
    if (got == SocketChannel::Got::closed) return Stay::reader_gone;
    try {
      if (message.size() == 1) {
        if (!control(card, message[0], answer)) continue;
      } else {
        answer = answer_of(card, message);
      }
    } catch (const Disturbance& disturbance) {
      if (disturbance.kind == Disturbance::Kind::silent) continue;
      return Stay::pulled;
    }
    explicit_bzero(message.data(), message.size());
    if (!reader->send(answer)) return Stay::reader_gone;
  }
  return Stay::stopped;
}

}  // namespace anahtar::card::emulated
