// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/family.h"

#include <algorithm>
#include <array>

#include "card/tlv.h"
#include "crypto/digest.h"

namespace anahtar::card {

std::span<const Family* const> families() {
  static const std::array<const Family*, 5> all = {&akis_family(), &piv_family(), &gids_family(), &openpgp_family(),
                                                   &iso_family()};
  return all;
}

Attempt attempt_of(const Response& response) {
  if (response.ok()) return Attempt::accepted;
  if (response.status.blocked() || response.status.word == 0x6984 || response.status.tries_left() == 0) return Attempt::blocked;
  switch (response.status.word) {
    case 0x6A80:  // wrong data: a PIN of a form that the card does not take
    case 0x6700:
      return Attempt::pin_refused;
    case 0x6D00:  // no such command, class, reference or mode
    case 0x6E00:
    case 0x6A81:
    case 0x6A86:
    case 0x6A88:
    case 0x6B00:
    case 0x6986:  // not allowed as the card is
      return Attempt::impossible;
    default:  // 63CX, 6300, 6982, 6985 and whatever else applets say to a wrong one
      return Attempt::refused;
  }
}

Attempt admission_of(const Response& response) {
  const Attempt attempt = attempt_of(response);
  return attempt == Attempt::pin_refused ? Attempt::refused : attempt;  // a code of a form that cannot be right
}

Attempt attempt_after_admission(const Response& response) {
  const Attempt attempt = attempt_of(response);
  return attempt == Attempt::refused || attempt == Attempt::blocked ? Attempt::impossible : attempt;
}

std::string number_of_certificate(std::string_view der) {
  constexpr std::size_t enough = 8;
  return der.empty() ? std::string() : hex_of(BytesView(crypto::sha256(crypto::view_of(der))).first(enough));
}

Bytes pin_field(const Secret& pin, std::size_t length, std::uint8_t fill) {
  Bytes out;
  out.reserve(std::max(length, pin.size()));
  const auto text = pin.expose();
  out.assign(text.begin(), text.end());
  if (out.size() < length) out.resize(length, fill);
  return out;
}

Response send_with_pin(Channel& channel, Command command, const HolderPin& pin, std::size_t length, std::uint8_t fill) {
  const PadEntry entry{command.data.size(), length, pin.rules.min_length, pin.rules.max_length, pin.fresh};
  Bytes field = pin.known ? pin_field(*pin.known, length, fill) : Bytes(length, fill);
  command.data = joined(std::move(command.data), std::move(field));
  return pin.known ? channel.send(command) : channel.send_typed(command, entry);
}

Bytes joined(Bytes first, Bytes second) {
  Bytes out;
  out.reserve(first.size() + second.size());
  out.insert(out.end(), first.begin(), first.end());
  out.insert(out.end(), second.begin(), second.end());
  wipe(first);
  wipe(second);
  return out;
}

Bytes digest_info(BytesView sha256) {
  Bytes out = bytes_of_hex("3031300D060960864801650304020105000420");
  out.insert(out.end(), sha256.begin(), sha256.end());
  return out;
}

Bytes to_be_signed(BytesView sha256, const HolderKey& key) {
  if (key.rsa()) return digest_info(sha256);
  Bytes field(std::max(sha256.size(), static_cast<std::size_t>((key.bits + 7) / 8)));
  std::ranges::copy(sha256, field.end() - static_cast<std::ptrdiff_t>(sha256.size()));
  return field;
}

Bytes der_signature(BytesView plain) {
  const auto integer = [](BytesView number) {
    while (number.size() > 1 && number[0] == 0 && (number[1] & 0x80) == 0) number = number.subspan(1);
    Bytes value(number.begin(), number.end());
    if (!value.empty() && (value[0] & 0x80) != 0) value.insert(value.begin(), 0);
    return make_tlv(0x02, value);
  };
  const std::size_t half = plain.size() / 2;
  return make_tlv(0x30, joined(integer(plain.first(half)), integer(plain.subspan(half))));
}

}  // namespace anahtar::card
