// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "crypto/bytes.h"

/// What an emulated card gets and gives, seen from the card's side. Nothing here is shared with the code that speaks to
/// cards: a mistake of the one must not hide in the other.
namespace anahtar::card::emulated {

using crypto::Bytes;
using crypto::BytesView;

/// A command APDU (ISO 7816-3 §12.1), short or extended.
struct Command {
  std::uint8_t cla = 0, ins = 0, p1 = 0, p2 = 0;
  Bytes data;
  std::size_t expected = 0;  ///< Ne; 0: no Le field
  bool extended = false;

  std::uint16_t p1p2() const { return static_cast<std::uint16_t>(p1 << 8 | p2); }
};

/// Nothing when the lengths do not fit.
std::optional<Command> parse_command(BytesView bytes);

/// What a card answers, before it is cut to what the reader asked for.
struct Reply {
  Bytes data;
  std::uint16_t status = 0x9000;

  Reply(std::uint16_t word) : status(word) {}  // NOLINT: a status word is an answer
  Reply(Bytes bytes) : data(std::move(bytes)) {}  // NOLINT
};

/// ISO 7816-4 §5.6.
namespace sw {
inline constexpr std::uint16_t ok = 0x9000, wrong_length = 0x6700, not_logged_in = 0x6982, blocked = 0x6983,
                               unusable = 0x6984, conditions = 0x6985, secure_messaging = 0x6987, bad_data = 0x6A80,
                               not_found = 0x6A82, wrong_p1p2 = 0x6A86, no_reference = 0x6A88, bad_offset = 0x6B00,
                               no_instruction = 0x6D00, no_class = 0x6E00;
inline constexpr std::uint16_t tries(int left) { return static_cast<std::uint16_t>(0x63C0 | (left > 15 ? 15 : left)); }
}  // namespace sw

/// BER-TLV with a tag of one to three bytes.
Bytes tlv(unsigned tag, BytesView value);
Bytes tlv(unsigned tag, std::initializer_list<Bytes> parts);
/// The value behind the first `tag` of a row of TLVs; nothing when it is not there or the row is malformed.
std::optional<Bytes> find_tlv(BytesView row, unsigned tag);

Bytes operator+(Bytes left, BytesView right);
Bytes big_endian(std::uint64_t number, std::size_t bytes);
/// From hexadecimal digits and spaces of our own source; throws on anything else.
Bytes hex(std::string_view digits);

}  // namespace anahtar::card::emulated
