// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/piv_card.h"

#include <algorithm>

#include "crypto/card_cipher.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace anahtar::card::emulated {
namespace {

constexpr std::uint8_t pin_reference = 0x80, puk_reference = 0x81, admin_reference = 0x9B;
constexpr std::uint8_t tdes = 0x03;
constexpr unsigned chui = 0x5FC102, capabilities = 0x5FC107, discovery = 0x7E;

/// SP 800-73-4 part 1, table 3; the slots 9A, 9C, 9D, 9E.
constexpr std::pair<std::uint8_t, unsigned> slots[] = {
    {0x9A, 0x5FC105}, {0x9C, 0x5FC10A}, {0x9D, 0x5FC10B}, {0x9E, 0x5FC101}};

const Bytes application = hex("A000000308000010000100");

std::string_view unpadded(BytesView field) {
  const auto text = crypto::text_of(field);
  return text.substr(0, text.find('\xFF'));
}

/// §2.4.3: 8 bytes, digits, FF to the end. A PUK may be any 8 bytes.
bool well_formed(BytesView field, bool digits) {
  const auto text = unpadded(field);
  const auto padding = field.subspan(text.size());
  return field.size() == 8 && text.size() >= 6 && std::all_of(padding.begin(), padding.end(), [](auto each) { return each == 0xFF; }) &&
         (!digits || text.find_first_not_of("0123456789") == text.npos);
}

/// SP 800-78-5, table 6-2; RSA of 4096 bits is not in it, but on the cards of one maker.
std::uint8_t algorithm_of(const crypto::CardKey& key) {
  switch (key.kind()) {
    case crypto::CardKey::Kind::rsa2048: return 0x07;
    case crypto::CardKey::Kind::rsa3072: return 0x05;
    case crypto::CardKey::Kind::rsa4096: return 0x16;
    case crypto::CardKey::Kind::p256: return 0x11;
    case crypto::CardKey::Kind::p384: return 0x14;
  }
  return 0;
}

bool issued_serial(BytesView serial) { return serial.size() == 4; }

Bytes guid_of(BytesView serial) {
  if (serial.size() == 16) return {serial.begin(), serial.end()};
  const auto hash = crypto::sha256(serial);
  return {hash.begin(), hash.begin() + 16};
}

/// §3.1.2 with the FASC-N of a card that no federal agency issued (all nines).
Bytes chui_of(BytesView serial) {
  return tlv(0x53, {tlv(0x30, hex("D4E739DA739CED39CE739DA1685A1082108CE73984108CE3FC")), tlv(0x34, guid_of(serial)),
                    tlv(0x35, crypto::view_of("20401231")), tlv(0x3E, Bytes{}), tlv(0xFE, Bytes{})});
}

Bytes capabilities_of(BytesView serial) {
  const auto hash = crypto::sha256(serial);
  return tlv(0x53, {tlv(0xF0, hex("A000000116FF02") + BytesView(hash).first(14)), tlv(0xF1, Bytes{0x21}), tlv(0xF2, Bytes{0x21}),
                    tlv(0xF3, Bytes{}), tlv(0xF4, Bytes{0}), tlv(0xF5, Bytes{0x10}), tlv(0xF6, Bytes{}), tlv(0xF7, Bytes{}),
                    tlv(0xFA, Bytes{}), tlv(0xFB, Bytes{}), tlv(0xFC, Bytes{}), tlv(0xFD, Bytes{}), tlv(0xFE, Bytes{})});
}

/// RFC 1952, with the content in one stored block (RFC 1951 §3.2.4).
Bytes packed(BytesView content) {
  std::uint32_t check = 0xFFFFFFFF;
  for (const auto each : content) {
    check ^= each;
    for (int bit = 0; bit < 8; ++bit) check = check >> 1 ^ (check & 1 ? 0xEDB88320 : 0);
  }
  const auto little_endian = [](std::uint64_t number, std::size_t size) {
    Bytes out = big_endian(number, size);
    std::ranges::reverse(out);
    return out;
  };
  return hex("1F8B 08 00 00000000 00 FF 01") + little_endian(content.size(), 2) + little_endian(~content.size() & 0xFFFF, 2) + content +
         little_endian(~check, 4) + little_endian(content.size(), 4);
}

}  // namespace

