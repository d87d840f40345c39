// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "crypto/bytes.h"

/// Commands to a card and its answers, ISO 7816-4 §5.3.
namespace anahtar::card {

using crypto::Bytes;
using crypto::BytesView;

/// One command APDU. Its data may hold a PIN, so it moves and is wiped.
struct Command {
  static constexpr std::uint32_t short_le = 256, extended_le = 65536;

  std::uint8_t cla = 0, ins = 0, p1 = 0, p2 = 0;
  Bytes data{};                      ///< at most 65535 bytes
  std::optional<std::uint32_t> le{};  ///< how much is expected at most: 1..65536; nothing: no data is expected

  Command(std::uint8_t c, std::uint8_t i, std::uint8_t one, std::uint8_t two, Bytes d = {},
          std::optional<std::uint32_t> expected = {})
      : cla(c), ins(i), p1(one), p2(two), data(std::move(d)), le(expected) {}
  Command(Command&&) = default;
  Command& operator=(Command&&) = default;
  ~Command();

  /// VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER, EXTERNAL, INTERNAL and GENERAL AUTHENTICATE, PERFORM SECURITY
  /// OPERATION and what goes in a chain with them: the data is shown to nobody, and the command is never repeated by
  /// whoever carries it.
  bool secret() const;
};

/// A status word.
struct Status {
  std::uint16_t word = 0;

  std::uint8_t sw1() const { return static_cast<std::uint8_t>(word >> 8); }
  std::uint8_t sw2() const { return static_cast<std::uint8_t>(word); }
  bool ok() const { return word == 0x9000; }
  /// 63CX, and 630X as some old cards say it: X tries are left.
  std::optional<int> tries_left() const;
  bool blocked() const { return word == 0x6983; }
  /// What was given was compared, and is another.
  bool denied() const { return tries_left() || word == 0x6982 || word == 0x6300; }
  /// What a reader with a keypad says when no PIN was typed (PC/SC part 10 §2.5): the card has got nothing.
  bool untyped() const { return word >= 0x6400 && word <= 0x6403; }
  std::string text() const;  ///< "63C2"
  friend bool operator==(Status, Status) = default;
};

struct Response {
  Bytes data;
  Status status;

  bool ok() const { return status.ok(); }
  /// Nothing for what is no answer of a card: shorter than a status word, longer than any answer, or with a first byte
  /// that no status word has (ISO 7816-4 §5.6: 61..6F, 90..9F).
  static std::optional<Response> parse(BytesView bytes);
};

/// Lc and Le in one byte each. At most 255 bytes of data; an `le` above 256 becomes 256.
Bytes encode_short(const Command& command);
/// Lc and Le in two bytes, after a zero byte.
Bytes encode_extended(const Command& command);

/// Upper-case hex without spaces.
std::string hex_of(BytesView bytes);
/// All of them, or there are none.
bool is_zero(BytesView bytes);
/// The bytes of a constant in the code, spaces allowed. Throws std::invalid_argument for anything else.
Bytes bytes_of_hex(std::string_view hex);

/// For a trace: header in hex, data too, unless it is a secret.
std::string masked(const Command& command);

/// A buffer that held a PIN.
void wipe(Bytes& bytes);

}  // namespace anahtar::card
