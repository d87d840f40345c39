// SPDX-License-Identifier: GPL-3.0-or-later
// Cards that describe themselves as ISO 7816-15 (PKCS #15) says: object directory, PINs, certificates. They are unlocked
// with RESET RETRY COUNTER (ISO 7816-4 §11.5.9).
#include <algorithm>

#include "card/family.h"
#include "card/files.h"
#include "card/tlv.h"

namespace anahtar::card {
namespace {

constexpr std::size_t all = 256;

const Bytes usual_folder = {0x50, 0x15};
const Bytes objects_file = {0x50, 0x31}, token_file = {0x50, 0x32}, global_data_file = {0x2F, 0x02};
const Bytes standard_name = joined(bytes_of_hex("A000000063"), bytes_of_hex("504B43532D3135"));

/// Applications with the files of PKCS #15: its own name, and that of a free applet which has them under another.
const Bytes free_applet = bytes_of_hex("F276A288BCFBA69D34F31001");
const Bytes names[] = {standard_name, free_applet};
constexpr std::size_t puk_of_free_applet = 16;

bool starts_with(BytesView bytes, BytesView part) {
  return bytes.size() >= part.size() && std::ranges::equal(bytes.first(part.size()), part);
}

std::size_t number_in(BytesView value) {
  std::size_t number = 0;
  for (const std::uint8_t byte : value.last(std::min<std::size_t>(value.size(), 2))) number = number << 8 | byte;
  return number;
}

bool bit(BytesView bits, std::size_t which) {
  return bits.size() > 1 + which / 8 && (bits[1 + which / 8] & (0x80 >> (which % 8))) != 0;
}

/// Path (PKCS #15 v1.1 §6.1.5): a file, and perhaps which part of it.
struct Path {
  Bytes file = {};
  std::size_t from = 0, length = 0;  ///< 0: to its end
};

Path path_in(BytesView sequence) {
  Path path;
  TlvReader reader(sequence);
  while (const auto each = reader.next()) {
    if (each->tag == 0x04) path.file.assign(each->value.begin(), each->value.end());
    if (each->tag == 0x02) path.from = number_in(each->value);
    if (each->tag == 0x80) path.length = number_in(each->value);
  }
  return path;
}

/// An entry of one of the directories: common, class's and, in [1], type's attributes (§6.1.8).
struct Entry {
  BytesView common, own, type;
};

std::optional<Entry> entry_in(BytesView object) {
  TlvReader reader(object);
  const auto common = reader.next(), own = reader.next();
  const auto type = find_tlv(object, {0xA1, 0x30});
  if (!common || !own || !type) return {};
  return Entry{common->value, own->value, *type};
}

Bytes octets_in(BytesView attributes) {
  const auto octets = find_tlv(attributes, 0x04);
  return octets ? Bytes(octets->begin(), octets->end()) : Bytes();
}

/// One entry of the AODF (§6.8.2).
struct PinObject {
  enum class Form { bcd = 0, text = 1, utf8 = 2, half_nibble_bcd = 3, iso9564_1 = 4 } form = Form::text;
  std::uint8_t reference = 0;
  int least = 4, most = 0;
  std::size_t stored = 0;
  std::uint8_t fill = 0xFF;
  bool padded = false, unblocks = false, officer = false, never_unblocked = false;
  Bytes id, guard;  ///< its own identifier, and that of what unblocks it
  Bytes folder;     ///< where it lives

