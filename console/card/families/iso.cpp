// SPDX-License-Identifier: GPL-3.0-or-later
// Cards that describe themselves as ISO 7816-15 (PKCS #15) says: object directory, PINs, certificates. They are unlocked
// with RESET RETRY COUNTER (ISO 7816-4 §11.5.9).
#include <algorithm>

#include "card/family.h"
#include "card/files.h"
#include "card/tlv.h"

namespace anahtar::card {
namespace {

const Bytes application = joined(bytes_of_hex("A000000063"), bytes_of_hex("504B43532D3135"));
constexpr std::size_t all = 256;

/// DER of a path: SEQUENCE { OCTET STRING }.
Bytes path_in(BytesView object) {
  const auto octets = find_tlv(object, {0x30, 0x04});
  Bytes path = octets ? Bytes(octets->begin(), octets->end()) : Bytes();
  if (path.size() > 2 && path[0] == 0x3F && path[1] == 0x00) path.erase(path.begin(), path.begin() + 2);
  return path;
}

bool bit(BytesView bits, std::size_t which) {
  return bits.size() > 1 + which / 8 && (bits[1 + which / 8] & (0x80 >> (which % 8))) != 0;
}

/// One entry of the AODF (PKCS #15 v1.1 §6.8.2).
struct PinObject {
  std::uint8_t reference = 0;
  int least = 4, most = 8;
  std::size_t stored = 0;
  std::uint8_t fill = 0xFF;
  bool padded = false, digits = true, unblocks = false, officer = false;
};

std::optional<PinObject> pin_object(BytesView entry) {
  const auto attributes = find_tlv(entry, {0xA1, 0x30});
  if (!attributes) return {};
  PinObject pin;
  int number = 0;
  TlvReader reader(*attributes);
  while (const auto each = reader.next()) {
    const int value = each->value.empty() ? 0 : each->value.back();
    switch (each->tag) {
      case 0x03:
        pin.padded = bit(each->value, 5);
        pin.unblocks = bit(each->value, 6);
        pin.officer = bit(each->value, 7);
        break;
      case 0x0A: pin.digits = value <= 1; break;  // bcd and ascii-numeric
      case 0x02:
        if (number == 0) pin.least = value;
        if (number == 1) pin.stored = static_cast<std::size_t>(value);
        if (number == 2) pin.most = value;
        ++number;
        break;
      case 0x80: pin.reference = static_cast<std::uint8_t>(value); break;
      case 0x04: if (!each->value.empty()) pin.fill = each->value[0]; break;
    }
  }
  return pin;
}

struct Directory {
  std::optional<PinObject> pin, puk, officer;
  Bytes certificate;  ///< path
};

Bytes first_path_of(Channel& channel, const Bytes& file) {
  const Bytes content = read_file(channel, file);
  const auto entry = find_tlv(content, 0x30);
  const auto specific = entry ? find_tlv(*entry, {0xA1, 0x30}) : std::nullopt;
  return specific ? path_in(*specific) : Bytes();
}

void read_pins(Channel& channel, const Bytes& file, Directory& directory) {
  const Bytes content = read_file(channel, file);
  TlvReader reader(content);
  while (const auto entry = reader.next()) {
    const auto object = entry->tag == 0x30 ? pin_object(entry->value) : std::nullopt;
    if (!object) continue;
    if (object->officer) {
      directory.officer = *object;
    } else if (object->unblocks) {
      directory.puk = *object;
    } else if (!directory.pin) {
      directory.pin = *object;
    }
  }
}

/// The ODF names a file for each kind of object: A8 PINs, A4 certificates (PKCS #15 v1.1 §6.2).
Directory directory_of(Channel& channel) {
  Directory directory;
  const Bytes objects = read_file(channel, bytes_of_hex("50155031"));
  if (const auto pins = find_tlv(objects, 0xA8)) read_pins(channel, path_in(*pins), directory);
  if (const auto certificates = find_tlv(objects, 0xA4)) directory.certificate = first_path_of(channel, path_in(*certificates));
  return directory;
}

/// EF.TokenInfo: version, serial.
std::string serial_of(Channel& channel) {
  const Bytes info = read_file(channel, bytes_of_hex("50155032"));
  const auto octets = find_tlv(info, {0x30, 0x04});
  return octets ? hex_of(*octets) : std::string();
}

/// VERIFY without data would ask for the tries (ISO 7816-4 §11.5.6), but costs one on some cards: which they are, nobody
/// knows beforehand, so the tries of a card of no better known family stay unknown.
std::vector<CardPin> states(const Directory& directory) {
  std::vector<CardPin> found;
  if (directory.pin) found.push_back({.kind = CardPin::Kind::pin, .tries_left = {}, .tries_max = {}});
  if (directory.puk) found.push_back({.kind = CardPin::Kind::puk, .tries_left = {}, .tries_max = {}});
  if (directory.officer) found.push_back({.kind = CardPin::Kind::admin_pin, .tries_left = {}, .tries_max = {}});
  return found;
}

Bytes field_of(const PinObject& object, const Secret& pin) {
  return object.padded ? pin_field(pin, object.stored, object.fill) : pin_field(pin);
}

class Iso : public Family {
 public:
  std::string_view id() const override { return "iso"; }
  std::string_view title() const override { return "ISO 7816"; }
  bool recognises(Channel& channel) const override { return select_application(channel, application).has_value(); }

