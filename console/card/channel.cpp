// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/channel.h"

#include <fmt/format.h>

#include <algorithm>

#include "card/atr.h"

namespace anahtar::card {
namespace {

constexpr std::size_t short_data = 255, longest_answer = 65536;
constexpr int most_continuations = 1024;
constexpr std::uint8_t more_follows = 0x10;
constexpr std::size_t typed_header = 5;  ///< Lc is there even without data

/// The wire's copy of a command.
struct Wire {
  Bytes bytes;
  ~Wire() { wipe(bytes); }
};

/// An empty VERIFY asks for the tries; an empty template (7C 02 81 00) asks for a challenge.
bool could_cost_a_try(const Command& command) {
  return command.secret() && !command.data.empty() && !(command.ins == 0x87 && command.data.size() <= 4);
}

/// A reset is told late by some readers, after the card has done what it was told: it is never taken for certain.
bool certainly_lost(const LinkError& error) { return !error.may_have_arrived && error.kind != LinkError::Kind::reset; }

/// GET RESPONSE goes to the same logical channel, without chaining and secure messaging.
std::uint8_t plain_class(std::uint8_t cla) { return cla & 0x80 ? 0x00 : cla & 0x40 ? cla & 0xCF : cla & 0x03; }

}  // namespace

Channel::Channel(Connection& connection) : connection_(connection) {
  const auto atr = Atr::parse(connection.atr());
  extended_ = connection.protocol() == Protocol::t1 && atr && atr->extended_length.value_or(false);
}

Response Channel::send(const Command& command) {
  ++exchanges_;
  return go_on(command);
}

Response Channel::go_on(const Command& command) {
  if (!could_cost_a_try(command)) return carry(command);
  const bool before = std::exchange(risked_, true);
  verdict_ = {};
  try {
    Response response = carry(command);
    verdict_ = response.status;
    return response;
  } catch (const LinkError& error) {
    if (certainly_lost(error)) risked_ = before;
    throw;
  }
}

Response Channel::carry(const Command& command) {
  if (trace_) trace_("> " + masked(command));
  Response response = command.data.size() > short_data && !extended_ ? send_chain(command) : send_whole(command);
  response = fetch_the_rest(command, std::move(response));
  if (trace_) trace_(fmt::format("< [{} bytes] {}", response.data.size(), response.status.text()));
  return response;
}

Response Channel::send_typed(const Command& command, const PadEntry& entry) {
  ++exchanges_;
  const bool before = std::exchange(risked_, true);
  if (trace_) trace_("> " + masked(command) + " + PIN typed on the reader");
  Wire wire{Bytes(typed_header + command.data.size())};
  const std::uint8_t header[typed_header] = {command.cla, command.ins, command.p1, command.p2, static_cast<std::uint8_t>(command.data.size())};
  std::ranges::copy(command.data, std::ranges::copy(header, wire.bytes.begin()).out);
  std::optional<Response> response;
  try {
    response = Response::parse(connection_.transmit_typed(wire.bytes, entry));
  } catch (const LinkError& error) {
    if (certainly_lost(error)) risked_ = before;
    throw;
  }
  if (!response) throw LinkError(LinkError::Kind::broken);
  if (trace_) trace_("< " + response->status.text());
  untyped_ = response->status.untyped();
  if (untyped_)
    risked_ = before;
  else
    verdict_ = response->status;
  return std::move(*response);
}

Response Channel::pass_on(BytesView command) {
  ++exchanges_;
  const bool before = std::exchange(risked_, true);
  std::optional<Response> response;
  try {
    response = Response::parse(connection_.transmit(command));
  } catch (const LinkError& error) {
    if (certainly_lost(error)) risked_ = before;
    throw;
  }
  if (!response) throw LinkError(LinkError::Kind::broken);
  return fetch_the_rest(Command(command.empty() ? 0 : command[0], 0, 0, 0), std::move(*response));
}

Response Channel::send_whole(const Command& command) {
  const bool extended =
      extended_ && (command.data.size() > short_data || command.le.value_or(0) > Command::short_le);
  return with_the_right_le(command, transmit(command, extended));
}

Response Channel::send_chain(const Command& command) {
  for (std::size_t at = 0;; at += short_data) {
    const bool last = command.data.size() - at <= short_data;
    const auto begin = command.data.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = last ? command.data.end() : begin + short_data;
    const Command part(last ? command.cla : command.cla | more_follows, command.ins, command.p1, command.p2,
                       Bytes(begin, end), last ? command.le : std::nullopt);
    Response response = last ? with_the_right_le(part, transmit(part, false)) : transmit(part, false);
    if (last || !response.ok()) return response;
  }
}

Response Channel::transmit(const Command& command, bool extended) {
  Wire wire{extended ? encode_extended(command) : encode_short(command)};
  if (connection_.protocol() == Protocol::t0) {  // ISO 7816-3 §12.2: no Le behind data, and P3 is never missing
    if (!command.data.empty() && command.le) wire.bytes.pop_back();
    if (command.data.empty() && !command.le) wire.bytes.push_back(0);
  }
  auto response = Response::parse(connection_.transmit(wire.bytes));
  if (!response) throw LinkError(LinkError::Kind::broken);
  return std::move(*response);
}

/// 6CXX: the command was not carried out, because XX bytes would be there. Nothing that could cost a try is sent again.
Response Channel::with_the_right_le(const Command& command, Response first) {
  if (first.status.sw1() != 0x6C || could_cost_a_try(command)) return first;
  const std::uint32_t exact = first.status.sw2() ? first.status.sw2() : Command::short_le;
  return transmit(Command(command.cla, command.ins, command.p1, command.p2, command.data, exact), false);
}

Response Channel::fetch_the_rest(const Command& command, Response response) {
  for (int round = 0; response.status.sw1() == 0x61; ++round) {
    if (round == most_continuations || response.data.size() > longest_answer) throw LinkError(LinkError::Kind::broken);
    const std::uint32_t more = response.status.sw2() ? response.status.sw2() : Command::short_le;
    const Command get(plain_class(command.cla), 0xC0, 0, 0, {}, more);
    Response next = with_the_right_le(get, transmit(get, false));
    response.data.insert(response.data.end(), next.data.begin(), next.data.end());
    response.status = next.status;
  }
  return response;
}

}  // namespace anahtar::card