  bool digits() const { return form != Form::utf8; }
  bool as_typed() const { return form == Form::text || form == Form::utf8; }
};

/// How many characters fit where an object tells no greatest length: a byte for each, or for two digits; ISO 9564-1 has
/// room for twelve.
int most_in(PinObject::Form form, std::size_t stored) {
  constexpr int usual = 8, most_in_block = 12;
  if (form == PinObject::Form::iso9564_1) return most_in_block;
  if (stored == 0) return usual;
  return static_cast<int>(form == PinObject::Form::bcd ? 2 * stored : stored);
}

void take_flags(PinObject& pin, BytesView flags) {
  pin.never_unblocked = bit(flags, 3);
  pin.padded = bit(flags, 5);
  pin.unblocks = bit(flags, 6);
  pin.officer = bit(flags, 7);
}

std::optional<PinObject> pin_object(BytesView object) {
  const auto entry = entry_in(object);
  if (!entry) return {};
  PinObject pin;
  pin.guard = octets_in(entry->common);
  pin.id = octets_in(entry->own);
  std::vector<std::size_t> lengths;
  TlvReader reader(entry->type);
  while (const auto each = reader.next()) {
    const std::size_t value = number_in(each->value);
    switch (each->tag) {
      case 0x03: take_flags(pin, each->value); break;
      case 0x0A: pin.form = static_cast<PinObject::Form>(std::min<std::size_t>(value, 4)); break;
      case 0x02: lengths.push_back(value); break;
      case 0x80: pin.reference = static_cast<std::uint8_t>(value); break;
      case 0x04: pin.fill = each->value.empty() ? pin.fill : each->value[0]; break;
      case 0x30: pin.folder = path_in(each->value).file; break;
    }
  }
  lengths.resize(3);  // least, stored, and perhaps most
  pin.least = static_cast<int>(lengths[0]);
  pin.stored = lengths[1];
  pin.most = lengths[2] ? static_cast<int>(lengths[2]) : most_in(pin.form, pin.stored);
  return pin;
}

struct Pins {
  std::optional<PinObject> pin, puk, officer;
};

Pins pins_in(BytesView objects) {
  Pins found;
  std::vector<PinObject> unblocking;
  TlvReader reader(objects);
  while (const auto each = reader.next()) {
    auto object = each->tag == 0x30 ? pin_object(each->value) : std::nullopt;
    if (!object) continue;
    if (object->officer) {
      if (!found.officer) found.officer = std::move(*object);
    } else if (object->unblocks) {
      unblocking.push_back(std::move(*object));
    } else if (!found.pin) {
      found.pin = std::move(*object);
    }
  }
  if (!found.pin || unblocking.empty()) return found;
  const auto own = std::ranges::find(unblocking, found.pin->guard, &PinObject::id);
  found.puk = own != unblocking.end() ? *own : unblocking.front();
  return found;
}

/// What was found out about the card in the reader.
struct Card {
  FileFinder files;
  Bytes name;             ///< of the application that was selected; empty: its files are found without
  bool elsewhere = false; ///< the application's folder is not the usual one, and its path is not known
  Bytes objects;          ///< the ODF
  std::optional<Pins> pins;
  std::string nobodys_number; ///< zeros that stand where a number should

  Bytes announced;            ///< what it answers to its selection

  bool enter(Channel& channel) {
    if (name.empty()) return true;
    auto answer = select_application(channel, name);
    if (answer) announced = std::move(*answer);
    return answer.has_value();
  }

  /// A file of the application, after `enter`.
  Bytes read_own(Channel& channel, const Bytes& file) {
    return elsewhere ? files.read_below(channel, file) : files.read(channel, joined(usual_folder, file));
  }

  /// A path that does not begin at the master file begins at the application (§6.1.5).
  std::optional<Bytes> select(Channel& channel, Bytes path) {
    if (starts_with(path, Bytes{0x3F, 0x00})) return files.select(channel, Bytes(path.begin() + 2, path.end()));
    if (!elsewhere) return files.select(channel, starts_with(path, usual_folder) ? path : joined(usual_folder, std::move(path)));
    return enter(channel) ? files.select_below(channel, path) : std::nullopt;
  }

  Bytes read(Channel& channel, const Path& path) {
    const auto fci = path.file.empty() ? std::nullopt : select(channel, path.file);
    Bytes content = fci ? read_selected(channel, size_in(*fci)) : Bytes();
    content.erase(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(std::min(path.from, content.size())));
    if (path.length && path.length < content.size()) content.resize(path.length);
    return content;
  }

