// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/card_shell.h"

#include <algorithm>
#include <numeric>

namespace anahtar::card::emulated {
namespace {

constexpr std::uint8_t get_response = 0xC0, chaining_bit = 0x10;
constexpr std::size_t longest_chain = 8192;

Bytes status_only(std::uint16_t word) { return big_endian(word, 2); }

}  // namespace

/// ISO 7816-3 §8.2: T=0 is said by saying nothing; T=1 with an information field of 254 bytes.
Bytes CardShell::atr() const {
  const Bytes history = historical_bytes();
  const auto count = static_cast<std::uint8_t>(history.size());
  if (t0_) return Bytes{0x3B, count} + history;
  Bytes atr = Bytes{0x3B, static_cast<std::uint8_t>(0x80 | count), 0x81, 0x31, 0xFE, 0x45} + history;
  atr.push_back(std::accumulate(atr.begin() + 1, atr.end(), std::uint8_t{0},
                                [](std::uint8_t sum, std::uint8_t each) { return static_cast<std::uint8_t>(sum ^ each); }));
  return atr;
}

void CardShell::reset() {
  chained_.clear();
  pending_.clear();
  forget();
}

Bytes CardShell::answer(BytesView bytes) {
  auto command = parse_command(bytes);
  if (!command || (t0_ && command->extended)) return status_only(sw::wrong_length);
  if (command->ins == get_response) {
    return pending_.empty() ? status_only(sw::conditions) : next_piece(command->expected ? command->expected : 256);
  }
  pending_.clear();
  if (!chained_.empty() && command->ins != chained_ins_) chained_.clear();
  if ((command->cla & 0xE0) == 0 && (command->cla & chaining_bit) != 0) {
    if (chained_.size() + command->data.size() > longest_chain) {
      chained_.clear();
      return status_only(sw::wrong_length);
    }
    chained_ins_ = command->ins;
    chained_ = std::move(chained_) + command->data;
    return status_only(sw::ok);
  }
  if (!chained_.empty()) command->data = std::exchange(chained_, {}) + command->data;
  return deliver(*command, run(*command));
}

Bytes CardShell::deliver(const Command& command, Reply reply) {
  if (reply.data.empty()) return status_only(reply.status);
  pending_ = std::move(reply.data);
  const std::size_t available = pending_.size();
  if (t0_ && !command.data.empty()) return status_only(static_cast<std::uint16_t>(0x6100 | (available > 255 ? 0 : available)));
  if (t0_ && available < 256 && command.expected != available) {
    pending_.clear();
    return status_only(static_cast<std::uint16_t>(0x6C00 | available));
  }
  return next_piece(command.expected ? command.expected : 256);
}

Bytes CardShell::next_piece(std::size_t most) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, pending_.size()));
  Bytes piece(pending_.begin(), pending_.begin() + count);
  pending_.erase(pending_.begin(), pending_.begin() + count);
  const std::size_t rest = pending_.size();
  return std::move(piece) + status_only(rest == 0 ? sw::ok : static_cast<std::uint16_t>(0x6100 | (rest > 255 ? 0 : rest)));
}

void store(Memory& memory, const std::string& name, const CountedSecret& secret) {
  memory[name] = secret.value();
  memory[name + ".left"] = std::to_string(secret.left());
}

void recall(const Memory& memory, const std::string& name, CountedSecret& secret) {
  if (const auto value = memory.find(name); value != memory.end()) secret.set(value->second);
  if (const auto left = memory.find(name + ".left"); left != memory.end())
    secret.put_left(std::clamp(std::atoi(left->second.c_str()), 0, secret.most()));
}

void store(Memory& memory, const Holder& holder) {
  if (holder.key) memory["key"] = holder.key->pkcs8().expose();
  memory["certificate"] = crypto::text_of(holder.certificate);
}

void recall(const Memory& memory, Holder& holder) {
  const auto certificate = memory.find("certificate");
  if (certificate == memory.end()) return;
  holder = {};
  holder.certificate = crypto::bytes_of(certificate->second);
  const auto key = memory.find("key");
  if (key == memory.end()) return;
  if (auto parsed = crypto::CardKey::parse(crypto::view_of(key->second))) holder.key = std::move(*parsed);
}

std::uint16_t wrong_try(const CountedSecret& secret, const CardOptions& options) {
  if (secret.blocked() && options.last_try_says_blocked) return sw::blocked;
  return options.wrong_pin_says_6982 ? sw::not_logged_in : sw::tries(secret.left());
}

}  // namespace anahtar::card::emulated