PivCard::PivCard(CardOptions options)
    : CardShell(options.t0),
      options_(std::move(options)),
      pin_(options_.pin, options_.pin_tries),
      puk_(options_.puk, options_.puk_tries),
      admin_key_(options_.admin_key.empty() ? default_admin_key() : options_.admin_key) {
  if (options_.serial.empty()) options_.serial = hex("00BC614E");
  if (options_.pin_blocked) pin_.exhaust();
  if (options_.puk_blocked) puk_.exhaust();
  objects_[chui] = chui_of(options_.serial);
  objects_[capabilities] = capabilities_of(options_.serial);
  write_certificates();
}

void PivCard::write_certificates() {
  const Bytes& certificate = options_.holder.certificate;
  const bool pack = options_.packed_certificate;
  for (const auto& [slot, object] : slots) {
    objects_.erase(object);
    if (!certificate.empty() && (options_.only_slot == 0 || options_.only_slot == slot))
      objects_[object] = tlv(0x53, {tlv(0x70, pack ? packed(certificate) : certificate), tlv(0x71, Bytes{pack}), tlv(0xFE, Bytes{})});
  }
}

Bytes PivCard::historical_bytes() const { return crypto::bytes_of("Anahtar-PIV"); }

void PivCard::forget() {
  pin_.forget();
  puk_.forget();
  selected_ = admin_ = pin_fresh_ = false;
  awaited_.clear();
}

Reply PivCard::run(const Command& command) {
  if ((command.cla & 0xF0) != 0) return sw::no_class;
  if (command.ins == 0xA4) return select(command);
  if (!selected_) return sw::no_instruction;
  switch (command.ins) {
    case 0xCB: return get_data(command);
    case 0xDB: return put_data(command);
    case 0x20: return verify(command);
    case 0x24: return change(command);
    case 0x2C: return unblock(command);
    case 0x87: return authenticate(command);
    case 0xFD: return hex(options_.tells_puk_tries ? "050403" : "050207");
    case 0xF7: return metadata(command);
    case 0xF8: return issued_serial(options_.serial) ? Reply(options_.serial) : Reply(sw::no_instruction);
    case 0xFB: return factory_reset();
  }
  return sw::no_instruction;
}

CountedSecret* PivCard::secret(std::uint8_t reference) {
  return reference == pin_reference ? &pin_ : reference == puk_reference ? &puk_ : nullptr;
}

/// §3.1.1: the application property template. Selecting anew forgets what was verified.
Reply PivCard::select(const Command& command) {
  if (command.p1 != 0x04) return sw::wrong_p1p2;
  if (command.data.size() < 5 || command.data.size() > application.size() ||
      !std::equal(command.data.begin(), command.data.end(), application.begin()))
    return sw::not_found;
  forget();
  selected_ = true;
  const BytesView issuer = BytesView(application).first(5);
  return tlv(0x61, {tlv(0x4F, BytesView(application).subspan(5)), tlv(0x79, {tlv(0x4F, issuer)}),
                    tlv(0x50, crypto::view_of("Anahtar emulated PIV"))});
}

/// §3.1.2.
Reply PivCard::get_data(const Command& command) const {
  if (command.p1p2() != 0x3FFF) return sw::wrong_p1p2;
  const auto name = find_tlv(command.data, 0x5C);
  if (!name || name->empty() || name->size() > 3) return sw::bad_data;
  unsigned tag = 0;
  for (const auto each : *name) tag = tag << 8 | each;
  if (tag == discovery) return tlv(0x7E, {tlv(0x4F, application), tlv(0x5F2F, hex("4000"))});
  const auto object = objects_.find(tag);
  return object == objects_.end() ? Reply(sw::not_found) : Reply(object->second);
}