  /// The objects of a kind: the ODF has them itself ([0]) or names files (§6.2).
  Bytes objects_of(Channel& channel, std::uint32_t kind) {
    Bytes found;
    TlvReader reader(objects);
    while (const auto each = reader.next()) {
      if (each->tag != kind) continue;
      const auto inside = find_tlv(each->value, 0xA0), outside = find_tlv(each->value, 0x30);
      found = joined(std::move(found), inside ? Bytes(inside->begin(), inside->end()) : outside ? read(channel, path_in(*outside)) : Bytes());
    }
    return found;
  }
};

enum Kind : std::uint32_t { private_keys = 0xA0, certificates = 0xA4, authentication = 0xA8 };

Card& card_in(Channel& channel) {
  if (!std::any_cast<Card>(&channel.memo())) channel.memo() = Card();
  return *std::any_cast<Card>(&channel.memo());
}

bool find_under(Channel& channel, Card& card, const Bytes& name) {
  card.name = name;
  if (!card.enter(channel)) return false;
  for (const bool elsewhere : {true, false}) {
    card.elsewhere = elsewhere;
    card.objects = card.read_own(channel, objects_file);
    if (!card.objects.empty()) return true;
  }
  return false;
}

Card& anew(Channel& channel) {
  channel.memo() = Card();
  return card_in(channel);
}

/// The files of PKCS #15 where they usually are, which needs no SELECT of the application; or under one of its names.
bool find_application(Channel& channel, Card& card) {
  card.objects = card.read_own(channel, objects_file);
  return !card.objects.empty() || std::ranges::any_of(names, [&](const Bytes& name) { return find_under(channel, card, name); });
}

const Pins& pins_of(Channel& channel, Card& card) {
  if (!card.pins) card.pins = pins_in(card.objects_of(channel, authentication));
  return *card.pins;
}

/// EF.TokenInfo: version, serial, which later editions leave out, and of which widespread tools write zeros; then the number
/// of the card in EF.GDO (ISO 7816-6).
std::string number_of(Channel& channel, Card& card) {
  const Bytes info = card.read_own(channel, token_file);
  if (const auto octets = find_tlv(info, {0x30, 0x04}); octets && !octets->empty()) {
    if (!is_zero(*octets)) return hex_of(*octets);
    card.nobodys_number = hex_of(*octets);
  }
  const Bytes global = card.files.read(channel, global_data_file);
  const auto number = find_tlv(global, 0x5A);
  return number ? hex_of(*number) : std::string();
}

/// The first certificate that is not an authority's (§6.6.1), and the identifier that it shares with its key.
struct Certificate {
  Bytes id, der;
};

Bytes der_of(Channel& channel, Card& card, const Entry& entry) {
  if (const auto itself = find_tlv(entry.type, 0xA0)) return {itself->begin(), itself->end()};
  const auto place = find_tlv(entry.type, 0x30);
  return place ? card.read(channel, path_in(*place)) : Bytes();
}

Certificate certificate_of(Channel& channel, Card& card) {
  const Bytes objects = card.objects_of(channel, certificates);
  TlvReader reader(objects);
  while (const auto each = reader.next()) {
    const auto entry = each->tag == 0x30 ? entry_in(each->value) : std::nullopt;
    if (!entry || find_tlv(entry->own, 0x01)) continue;
    Bytes der = der_in(der_of(channel, card, *entry));
    if (!der.empty()) return {octets_in(entry->own), std::move(der)};
  }
  return {};
}

/// Of a card that has neither number nor certificate, what all such cards say.
std::string instead_of_number(const Card& card, std::string_view certificate) {
  return certificate.empty() ? card.nobodys_number : number_of_certificate(certificate);
}

/// The number of the card, or what stands for it.
std::string identity_of(Channel& channel, Card& card) {
  const std::string number = number_of(channel, card);
  return number.empty() ? instead_of_number(card, crypto::text_of(certificate_of(channel, card).der)) : number;
}

/// How MSE SET names the key of that identifier: by its reference, or by its file (ISO 7816-4 table 33).
Bytes name_of_key(Channel& channel, Card& card, const Bytes& id) {
  const Bytes objects = card.objects_of(channel, private_keys);
  TlvReader reader(objects);
  while (const auto each = reader.next()) {
    const auto entry = entry_in(each->value);
    if (!entry || octets_in(entry->own) != id) continue;
    if (const auto reference = find_tlv(entry->own, 0x02)) return make_tlv(0x84, Bytes{static_cast<std::uint8_t>(number_in(*reference))});
    const auto place = find_tlv(entry->type, 0x30);
    const Bytes file = place ? path_in(*place).file : Bytes();
    if (file.size() >= 2) return make_tlv(0x81, BytesView(file).last(2));
  }
  return {};
}

/// MSE SET for a signature. Where the key alone is not enough, the algorithm is told as the free applet numbers it.
bool choose_key(Channel& channel, const Bytes& name, const HolderKey& key) {
  constexpr std::uint8_t rsa_with_padding = 0x11, ecdsa = 0x21;
  if (channel.send({0x00, 0x22, 0x41, 0xB6, name}).ok()) return true;
  const Bytes algorithm = {0x80, 0x01, key.rsa() ? rsa_with_padding : ecdsa};
  return channel.send({0x00, 0x22, 0x41, 0xB6, joined(algorithm, name)}).ok();
}

/// Versions of the free applet before 1 tell theirs, and hash what an elliptic key is to sign once more, with SHA-1.
bool hashes_itself(const Card& card) { return card.name == free_applet && !card.announced.empty() && card.announced.front() == 0x00; }

/// VERIFY without data would ask for the tries (ISO 7816-4 §11.5.6), but costs one on some cards: which they are, nobody
/// knows beforehand, so the tries of a card of no better known family stay unknown.
CardPin untold(CardPin::Kind kind) { return {.kind = kind, .tries_left = {}, .tries_max = {}}; }

/// The free applet has one PIN of this form, and is not asked for by its name while it is selected.
bool could_be_free_applet(const PinObject& pin) { return pin.reference == 0x01 && pin.stored == 16; }

/// All versions of the free applet answer it with the tries and count nothing.
CardPin pin_state(Channel& channel, const Card& card, const PinObject& pin) {
  CardPin state = untold(CardPin::Kind::pin);
  if (card.name != free_applet) return state;
  const Status answer = channel.send({0x00, 0x20, 0x00, pin.reference}).status;
  state.tries_left = answer.blocked() ? std::optional(0) : answer.tries_left();
  state.blocked = state.tries_left == 0;
  return state;
}

/// Two digits in a byte, F behind the last of an odd number.
Bytes packed_digits(BytesView digits) {
  Bytes out;
  out.reserve(digits.size() / 2 + 1);
  for (std::size_t at = 0; at < digits.size(); at += 2)
    out.push_back(static_cast<std::uint8_t>((digits[at] & 0x0F) << 4 | (at + 1 < digits.size() ? digits[at + 1] & 0x0F : 0x0F)));
  return out;
}

/// A PIN as the card has it (§6.8.2): as text, as digits, or as a block of ISO 9564-1 format 2.
Bytes field_of(const PinObject& object, const Secret& pin) {
  constexpr std::size_t block = 8;
  Bytes text = pin_field(pin);
  Bytes field;
  switch (object.form) {
    case PinObject::Form::bcd: field = packed_digits(text); break;
    case PinObject::Form::iso9564_1:
      field = joined(Bytes{static_cast<std::uint8_t>(0x20 | text.size())}, packed_digits(text));
      field.resize(block, 0xFF);
      break;
    case PinObject::Form::half_nibble_bcd:
      field = text;
      for (auto& each : field) each |= 0xF0;
      break;
    default: field = text;
  }
  wipe(text);
  if (object.padded && field.size() < object.stored) field = joined(std::move(field), Bytes(object.stored - field.size(), object.fill));
  return field;
}

/// The holder's PIN behind the command's data.
Response send_pin(Channel& channel, Command command, const PinObject& object, const HolderPin& pin) {
  if (object.as_typed()) return send_with_pin(channel, std::move(command), pin, object.padded ? object.stored : 0, object.fill);
  if (!pin.known) return {{}, {0x6A81}};
  command.data = joined(std::move(command.data), field_of(object, *pin.known));
  return channel.send(command);
}

/// Local PINs count in the folder in which they live.
void go_to(Channel& channel, Card& card, const PinObject& object) {
  const bool at_home = object.folder.empty() || object.folder == joined(Bytes{0x3F, 0x00}, usual_folder) || object.folder == usual_folder;
  if (!at_home) card.select(channel, object.folder);
}

/// Whether there is a PUK is told by the PIN, and not every card has an entry for the PUK itself.
void tell_of(const Pins& pins, const CardPin& state, CardFacts& facts) {
  facts.rules = {std::max(pins.pin->least, 4), pins.pin->most, pins.pin->digits()};
  if (pins.pin->as_typed()) facts.present_rules = core::PinRules{pins.pin->least, pins.pin->most, false};  // tools write "text" and mean any
  facts.pins.push_back(state);
  if (!pins.pin->never_unblocked) {
    facts.pins.push_back(untold(CardPin::Kind::puk));
    facts.ways.push_back(UnlockWay::puk);
  }
  if (pins.officer) {
    facts.pins.push_back(untold(CardPin::Kind::admin_pin));
    facts.ways.push_back(UnlockWay::admin_pin);
  }
}

class Iso : public Family {
 public:
  std::string_view id() const override { return "iso"; }
  std::string_view title() const override { return "ISO 7816"; }
  Bytes application() const override { return standard_name; }

