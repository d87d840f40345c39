// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/apdu.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <stdexcept>

namespace anahtar::card {
namespace {

constexpr std::size_t longest_answer = 65536 + 2;

void append_be16(Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

Bytes header_of(const Command& command) {
  Bytes out;
  out.reserve(command.data.size() + 9);  // all at once: growing would leave copies of a PIN behind
  for (const std::uint8_t byte : {command.cla, command.ins, command.p1, command.p2}) out.push_back(byte);
  return out;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  throw std::invalid_argument("not hexadecimal");
}

}  // namespace

Command::~Command() { wipe(data); }

bool Command::secret() const {
  switch (ins) {
    case 0x20:  // VERIFY
    case 0x21:
    case 0x24:  // CHANGE REFERENCE DATA
    case 0x25:
    case 0x2C:  // RESET RETRY COUNTER
    case 0x2D:
    case 0x2A:  // PERFORM SECURITY OPERATION
    case 0x82:  // EXTERNAL AUTHENTICATE
    case 0x86:  // GENERAL AUTHENTICATE
    case 0x87:
    case 0x88:  // INTERNAL AUTHENTICATE
      return true;
    default:
      return false;
  }
}

std::optional<int> Status::tries_left() const {
  if ((word & 0xFFF0) == 0x63C0 || (word & 0xFFF0) == 0x6300) {
    if (word == 0x6300) return {};  // "no information given"
    return word & 0x0F;
  }
  return {};
}

std::string Status::text() const { return fmt::format("{:04X}", word); }

std::optional<Response> Response::parse(BytesView bytes) {
  if (bytes.size() < 2 || bytes.size() > longest_answer) return {};
  const std::uint8_t sw1 = bytes[bytes.size() - 2];
  const bool possible = (sw1 >= 0x61 && sw1 <= 0x6F) || (sw1 >= 0x90 && sw1 <= 0x9F);
  if (!possible) return {};
  return Response{Bytes(bytes.begin(), bytes.end() - 2),
                  Status{static_cast<std::uint16_t>(sw1 << 8 | bytes[bytes.size() - 1])}};
}

Bytes encode_short(const Command& command) {
  if (command.data.size() > 255) throw std::invalid_argument("too long for a short command");
  Bytes out = header_of(command);
  if (!command.data.empty()) {
    out.push_back(static_cast<std::uint8_t>(command.data.size()));
    out.insert(out.end(), command.data.begin(), command.data.end());
  }
  if (command.le) out.push_back(static_cast<std::uint8_t>(std::min(*command.le, Command::short_le)));  // 256 is 00
  return out;
}

Bytes encode_extended(const Command& command) {
  if (command.data.size() > 65535) throw std::invalid_argument("too long for a command");
  Bytes out = header_of(command);
  if (command.data.empty() && !command.le) return out;
  out.push_back(0);
  if (!command.data.empty()) {
    append_be16(out, static_cast<std::uint32_t>(command.data.size()));
    out.insert(out.end(), command.data.begin(), command.data.end());
  }
  if (command.le) append_be16(out, std::min(*command.le, Command::extended_le));  // 65536 is 0000
  return out;
}

bool is_zero(BytesView bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

std::string hex_of(BytesView bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) fmt::format_to(std::back_inserter(out), "{:02X}", byte);
  return out;
}

Bytes bytes_of_hex(std::string_view hex) {
  Bytes out;
  int high = -1;
  for (const char c : hex) {
    if (c == ' ') continue;
    if (high < 0) {
      high = digit_of(c);
    } else {
      out.push_back(static_cast<std::uint8_t>(high << 4 | digit_of(c)));
      high = -1;
    }
  }
  if (high >= 0) throw std::invalid_argument("half a byte");
  return out;
}

std::string masked(const Command& command) {
  std::string out = fmt::format("{:02X}{:02X}{:02X}{:02X}", command.cla, command.ins, command.p1, command.p2);
  if (!command.data.empty() && command.secret())
    out += fmt::format(" [{} bytes]", command.data.size());
  else if (!command.data.empty())
    out += " " + hex_of(command.data);
  if (command.le) out += fmt::format(" Le={}", *command.le);
  return out;
}

void wipe(Bytes& bytes) {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
  bytes.clear();
}

}  // namespace anahtar::card
