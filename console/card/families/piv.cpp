// SPDX-License-Identifier: GPL-3.0-or-later
// PIV (NIST SP 800-73-4). A PIN is unblocked by the PUK and by nothing else.
#include <algorithm>

#include "card/family.h"
#include "card/inflate.h"
#include "card/tlv.h"

namespace anahtar::card {
namespace {

constexpr std::uint8_t pin_reference = 0x80, puk_reference = 0x81, global_pin_reference = 0x00;
constexpr std::size_t field = 8;
constexpr std::size_t all = 256;

const Bytes name = bytes_of_hex("A000000308000010000100");

/// The holder's keys and their certificates (SP 800-73-4 part 1, table 3 and §3.1), the one that is meant for proving who
/// somebody is first. 9C wants the PIN right before each use.
struct Slot {
  std::uint8_t key;
  const char* certificate;
};
constexpr Slot slots[] = {{0x9A, "5FC105"}, {0x9C, "5FC10A"}, {0x9D, "5FC10B"}, {0x9E, "5FC101"}};

/// What a card in the reader was found to be.
struct Card {
  Slot slot = slots[0];                   ///< whose certificate it shows
  std::uint8_t reference = pin_reference; ///< of the PIN that its holder uses
};

Card& card_in(Channel& channel) {
  if (!std::any_cast<Card>(&channel.memo())) channel.memo() = Card();
  return *std::any_cast<Card>(&channel.memo());
}

/// The beginning of a FASC-N whose agency, system and credential are nines: no agency numbered the card (SP 800-73-4
/// §3.1.2), and tools write the rest of it on every card alike.
const Bytes nobodys_number = bytes_of_hex("D4E739DA739CED39CE739D");

/// What all devices of one maker give for their number, and what those give that have none.
const Bytes nobodys_numbers[] = {bytes_of_hex("0052F743"), bytes_of_hex("00000000"), bytes_of_hex("FFFFFFFF")};

Response get_object(Channel& channel, const char* tag) {
  return channel.send({0x00, 0xCB, 0x3F, 0xFF, make_tlv(0x5C, bytes_of_hex(tag)), all});
}

/// Every PIV card takes chained commands (part 2, §2.4.2); the ATR speaks for the chip, not for the applet on it.
bool select(Channel& channel) {
  const Response selected = channel.send({0x00, 0xA4, 0x04, 0x00, name, all});
  if (!selected.ok() || !find_tlv(selected.data, 0x61)) return false;
  channel.extended_length(false);
  return true;
}

/// Keys of one maker number themselves, and print that number on the key.
std::optional<std::string> printed_number(Channel& channel) {
  const Response answer = channel.send({0x00, 0xF8, 0x00, 0x00, {}, all});
  if (!answer.ok() || answer.data.size() != 4 || std::ranges::count(nobodys_numbers, answer.data) != 0) return {};
  std::uint32_t number = 0;
  for (const std::uint8_t byte : answer.data) number = number << 8 | byte;
  return std::to_string(number);
}

std::string number_of_holder_id(Channel& channel) {
  const Response chui = get_object(channel, "5FC102");
  const auto number = find_tlv(chui.data, {0x53, 0x30}), guid = find_tlv(chui.data, {0x53, 0x34});
  const bool numbered = number && !is_zero(*number) &&
                        !std::ranges::equal(number->first(std::min(number->size(), nobodys_number.size())), nobodys_number);
  if (numbered) return hex_of(*number);
  return guid ? hex_of(*guid) : std::string();
}

/// 71 would tell whether 70 is packed (SP 800-73-4 part 1, appendix A), but not every tool that packs says so.
std::string certificate_in(const Response& object) {
  const auto certificate = find_tlv(object.data, {0x53, 0x70});
  return object.ok() && certificate ? certificate_kept_as(*certificate) : std::string();
}

/// The first that is there, and its slot.
std::string find_certificate(Channel& channel) {
  for (const Slot& slot : slots)
    if (std::string der = certificate_in(get_object(channel, slot.certificate)); !der.empty()) {
      card_in(channel).slot = slot;
      return der;
    }
  return {};
}

/// Card capability container (part 1, §3.1.1).
std::string number_of_capabilities(Channel& channel) {
  const Response capabilities = get_object(channel, "5FC107");
  const auto number = find_tlv(capabilities.data, {0x53, 0xF0});
  return number ? hex_of(*number) : std::string();
}

std::string number_of(Channel& channel) {
  if (const auto printed = printed_number(channel)) return *printed;
  const std::string number = number_of_holder_id(channel);
  return number.empty() ? number_of_capabilities(channel) : number;
}

/// The discovery object (part 1, §3.3.2) tells whether the holder uses the card's global PIN, which the PUK does not set.
std::uint8_t reference_of_pin(Channel& channel) {
  constexpr std::uint8_t global_pin_counts = 0x20, global_pin_first = 0x20, own_pin_counts = 0x40;
  const Response discovery = get_object(channel, "7E");
  const auto policy = find_tlv(discovery.data, {0x7E, 0x5F2F});
  if (!discovery.ok() || !policy || policy->size() != 2 || ((*policy)[0] & global_pin_counts) == 0) return pin_reference;
  const bool own_first = ((*policy)[0] & own_pin_counts) != 0 && (*policy)[1] != global_pin_first;
  return own_first ? pin_reference : global_pin_reference;
}

/// GET METADATA, which not every card has: total and remaining tries (tag 06). Others tell what is left as they do for the PIN;
/// only those are asked that did.
CardPin puk_state(Channel& channel, const CardPin& pin) {
  CardPin puk{.kind = CardPin::Kind::puk, .tries_left = {}, .tries_max = {}};
  const Response metadata = channel.send({0x00, 0xF7, 0x00, puk_reference, {}, all});
  const auto tries = metadata.ok() ? find_tlv(metadata.data, 0x06) : std::nullopt;
  if (tries && tries->size() == 2) {
    puk.tries_max = (*tries)[0];
    puk.tries_left = (*tries)[1];
  } else if (pin.tries_left) {
    const Status asked = channel.send({0x00, 0x20, 0x00, puk_reference}).status;
    puk.tries_left = asked.blocked() ? std::optional(0) : asked.tries_left();
  }
  puk.blocked = puk.tries_left == 0;
  return puk;
}

/// An empty VERIFY costs nothing, and answers 9000 when somebody is logged in: who is logged out then.
CardPin pin_state(Channel& channel) {
  CardPin pin{.kind = CardPin::Kind::pin, .tries_left = {}, .tries_max = {}};
  const std::uint8_t reference = card_in(channel).reference;
  Response asked = channel.send({0x00, 0x20, 0x00, reference});
  if (asked.ok()) {
    channel.send({0x00, 0x20, 0xFF, reference});
    asked = channel.send({0x00, 0x20, 0x00, reference});
  }
  pin.tries_left = asked.status.tries_left();
  if (asked.status.blocked()) pin.tries_left = 0;
  pin.blocked = pin.tries_left == 0;
  return pin;
}

class Piv : public Family {
 public:
  std::string_view id() const override { return "piv"; }
  std::string_view title() const override { return "PIV"; }
  int longest_puk() const override { return 8; }
  Bytes application() const override { return name; }
  bool recognises(Channel& channel) const override { return select(channel); }