  bool recognises(Channel& channel) const override {
    const Bytes before = card_in(channel).name;  // an applet that is still selected would show its files without it
    return (!before.empty() && find_under(channel, anew(channel), before)) || find_application(channel, anew(channel));
  }

  CardFacts read(Channel& channel) const override {
    Card& card = card_in(channel);
    CardFacts facts;
    facts.serial = number_of(channel, card);  // while the application's folder is the one that is selected
    const Pins& pins = pins_of(channel, card);
    if (pins.pin && card.name.empty() && could_be_free_applet(*pins.pin)) {
      card.name = free_applet;
      if (!card.enter(channel)) card.name.clear();
    }
    if (Bytes der = certificate_of(channel, card).der; !der.empty())
      facts.certificate = core::HolderCertificate{.der = std::string(crypto::text_of(der))};
    if (facts.serial.empty()) facts.serial = instead_of_number(card, facts.certificate ? facts.certificate->der : std::string_view());
    if (pins.pin)
      tell_of(pins, pin_state(channel, card, *pins.pin), facts);
    else
      facts.pins.push_back({.kind = CardPin::Kind::pin, .tries_left = {}, .tries_max = {}, .set = false});
    facts.can_sign = facts.certificate.has_value();
    return facts;
  }

  std::string serial(Channel& channel) const override {
    Card& card = card_in(channel);
    const std::string number = card.enter(channel) ? identity_of(channel, card) : std::string();
    if (!number.empty() || !card.name.empty()) return number;
    Card& again = anew(channel);  // it was found in an applet that is no longer selected
    return find_application(channel, again) ? identity_of(channel, again) : std::string();
  }