Reply PivCard::put_data(const Command& command) {
  if (!admin_) return sw::not_logged_in;
  const auto name = find_tlv(command.data, 0x5C);
  const auto content = find_tlv(command.data, 0x53);
  if (command.p1p2() != 0x3FFF || !name || name->size() != 3 || !content) return sw::bad_data;
  const unsigned tag = static_cast<unsigned>((*name)[0] << 16 | (*name)[1] << 8 | (*name)[2]);
  if (content->empty()) {
    objects_.erase(tag);
  } else {
    objects_[tag] = tlv(0x53, *content);
  }
  return sw::ok;
}

/// §3.2.1: without data it tells the tries; P1 FF logs out.
Reply PivCard::verify(const Command& command) {
  if (command.p2 != pin_reference) return sw::no_reference;
  if (command.p1 == 0xFF && command.data.empty()) {
    pin_.forget();
    return sw::ok;
  }
  if (command.p1 != 0) return sw::wrong_p1p2;
  if (command.data.empty()) {
    if (pin_.verified()) return sw::ok;
    if (options_.empty_verify_costs_a_try) pin_.spend_try();
    return pin_.blocked() ? sw::blocked : sw::tries(pin_.left());
  }
  if (pin_.blocked()) return sw::blocked;
  if (!well_formed(command.data, true)) return sw::bad_data;
  if (pin_.check(unpadded(command.data))) {
    pin_fresh_ = true;
    return sw::ok;
  }
  refused(pin_);
  return wrong_try(pin_, options_);
}

/// §3.2.2.
Reply PivCard::change(const Command& command) {
  CountedSecret* const changed = secret(command.p2);
  if (!changed || command.p1 != 0) return sw::no_reference;
  if (changed->blocked()) return sw::blocked;
  const bool digits = changed == &pin_;
  if (command.data.size() != 16) return sw::bad_data;
  const BytesView old = BytesView(command.data).first(8), fresh = BytesView(command.data).last(8);
  if (!well_formed(old, digits) || !well_formed(fresh, digits)) return sw::bad_data;
  if (!changed->check(unpadded(old))) {
    refused(*changed);
    return wrong_try(*changed, options_);
  }
  changed->set(std::string(unpadded(fresh)));
  if (digits) changed->accept();
  return sw::ok;
}

/// §3.2.3. There is no other way to a new PIN.
Reply PivCard::unblock(const Command& command) {
  if (command.p1 != 0 || command.p2 != pin_reference) return sw::no_reference;
  if (puk_.blocked()) return sw::blocked;
  if (command.data.size() != 16) return sw::bad_data;
  const BytesView puk = BytesView(command.data).first(8), fresh = BytesView(command.data).last(8);
  if (!well_formed(fresh, true)) return sw::bad_data;
  if (!puk_.check(unpadded(puk))) {
    refused(puk_);
    return wrong_try(puk_, options_);
  }
  puk_.forget();
  pin_.set(std::string(unpadded(fresh)));
  return sw::ok;
}

void PivCard::refused(CountedSecret& wrong) {
  wrong.forget();
  if (!options_.erases_when_exhausted || !pin_.blocked() || !puk_.blocked()) return;
  options_.holder = {};
  write_certificates();
}

/// §3.2.4: a dynamic authentication template.
Reply PivCard::authenticate(const Command& command) {
  const auto request = find_tlv(command.data, 0x7C);
  if (!request) return sw::bad_data;
  if (command.p2 == admin_reference) return command.p1 == tdes || command.p1 == 0 ? authenticate_admin(*request) : Reply(sw::wrong_p1p2);
  return sign(command, *request);
}