  CardFacts read(Channel& channel) const override {
    channel.memo() = Card();
    CardFacts facts;
    facts.serial = number_of(channel);
    if (std::string der = find_certificate(channel); !der.empty()) facts.certificate = core::HolderCertificate{.der = std::move(der)};
    if (facts.serial.empty() && facts.certificate) facts.serial = number_of_certificate(facts.certificate->der);
    card_in(channel).reference = reference_of_pin(channel);
    const CardPin pin = pin_state(channel);
    facts.pins = {pin, puk_state(channel, pin)};
    if (card_in(channel).reference == pin_reference && !facts.pins[1].blocked) facts.ways = {UnlockWay::puk};
    facts.rules = {6, 8, true};
    facts.present_rules = core::PinRules{4, 8, false};  // some makers let holders have letters; others refuse them and count nothing
    facts.puk_changes = true;
    facts.last_puk_try_erases = true;  // some do, and none tells
    facts.can_sign = facts.certificate.has_value();
    return facts;
  }

  std::string serial(Channel& channel) const override {
    if (!select(channel)) return {};
    const std::string number = number_of(channel);
    return number.empty() ? number_of_certificate(find_certificate(channel)) : number;
  }

  std::vector<CardPin> pins(Channel& channel) const override { return {pin_state(channel)}; }

