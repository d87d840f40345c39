// SPDX-License-Identifier: GPL-3.0-or-later
// AKİS (TÜBİTAK), known by its ATR. It tells no tries without costing one, so none is asked for: an empty VERIFY is a
// wrong one here. Cards of after 2011 have no PUK; they are unlocked by their issuer, whose keys are not public.
#include <algorithm>

#include "card/atr.h"
#include "card/family.h"
#include "card/files.h"
#include "card/tlv.h"

namespace anahtar::card {
namespace {

constexpr std::uint8_t pin_reference = 0x81;
constexpr std::size_t serial_at = 55, serial_size = 12, block_size = 0x4D;

const Bytes mark = bytes_of_hex("55454B4145");         // "UEKAE"
const Bytes first_version = bytes_of_hex("55454B41452056312E30");  // "UEKAE V1.0"
const Bytes other_mark = bytes_of_hex("655443");       // the ATRs of the TC card

enum class Generation { v1_0, v1_x, v2_x };

Generation generation_of(const Channel& channel) {
  const auto atr = Atr::parse(channel.connection().atr());
  if (!atr || atr->mentions(first_version)) return Generation::v1_0;
  const auto found = std::ranges::search(atr->historical, mark);
  const bool told = !found.empty() && found.end() != atr->historical.end();
  return told && (*found.end() >> 4) == 1 ? Generation::v1_x : Generation::v2_x;
}

std::string serial_of(Channel& channel) {
  const Response block = channel.send({0x00, 0xCA, 0x01, 0x06, {}, block_size});
  if (!block.ok() || block.data.size() < serial_at + serial_size) return {};
  return hex_of(BytesView(block.data).subspan(serial_at, serial_size));
}

/// DER in the first of the files that has any.
std::string certificate_of(Channel& channel) {
  for (std::uint8_t file = 0x10; file <= 0x12; ++file) {
    const Response selected = channel.send({0x00, 0xA4, 0x02, 0x00, Bytes{0x2F, file}, 256});
    if (!selected.ok()) break;
    const Bytes der = der_in(read_selected(channel, size_in(selected.data)));
    if (!der.empty()) return std::string(crypto::text_of(der));
  }
  return {};
}

/// Tag 90 of the FCI: 40 after a wrong try, 80 before the last one. Only the first version has it.
CardPin pin_state(Generation generation, BytesView fci) {
  CardPin pin{.kind = CardPin::Kind::pin, .tries_left = {}, .tries_max = 3};
  const auto state = find_tlv(fci, {0x6F, 0x90});
  if (generation == Generation::v2_x || !state || state->size() != 1) return pin;
  if (((*state)[0] & 0xC0) == 0) pin.tries_left = 3;
  if ((*state)[0] & 0x40) pin.tries_left = 2;
  return pin;  // 80: one or none, which look alike
}

class Akis : public Family {
 public:
  std::string_view id() const override { return "akis"; }
  std::string_view title() const override { return "AKİS"; }

  bool recognises(Channel& channel) const override {
    const auto atr = Atr::parse(channel.connection().atr());
    return atr && (atr->mentions(mark) || atr->mentions(other_mark));
  }

  CardFacts read(Channel& channel) const override {
    const Generation generation = generation_of(channel);
    CardFacts facts;
    facts.serial = serial_of(channel);
    const auto fci = select_application(channel, crypto::view_of("PKCS-15"));
    facts.pins = {pin_state(generation, fci.value_or(Bytes()))};
    if (std::string der = fci ? certificate_of(channel) : std::string(); !der.empty())
      facts.certificate = core::HolderCertificate{.der = std::move(der)};
    if (generation == Generation::v2_x) facts.ways.push_back(UnlockWay::puk);  // if it has one, which it does not tell
    facts.ways.push_back(UnlockWay::issuer);
    facts.rules = {6, 6, true};
    facts.can_sign = facts.certificate.has_value();
    return facts;
  }

  std::string serial(Channel& channel) const override { return serial_of(channel); }

  std::vector<CardPin> pins(Channel& channel) const override {
    const auto fci = select_application(channel, crypto::view_of("PKCS-15"));
    return {pin_state(generation_of(channel), fci.value_or(Bytes()))};
  }

  Attempt unlock(Channel& channel, const UnlockOrder& order, const HolderPin& fresh) const override {
    if (order.way != UnlockWay::puk || generation_of(channel) != Generation::v2_x) return Attempt::impossible;
    return attempt_of(send_with_pin(channel, {0x00, 0x2C, 0x00, pin_reference, pin_field(order.unlocker)}, fresh));
  }

  Response verify(Channel& channel, const HolderPin& pin) const override {
    return send_with_pin(channel, {0x00, 0x20, 0x00, pin_reference}, pin);
  }

  void log_out(Channel& channel) const override {
    if (!channel.send({0x80, 0x1A, 0x00, 0x00}).ok()) channel.log_out_by_reset();
  }

  std::optional<Bytes> sign(Channel& channel, BytesView digest, const HolderKey& key) const override {
    if (!channel.send({0x00, 0x22, 0xC3, 0x00}).ok()) return {};
    const Response answer = channel.send({0x00, 0x2A, 0x9E, 0x9A, to_be_signed(digest, key), 256});
    return answer.ok() ? std::optional(answer.data) : std::nullopt;
  }
};

}  // namespace

const Family& akis_family() {
  static const Akis family;
  return family;
}

}  // namespace anahtar::card