/// Single (challenge 81, response 82) and mutual (witness 80) authentication with the management key.
Reply PivCard::authenticate_admin(BytesView request) {
  const auto witness = find_tlv(request, 0x80), challenge = find_tlv(request, 0x81), response = find_tlv(request, 0x82);
  const Bytes awaited = std::exchange(awaited_, {});
  const auto encrypted = [&](BytesView block) { return crypto::tdes_ecb(crypto::Direction::encrypt, admin_key_, block); };
  if (witness && witness->empty()) {
    awaited_ = crypto::random_bytes(8);
    return tlv(0x7C, {tlv(0x80, encrypted(awaited_))});
  }
  if (witness && challenge && challenge->size() == 8) {
    admin_ = !awaited.empty() && *witness == awaited;
    return admin_ ? Reply(tlv(0x7C, {tlv(0x82, encrypted(*challenge))})) : Reply(sw::not_logged_in);
  }
  if (challenge && challenge->empty()) {
    const Bytes given = crypto::random_bytes(8);
    awaited_ = encrypted(given);
    return tlv(0x7C, {tlv(0x81, given)});
  }
  if (response) {
    admin_ = !awaited.empty() && *response == awaited;
    return admin_ ? sw::ok : sw::not_logged_in;
  }
  return sw::bad_data;
}

Reply PivCard::sign(const Command& command, BytesView request) {
  const auto slot = std::find_if(std::begin(slots), std::end(slots), [&](auto& each) { return each.first == command.p2; });
  const bool empty = options_.only_slot != 0 && options_.only_slot != command.p2;
  if (slot == std::end(slots) || empty || !options_.holder.key) return sw::no_reference;
  const auto& key = *options_.holder.key;
  if (command.p1 != algorithm_of(key)) return sw::wrong_p1p2;
  const bool free_of_pin = command.p2 == 0x9E, pin_each_time = command.p2 == 0x9C;
  if (command.p2 == 0x9D && !key.is_rsa()) return sw::bad_data;  // key agreement alone, which has another template
  if (!free_of_pin && (!pin_.verified() || (pin_each_time && !pin_fresh_))) return sw::not_logged_in;
  const auto message = find_tlv(request, 0x81);
  if (!message || message->empty()) return sw::bad_data;
  if (!key.is_rsa() && message->size() != static_cast<std::size_t>(key.bits() / 8)) return sw::bad_data;
  const auto signature = key.is_rsa() ? key.raw(*message) : key.sign_digest(*message);
  if (!signature) return sw::bad_data;
  pin_fresh_ = false;
  return tlv(0x7C, {tlv(0x82, *signature)});
}

/// Not of the standard: whether the value is the one of a new card (05), and the tries at most and left (06).
Reply PivCard::metadata(const Command& command) const {
  if (!options_.tells_puk_tries) return sw::no_instruction;
  if (command.p2 != pin_reference && command.p2 != puk_reference) return sw::no_reference;
  const CountedSecret& asked = command.p2 == pin_reference ? pin_ : puk_;
  const bool untouched = asked.value() == (command.p2 == pin_reference ? "123456" : "12345678");
  return tlv(0x01, Bytes{0xFF}) + tlv(0x05, Bytes{std::uint8_t(untouched)}) +
         tlv(0x06, Bytes{static_cast<std::uint8_t>(asked.most()), static_cast<std::uint8_t>(asked.left())});
}

/// Not of the standard: YubiKeys become new when neither PIN nor PUK has a try left.
Reply PivCard::factory_reset() {
  if (!pin_.blocked() || !puk_.blocked()) return sw::conditions;
  pin_.set("123456");
  puk_.set("12345678");
  admin_key_ = default_admin_key();
  options_.holder = {};
  write_certificates();
  return sw::ok;
}

void PivCard::store(Memory& memory) const {
  emulated::store(memory, "pin", pin_);
  emulated::store(memory, "puk", puk_);
  emulated::store(memory, options_.holder);
  memory["admin_key"] = crypto::text_of(admin_key_);
}

void PivCard::recall(const Memory& memory) {
  emulated::recall(memory, "pin", pin_);
  emulated::recall(memory, "puk", puk_);
  emulated::recall(memory, options_.holder);
  if (const auto key = memory.find("admin_key"); key != memory.end()) admin_key_ = crypto::bytes_of(key->second);
  write_certificates();
}

}  // namespace anahtar::card::emulated
