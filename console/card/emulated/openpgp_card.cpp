// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/openpgp_card.h"

#include <algorithm>

#include "crypto/digest.h"
#include "crypto/message_digest.h"
#include "crypto/random.h"

namespace anahtar::card::emulated {
namespace {

constexpr std::uint8_t pw1_sign = 0x81, pw1_other = 0x82, pw3_reference = 0x83;
constexpr std::uint32_t hashed_bytes = 100'000;  ///< of the iterated hash; few, for nothing is protected here
constexpr unsigned certificate = 0x7F21, derived_format = 0xF9;

/// §4.2.1: version 3.4, a manufacturer of the range for tests, the serial, two bytes of nothing.
Bytes application(BytesView serial) { return hex("D27600012401 0304 FFFE") + serial + Bytes(2); }

Bytes salt_of(char which) { return Bytes(8, static_cast<std::uint8_t>(which)); }

using Hash = crypto::MessageDigest::Kind;

/// RFC 4880 §3.7.1.3.
std::string iterated_hash(Hash function, BytesView salt, std::string_view password) {
  const Bytes once = Bytes(salt.begin(), salt.end()) + crypto::view_of(password);
  crypto::MessageDigest hash(function);
  std::size_t rest = std::max<std::size_t>(hashed_bytes, once.size());
  for (; rest >= once.size(); rest -= once.size()) hash.update(once);
  hash.update(BytesView(once).first(rest));
  const auto digest = hash.finish();
  return {digest.begin(), digest.end()};
}

/// §4.4.3.9: what a key can do. The decryption key has an attribute too, though there is none behind it.
Bytes attributes(const Holder& holder, bool decryption) {
  const bool rsa = !holder.key || holder.key->is_rsa();
  if (rsa) return Bytes{0x01} + big_endian(holder.key ? static_cast<unsigned>(holder.key->bits()) : 2048, 2) + hex("0020 00");
  const char* const curve = holder.key->kind() == crypto::CardKey::Kind::p384 ? "2B81040022" : "2A8648CE3D030107";
  return Bytes{std::uint8_t(decryption ? 0x12 : 0x13)} + hex(curve);
}

/// Nobody can compute the real one without OpenPGP's packet; it tells keys apart.
Bytes fingerprint(const Holder& holder) {
  if (!holder.key) return Bytes(20);
  const auto digest = crypto::sha256(holder.key->is_rsa() ? holder.key->modulus() : holder.key->point());
  return {digest.begin(), digest.begin() + 20};
}

}  // namespace

OpenPgpCard::OpenPgpCard(CardOptions options)
    : CardShell(options.t0),
      options_(std::move(options)),
      pw1_(as_kept(options_.pin, '1'), options_.pin_tries),
      code_(as_kept(options_.puk, 'r'), options_.puk_tries),
      pw3_(as_kept(options_.admin_pin, '3'), 3),
      code_set_(!options_.no_puk) {
  if (options_.serial.empty()) options_.serial = hex("00BC614E");
  options_.serial.resize(4);
  if (options_.pin_blocked) pw1_.exhaust();
  if (options_.puk_blocked || !code_set_) code_.exhaust();
  objects_ = {{0x5B, crypto::bytes_of("Deneme<<Anahtar")}, {0x5F2D, crypto::bytes_of("tr")}, {0x5F35, crypto::bytes_of("9")},
              {0x5E, {}}, {0x5F50, {}}, {certificate, options_.holder.certificate}};
}

std::string OpenPgpCard::as_kept(const std::string& password, char which) const {
  return options_.hashed_pins ? hashed(which, password) : password;
}

std::string OpenPgpCard::hashed(char which, std::string_view password) const {
  return iterated_hash(options_.hashes_with_sha512 ? Hash::sha512 : Hash::sha256, salt_of(which), password);
}

bool OpenPgpCard::good_password(std::string_view password, std::size_t least) const {
  return options_.hashed_pins ? password.size() == (options_.hashes_with_sha512 ? 64u : 32u) : password.size() >= least && password.size() <= 127;
}

/// §6.1: selection by AID, command chaining, extended lengths, operational.
Bytes OpenPgpCard::historical_bytes() const { return hex("00 31C5 73C001C0 05 9000"); }

void OpenPgpCard::forget() { selected_ = for_signing_ = for_others_ = for_admin_ = false; }

Reply OpenPgpCard::run(const Command& command) {
  if ((command.cla & 0xF0) != 0) return sw::no_class;
  if (command.ins == 0xA4) return select(command);
  if (!selected_) return sw::no_instruction;
  switch (command.ins) {
    case 0xCA: return get_data(command);
    case 0xDA: return put_data(command);
    case 0xA5: return sw::ok;
    case 0x20: return verify(command);
    case 0x24: return change(command);
    case 0x2C: return unblock(command);
    case 0x2A: return command.p1p2() == 0x9E9A ? sign(command, for_signing_, true) : Reply(sw::wrong_p1p2);
    case 0x88: return sign(command, for_others_, false);
    case 0x47: return public_key(command);
    case 0x84: return command.expected ? Reply(crypto::random_bytes(std::min<std::size_t>(command.expected, 256))) : Reply(sw::wrong_length);
  }
  return sw::no_instruction;
}

Reply OpenPgpCard::select(const Command& command) {
  const Bytes whole = application(options_.serial);
  const bool ours = command.p1 == 0x04 && command.data.size() >= 6 && command.data.size() <= whole.size() &&
                    std::equal(command.data.begin(), command.data.end(), whole.begin());
  if (!ours) return sw::not_found;
  forget();
  selected_ = true;
  return sw::ok;
}

/// §4.4.1.
Reply OpenPgpCard::get_data(const Command& command) const {
  switch (command.p1p2()) {
    case 0x4F: return application(options_.serial);
    case 0x5F52: return historical_bytes();
    case 0xC4: return password_state();
    case 0x6E: return application_data();
    case 0x65: return tlv(0x65, {tlv(0x5B, objects_.at(0x5B)), tlv(0x5F2D, objects_.at(0x5F2D)), tlv(0x5F35, objects_.at(0x5F35))});
    case 0x7A: return tlv(0x7A, tlv(0x93, big_endian(signatures_, 3)));
    case derived_format: return derivation();
  }
  const auto object = objects_.find(command.p1p2());
  return object == objects_.end() ? Reply(sw::no_reference) : object->second.empty() ? Reply(sw::ok) : Reply(object->second);
}

/// §4.4.2: PW1 holds for one signature; lengths; tries of PW1, resetting code, PW3.
Bytes OpenPgpCard::password_state() const {
  return {0x00, 0x7F, 0x7F, 0x7F, static_cast<std::uint8_t>(pw1_.left()), static_cast<std::uint8_t>(code_.left()),
          static_cast<std::uint8_t>(pw3_.left())};
}

Bytes OpenPgpCard::application_data() const {
  const Bytes prints = fingerprint(options_.holder) + Bytes(20) + fingerprint(options_.holder);
  const Bytes born = hex("66000000"), dates = options_.holder.key ? born + Bytes(4) + born : Bytes(12);
  // Challenges, changeable PW status, private objects, and the derived format.
  const Bytes abilities = hex("59 00 00FF 0800 00FF 00 00");
  return tlv(0x6E, {tlv(0x4F, application(options_.serial)), tlv(0x5F52, historical_bytes()),
                    tlv(0x73, {tlv(0xC0, abilities), tlv(0xC1, attributes(options_.holder, false)),
                               tlv(0xC2, attributes(options_.holder, true)), tlv(0xC3, attributes(options_.holder, false)),
                               tlv(0xC4, password_state()), tlv(0xC5, prints), tlv(0xC6, Bytes(60)), tlv(0xCD, dates)})});
}

/// §4.3.2.
Bytes OpenPgpCard::derivation() const {
  if (!options_.hashed_pins) return tlv(0x81, Bytes{0x00});
  const auto initial = [this](char which, std::string_view password) { return crypto::bytes_of(hashed(which, password)); };
  return tlv(0x81, Bytes{0x03}) + tlv(0x82, Bytes{std::uint8_t(options_.hashes_with_sha512 ? 0x0A : 0x08)}) + tlv(0x83, big_endian(hashed_bytes, 4)) + tlv(0x84, salt_of('1')) +
         tlv(0x85, salt_of('r')) + tlv(0x86, salt_of('3')) + tlv(0x87, initial('1', "123456")) + tlv(0x88, initial('3', "12345678"));
}

/// The resetting code (D3), and what a person may be told.
Reply OpenPgpCard::put_data(const Command& command) {
  if (!for_admin_) return sw::not_logged_in;
  const auto text = crypto::text_of(command.data);
  if (command.p1p2() == 0xD3) {
    if (!text.empty() && !good_password(text, 8)) return sw::bad_data;
    code_set_ = !text.empty();
    code_.set(std::string(text));
    if (!code_set_) code_.exhaust();
    return sw::ok;
  }
  const auto object = objects_.find(command.p1p2());
  if (object == objects_.end()) return sw::no_reference;
  object->second = command.data;
  return sw::ok;
}

CountedSecret* OpenPgpCard::password(std::uint8_t reference) {
  if (reference == pw1_sign || reference == pw1_other) return &pw1_;
  return reference == pw3_reference ? &pw3_ : nullptr;
}

bool* OpenPgpCard::login(std::uint8_t reference) {
  return reference == pw1_sign ? &for_signing_ : reference == pw1_other ? &for_others_ : &for_admin_;
}

/// §7.2.2: PW1 has one counter and two uses.
Reply OpenPgpCard::verify(const Command& command) {
  CountedSecret* const asked = password(command.p2);
  if (!asked) return sw::no_reference;
  bool& in = *login(command.p2);
  if (command.p1 == 0xFF && command.data.empty()) {
    in = false;
    return sw::ok;
  }
  if (command.p1 != 0) return sw::wrong_p1p2;
  if (command.data.empty()) {
    if (in) return sw::ok;
    if (options_.empty_verify_costs_a_try) asked->spend_try();
    return asked->blocked() ? sw::blocked : sw::tries(asked->left());
  }
  in = false;
  if (asked->blocked()) return sw::blocked;
  in = asked->check(crypto::text_of(command.data));
  return in ? sw::ok : wrong_try(*asked, options_);
}

/// §7.2.3: the old one is as long as the one that the card keeps.
Reply OpenPgpCard::change(const Command& command) {
  CountedSecret* const changed = command.p2 == pw1_other ? nullptr : password(command.p2);
  if (!changed || command.p1 != 0) return sw::no_reference;
  if (changed->blocked()) return sw::blocked;
  const auto text = crypto::text_of(command.data);
  const std::size_t old_length = changed->value().size();
  if (text.size() <= old_length || !good_password(text.substr(old_length), changed == &pw1_ ? 6 : 8)) return sw::bad_data;
  if (!changed->check(text.substr(0, old_length))) return wrong_try(*changed, options_);
  changed->set(std::string(text.substr(old_length)));
  return sw::ok;
}

/// §7.2.4: P1 00 with the resetting code, P1 02 after PW3.
Reply OpenPgpCard::unblock(const Command& command) {
  if (command.p2 != pw1_sign) return sw::no_reference;
  const auto text = crypto::text_of(command.data);
  if (command.p1 == 0x02) {
    if (!for_admin_) return sw::not_logged_in;
    if (!good_password(text, 6)) return sw::bad_data;
    pw1_.set(std::string(text));
    return sw::ok;
  }
  if (command.p1 != 0x00) return sw::wrong_p1p2;
  if (!code_set_) return sw::not_logged_in;
  if (code_.blocked()) return sw::blocked;
  const std::size_t code_length = code_.value().size();
  if (text.size() <= code_length || !good_password(text.substr(code_length), 6)) return sw::bad_data;
  if (!code_.check(text.substr(0, code_length))) return sw::not_logged_in;
  pw1_.set(std::string(text.substr(code_length)));
  return sw::ok;
}

/// §7.2.10, §7.2.13.
Reply OpenPgpCard::sign(const Command& command, bool& allowed, bool once) {
  if (!options_.holder.key) return sw::no_reference;
  if (!allowed) return sw::not_logged_in;
  const auto& key = *options_.holder.key;
  const auto signature = key.is_rsa() ? key.sign_padded(command.data) : key.sign_digest_plain(command.data);
  if (!signature) return sw::bad_data;
  if (once) {
    allowed = false;
    ++signatures_;
  }
  return *signature;
}

/// §7.2.14, reading only: B6 signs, A4 authenticates, and there is no B8.
Reply OpenPgpCard::public_key(const Command& command) const {
  if (command.p1 != 0x81) return sw::conditions;
  if (!options_.holder.key || command.data.empty() || command.data[0] == 0xB8) return sw::no_reference;
  const auto& key = *options_.holder.key;
  if (!key.is_rsa()) return tlv(0x7F49, tlv(0x86, key.point()));
  return tlv(0x7F49, {tlv(0x81, key.modulus()), tlv(0x82, key.exponent())});
}

void OpenPgpCard::store(Memory& memory) const {
  emulated::store(memory, "pin", pw1_);
  emulated::store(memory, "code", code_);
  emulated::store(memory, "admin", pw3_);
  emulated::store(memory, options_.holder);
  memory["code.set"] = std::to_string(code_set_);
  memory["signatures"] = std::to_string(signatures_);
}

void OpenPgpCard::recall(const Memory& memory) {
  emulated::recall(memory, "pin", pw1_);
  emulated::recall(memory, "code", code_);
  emulated::recall(memory, "admin", pw3_);
  emulated::recall(memory, options_.holder);
  objects_[certificate] = options_.holder.certificate;
  if (const auto set = memory.find("code.set"); set != memory.end()) code_set_ = set->second == "1";
  if (const auto count = memory.find("signatures"); count != memory.end())
    signatures_ = static_cast<std::uint32_t>(std::strtoul(count->second.c_str(), nullptr, 10));
}

}  // namespace anahtar::card::emulated
