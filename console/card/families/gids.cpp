// SPDX-License-Identifier: GPL-3.0-or-later
// GIDS (Microsoft Generic Identity Device Specification 2.0). The PIN is set anew by whoever proves the administration
// key; few cards have a PUK.
#include <algorithm>
#include <charconv>

#include "card/family.h"
#include "card/inflate.h"
#include "card/tlv.h"
#include "crypto/certificate.h"

namespace anahtar::card {
namespace {

constexpr std::uint8_t pin_reference = 0x80, logout_reference = 0x82;
constexpr std::size_t all = 256;
constexpr unsigned master_file_record = 28;

const Bytes name = bytes_of_hex("A00000039742544659");

bool select(Channel& channel) { return channel.send({0x00, 0xA4, 0x04, 0x00, name, all}).ok(); }

Response get_object(Channel& channel, unsigned file, unsigned object) {
  const Bytes name = {0x5C, 0x02, static_cast<std::uint8_t>(object >> 8), static_cast<std::uint8_t>(object)};
  return channel.send({0x00, 0xCB, static_cast<std::uint8_t>(file >> 8), static_cast<std::uint8_t>(file), name, all});
}

Bytes content_of(const Response& response, unsigned object) {
  const auto value = response.ok() ? find_tlv(response.data, object) : std::nullopt;
  return value ? Bytes(value->begin(), value->end()) : Bytes();
}

/// 97, or 9F17 on cards of the first version, tells how many tries are left, 93 how many there are. Nothing when the card has
/// no such counter.
std::optional<CardPin> counter(Channel& channel, CardPin::Kind kind, unsigned object) {
  const Response response = get_object(channel, 0x3FFF, object);
  auto left = find_tlv(response.data, {object, 0x97});
  if (!left) left = find_tlv(response.data, {object, 0x9F17});
  const auto most = find_tlv(response.data, {object, 0x93});
  if (!response.ok() || !left || left->size() != 1) return {};
  CardPin pin{.kind = kind, .tries_left = (*left)[0], .tries_max = {}, .blocked = (*left)[0] == 0};
  if (most && most->size() == 1) pin.tries_max = (*most)[0];
  return pin;
}

/// Every card has a PIN, whether it counts aloud or not.
CardPin pin_state(Channel& channel) {
  constexpr auto kind = CardPin::Kind::pin;
  return counter(channel, kind, 0x7F71).value_or(CardPin{.kind = kind, .tries_left = {}, .tries_max = {}});
}

unsigned little_endian(BytesView bytes) {
  return static_cast<unsigned>(bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24);
}

struct CertificateFile {
  unsigned file, object;
  std::size_t container;  ///< of its key
  bool for_signature;
};

std::optional<std::size_t> hex_number(std::string_view two) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(two.data(), two.data() + two.size(), number, 16);
  return error == std::errc() && end == two.data() + two.size() ? std::optional(number) : std::nullopt;
}

/// The master file lists folder, file name, and where the content lies; certificates are named kxcNN and kscNN after their
/// key's container, in hexadecimal digits. Those for signatures come first.
std::vector<CertificateFile> certificate_files(BytesView master) {
  std::vector<CertificateFile> found;
  for (std::size_t at = 1; at + master_file_record <= master.size(); at += master_file_record) {
    const BytesView record = master.subspan(at, master_file_record);
    const auto name = crypto::text_of(record.subspan(9, 9));
    const bool for_signature = name.starts_with("ksc");
    const auto container = for_signature || name.starts_with("kxc") ? hex_number(name.substr(3, 2)) : std::nullopt;
    if (!container) continue;
    found.push_back({little_endian(record.subspan(24, 4)) & 0xFFFF, little_endian(record.subspan(20, 4)) & 0xFFFF, *container, for_signature});
  }
  std::ranges::stable_partition(found, &CertificateFile::for_signature);
  return found;
}

std::string certificate(Channel& channel, const CertificateFile& place) {
  return certificate_kept_as(content_of(get_object(channel, place.file, place.object), place.object));
}

struct FoundCertificate {
  CertificateFile place;
  std::string der;
};

std::chrono::sys_seconds end_of(const std::string& der) {
  const auto parsed = crypto::Certificate::parse(crypto::view_of(der));
  return parsed ? parsed->not_after() : std::chrono::sys_seconds{};
}

/// A renewed certificate stands beside the one before: of those for signatures, or else of the others, the one that is valid longest.
std::optional<FoundCertificate> newest_certificate(Channel& channel, const std::vector<CertificateFile>& files) {
  constexpr int most_read = 8;
  std::optional<FoundCertificate> newest;
  int read = 0;
  for (const CertificateFile& place : files) {
    if (newest && (newest->place.for_signature != place.for_signature || read == most_read)) break;
    std::string der = certificate(channel, place);
    ++read;
    if (!der.empty() && (!newest || end_of(newest->der) < end_of(der))) newest = FoundCertificate{place, std::move(der)};
  }
  return newest;
}

/// Which key belongs to a container: a record of twelve bytes in the key map, where the seventh byte from its state on is the
/// reference; without one, they are counted from 81.
std::uint8_t key_reference(Channel& channel, std::size_t container) {
  constexpr std::size_t record_size = 12, reference_at = 6, first = 0x81;
  const Bytes map = content_of(get_object(channel, 0xA000, 0xDF20), 0xDF20);
  const std::size_t at = 1 + container * record_size;
  return at + record_size <= map.size() ? map[at + reference_at] : static_cast<std::uint8_t>(first + container);
}

/// GIDS 2.0 table 43, with 50 for a signature that the card pads itself.
std::optional<std::uint8_t> algorithm_of(const HolderKey& key) {
  switch (key.bits) {
    case 1024: return 0x56;
    case 2048: return 0x57;
    case 3072: return 0x58;
    case 4096: return 0x59;
    case 256: return 0x5C;
    case 384: return 0x5D;
    case 521: return 0x5E;
  }
  return {};
}

bool choose_admin_key(Channel& channel) { return channel.send({0x00, 0x22, 0x81, 0xA4, bytes_of_hex("830180")}).ok(); }

/// What is no word about the response leaves open whether the key is right.
Attempt verdict_on_key(const Status& status) {
  if (status.blocked()) return Attempt::blocked;
  return status.denied() || status.word == 0x6988 ? Attempt::refused : Attempt::impossible;
}

std::string card_id(Channel& channel) { return hex_of(content_of(get_object(channel, 0xA012, 0xDF20), 0xDF20)); }

class Gids : public Family {
 public:
  std::string_view id() const override { return "gids"; }
  std::string_view title() const override { return "GIDS"; }
  int challenge_bytes() const override { return 8; }
  Bytes application() const override { return name; }
  bool recognises(Channel& channel) const override { return select(channel); }