  CardFacts read(Channel& channel) const override {
    CardFacts facts;
    const Directory directory = directory_of(channel);
    facts.serial = serial_of(channel);
    if (!directory.certificate.empty())
      if (const Bytes der = read_file(channel, directory.certificate); !der.empty() && der[0] == 0x30)
        facts.certificate = core::HolderCertificate{.der = std::string(crypto::text_of(der))};
    facts.pins = states(directory);
    if (const CardPin* puk = facts.pin(CardPin::Kind::puk); puk && !puk->blocked) facts.ways.push_back(UnlockWay::puk);
    if (directory.officer) facts.ways.push_back(UnlockWay::admin_pin);
    if (directory.pin) facts.rules = {std::max(directory.pin->least, 4), directory.pin->most, directory.pin->digits};
    facts.can_sign = facts.certificate.has_value();
    return facts;
  }

  std::string serial(Channel& channel) const override {
    return select_application(channel, application) ? serial_of(channel) : std::string();
  }

  std::vector<CardPin> pins(Channel&) const override { return {}; }

  Attempt unlock(Channel& channel, const UnlockOrder& order) const override {
    const Directory directory = directory_of(channel);
    if (!directory.pin) return Attempt::impossible;
    const std::uint8_t reference = directory.pin->reference;
    if (order.way == UnlockWay::puk && directory.puk)
      return attempt_of(channel.send({0x00, 0x2C, 0x00, reference,
                                      joined(field_of(*directory.puk, order.unlocker), field_of(*directory.pin, order.new_pin))}));
    if (order.way != UnlockWay::admin_pin || !directory.officer) return Attempt::impossible;
    const Response admitted = channel.send({0x00, 0x20, 0x00, directory.officer->reference, field_of(*directory.officer, order.unlocker)});
    if (!admitted.ok()) return attempt_of(admitted);
    const Attempt attempt = attempt_of(channel.send({0x00, 0x2C, 0x02, reference, field_of(*directory.pin, order.new_pin)}));
    channel.send({0x00, 0x20, 0xFF, directory.officer->reference});
    return attempt;
  }

  Response verify(Channel& channel, const Secret& pin) const override {
    const Directory directory = directory_of(channel);
    if (!directory.pin) return {{}, {0x6A88}};
    return channel.send({0x00, 0x20, 0x00, directory.pin->reference, field_of(*directory.pin, pin)});
  }

  std::optional<Bytes> sign(Channel& channel, BytesView digest, const HolderKey& key) const override {
    if (!channel.send({0x00, 0x22, 0x41, 0xB6, bytes_of_hex("840101")}).ok()) return {};
    const Bytes data = key.rsa() ? digest_info(digest) : Bytes(digest.begin(), digest.end());
    const Response answer = channel.send({0x00, 0x2A, 0x9E, 0x9A, data, all});
    return answer.ok() ? std::optional(answer.data) : std::nullopt;
  }
};

}  // namespace

const Family& iso_family() {
  static const Iso family;
  return family;
}

}  // namespace anahtar::card