  Attempt unlock(Channel& channel, const UnlockOrder& order, const HolderPin& fresh) const override {
    if (order.way != UnlockWay::puk || card_in(channel).reference != pin_reference) return Attempt::impossible;
    if (order.unlocker.empty() || order.unlocker.size() > field) return Attempt::refused;  // nothing is sent
    const Response answer = send_with_pin(channel, {0x00, 0x2C, 0x00, pin_reference, pin_field(order.unlocker, field)}, fresh, field);
    // A wrong PUK has status words of its own (part 2, §3.2.3); these are said of the new PIN: too simple, or used before.
    const bool of_new_pin = answer.status.word == 0x6985 || answer.status.word == 0x6984;
    return of_new_pin ? Attempt::pin_refused : attempt_of(answer);
  }

  /// CHANGE REFERENCE DATA (part 2, §3.2.2).
  Attempt change_puk(Channel& channel, const Secret& old, const Secret& fresh) const override {
    if (old.empty() || old.size() > field || fresh.size() > field) return Attempt::impossible;  // nothing is sent
    return attempt_of(channel.send({0x00, 0x24, 0x00, puk_reference, joined(pin_field(old, field), pin_field(fresh, field))}));
  }

  Response verify(Channel& channel, const HolderPin& pin) const override {
    return send_with_pin(channel, {0x00, 0x20, 0x00, card_in(channel).reference}, pin, field);
  }

  /// Some cards refuse this, and some say yes and take it for the question after the tries: so they are asked who is there.
  void log_out(Channel& channel) const override {
    const std::uint8_t reference = card_in(channel).reference;
    const bool told = channel.send({0x00, 0x20, 0xFF, reference}).ok();
    if (!told || channel.send({0x00, 0x20, 0x00, reference}).ok()) channel.log_out_by_reset();
  }

  std::optional<Bytes> sign(Channel& channel, BytesView digest, const HolderKey& key) const override {
    const auto algorithm = algorithm_of(key);
    if (!algorithm) return {};
    const Bytes signed_bytes = to_be_signed(digest, key);
    const Bytes block = key.rsa() ? padded(signed_bytes, static_cast<std::size_t>(key.bits / 8)) : signed_bytes;
    const Bytes request = make_tlv(0x7C, joined(make_tlv(0x82, {}), make_tlv(0x81, block)));
    const Response answer = channel.send({0x00, 0x87, *algorithm, card_in(channel).slot.key, request, all});
    const auto signature = answer.ok() ? find_tlv(answer.data, {0x7C, 0x82}) : std::nullopt;
    if (!signature) return {};
    return Bytes(signature->begin(), signature->end());
  }

 private:
  /// SP 800-78-4, table 6-2, and SP 800-78-5 for the longer RSA keys.
  static std::optional<std::uint8_t> algorithm_of(const HolderKey& key) {
    switch (key.bits) {
      case 256: return 0x11;
      case 384: return 0x14;
      case 2048: return 0x07;
      case 3072: return 0x05;
      case 4096: return 0x16;
    }
    return {};
  }

  /// EMSA-PKCS1-v1_5 (RFC 8017 §9.2): the card does the bare RSA.
  static Bytes padded(const Bytes& info, std::size_t size) {
    Bytes block(size, 0xFF);
    block[0] = 0x00;
    block[1] = 0x01;
    block[size - info.size() - 1] = 0x00;
    std::ranges::copy(info, block.end() - static_cast<std::ptrdiff_t>(info.size()));
    return block;
  }
};

}  // namespace

const Family& piv_family() {
  static const Piv family;
  return family;
}

}  // namespace anahtar::card