  std::vector<CardPin> pins(Channel& channel) const override {
    Card& card = card_in(channel);
    const auto& pin = pins_of(channel, card).pin;
    return pin ? std::vector{pin_state(channel, card, *pin)} : std::vector<CardPin>();
  }

  Attempt unlock(Channel& channel, const UnlockOrder& order, const HolderPin& fresh) const override {
    Card& card = card_in(channel);
    const auto& [pin, puk, officer] = pins_of(channel, card);
    if (!pin || !(fresh.known || pin->as_typed())) return Attempt::impossible;
    if (order.way == UnlockWay::puk && card.name == free_applet && order.unlocker.size() != puk_of_free_applet)
      return Attempt::refused;  // it would compare it all the same; nothing is sent
    go_to(channel, card, *pin);
    if (order.way == UnlockWay::puk)  // a PUK that no entry describes has the form of the PIN
      return attempt_of(send_pin(channel, {0x00, 0x2C, 0x00, pin->reference, field_of(puk ? *puk : *pin, order.unlocker)}, *pin, fresh));
    if (order.way != UnlockWay::admin_pin || !officer) return Attempt::impossible;
    const Response admitted = channel.send({0x00, 0x20, 0x00, officer->reference, field_of(*officer, order.unlocker)});
    if (!admitted.ok()) return admission_of(admitted);
    const Attempt attempt = attempt_after_admission(send_pin(channel, {0x00, 0x2C, 0x02, pin->reference}, *pin, fresh));
    if (!channel.send({0x00, 0x20, 0xFF, officer->reference}).ok()) channel.log_out_by_reset();
    return attempt;
  }

  Response verify(Channel& channel, const HolderPin& typed) const override {
    Card& card = card_in(channel);
    const auto& pin = pins_of(channel, card).pin;
    if (!pin) return {{}, {0x6A88}};
    go_to(channel, card, *pin);
    return send_pin(channel, {0x00, 0x20, 0x00, pin->reference}, *pin, typed);
  }

  bool takes_typed_pin(Channel& channel) const override {
    const auto& pin = pins_of(channel, card_in(channel)).pin;
    return pin && pin->as_typed();
  }

  std::optional<Bytes> sign(Channel& channel, BytesView digest, const HolderKey& key) const override {
    Card& card = card_in(channel);
    if (!key.rsa() && hashes_itself(card)) return {};
    const Bytes name = name_of_key(channel, card, certificate_of(channel, card).id);
    if (name.empty() || !choose_key(channel, name, key)) return {};
    const Response answer = channel.send({0x00, 0x2A, 0x9E, 0x9A, to_be_signed(digest, key), all});
    return answer.ok() ? std::optional(answer.data) : std::nullopt;
  }
};

}  // namespace

const Family& iso_family() {
  static const Iso family;
  return family;
}

}  // namespace anahtar::card