  CardFacts read(Channel& channel) const override {
    CardFacts facts;
    facts.serial = card_id(channel);
    const Bytes master = content_of(get_object(channel, 0xA000, 0xDF1F), 0xDF1F);
    if (auto found = newest_certificate(channel, certificate_files(master))) {
      channel.memo() = found->place;
      facts.certificate = core::HolderCertificate{.der = std::move(found->der)};
    }
    facts.pins = pins(channel);
    if (choose_admin_key(channel)) {
      facts.pins.push_back({.kind = CardPin::Kind::admin_key, .tries_left = {}, .tries_max = {}});
      facts.ways.push_back(UnlockWay::admin_key);
    }
    if (const CardPin* puk = facts.pin(CardPin::Kind::puk); puk && !puk->blocked) facts.ways.push_back(UnlockWay::puk);
    if (master.empty() && facts.serial.empty() && facts.ways.empty()) facts.pins.front().set = false;  // never set up; its counter is full
    facts.rules = {4, 15, true};
    facts.present_rules = core::PinRules{4, 16, false};  // programs that set one of 16 characters exist; others do not take it
    facts.can_sign = facts.certificate.has_value();
    return facts;
  }

  std::string serial(Channel& channel) const override { return select(channel) ? card_id(channel) : std::string(); }

  std::vector<CardPin> pins(Channel& channel) const override {
    std::vector<CardPin> found = {pin_state(channel)};
    if (const auto puk = counter(channel, CardPin::Kind::puk, 0x7F73)) found.push_back(*puk);
    return found;
  }

  Attempt unlock(Channel& channel, const UnlockOrder& order, const HolderPin& fresh) const override {
    if (order.way == UnlockWay::puk)
      return attempt_of(send_with_pin(channel, {0x00, 0x2C, 0x00, pin_reference, pin_field(order.unlocker)}, fresh));
    if (order.way != UnlockWay::admin_key || !order.respond || !choose_admin_key(channel)) return Attempt::impossible;
    const Response asked = channel.send({0x00, 0x87, 0x00, 0x00, bytes_of_hex("7C028100"), all});
    const auto challenge = asked.ok() ? find_tlv(asked.data, {0x7C, 0x81}) : std::nullopt;
    if (asked.status.blocked()) return Attempt::blocked;
    if (!challenge || challenge->empty()) return Attempt::impossible;
    const auto response = order.respond(std::string(crypto::text_of(*challenge)));
    if (!response) return Attempt::impossible;
    const Bytes proof = make_tlv(0x7C, make_tlv(0x82, crypto::view_of(*response)));
    const Response proved = channel.send({0x00, 0x87, 0x00, 0x00, proof, all});
    if (!proved.ok()) return verdict_on_key(proved.status);
    return attempt_after_admission(send_with_pin(channel, {0x00, 0x2C, 0x02, pin_reference}, fresh));
  }

  Response verify(Channel& channel, const HolderPin& pin) const override {
    channel.send({0x00, 0x20, 0x00, logout_reference});
    return send_with_pin(channel, {0x00, 0x20, 0x00, pin_reference}, pin);
  }

  void log_out(Channel& channel) const override {
    if (!channel.send({0x00, 0x20, 0x00, logout_reference}).ok()) channel.log_out_by_reset();
  }

  std::optional<Bytes> sign(Channel& channel, BytesView digest, const HolderKey& key) const override {
    const CertificateFile* const place = std::any_cast<CertificateFile>(&channel.memo());
    const auto algorithm = algorithm_of(key);
    if (!place || !algorithm) return {};
    const Bytes environment = {0x80, 0x01, *algorithm, 0x84, 0x01, key_reference(channel, place->container)};
    if (!channel.send({0x00, 0x22, 0x41, 0xB6, environment}).ok()) return {};
    const Response answer = channel.send({0x00, 0x2A, 0x9E, 0x9A, to_be_signed(digest, key), all});
    return answer.ok() ? std::optional(answer.data) : std::nullopt;
  }
};

}  // namespace

const Family& gids_family() {
  static const Gids family;
  return family;
}

}  // namespace anahtar::card
