// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/iso_card.h"

namespace anahtar::card::emulated {
namespace {

constexpr std::uint8_t pin_reference = 0x81, puk_reference = 0x82, officer_reference = 0x83, key_reference = 0x01;

const Bytes application = hex("A000000063") + crypto::view_of("PKCS-15");
const Bytes folder = hex("5015");

// DER, as much of it as PKCS #15 v1.1 needs.
Bytes sequence(std::initializer_list<Bytes> parts) { return tlv(0x30, parts); }
Bytes text(std::string_view value) { return tlv(0x0C, crypto::view_of(value)); }
Bytes octets(const Bytes& value) { return tlv(0x04, value); }

/// Of a file of the application: from the master file, or from the application itself.
Bytes path(const CardOptions& options, std::string_view file) {
  const Bytes name = hex(file);
  return sequence({octets(options.relative_paths && !name.empty() ? name : hex("3F005015") + name)});
}

/// A number of up to 15 bits.
Bytes number(unsigned tag, unsigned value) {
  return tlv(tag, value < 0x80 ? Bytes{static_cast<std::uint8_t>(value)} : big_endian(value, 2));
}

/// A BIT STRING with the numbered bits set, trailing zeros left out (X.690 §11.2.2).
Bytes bits(std::initializer_list<int> set) {
  int last = 0;
  for (const int each : set) last = std::max(last, each);
  Bytes value(2 + static_cast<std::size_t>(last / 8));
  value[0] = static_cast<std::uint8_t>(7 - last % 8);
  for (const int each : set) value[1 + static_cast<std::size_t>(each / 8)] |= static_cast<std::uint8_t>(0x80 >> (each % 8));
  return tlv(0x03, value);
}

enum PinFlag { local = 1, unblock_disabled = 3, initialized = 4, unblocking_pin = 6, so_pin = 7 };

/// An authentication object (PKCS #15 v1.1 §6.8.2). `guard` is the identifier of the object that unblocks it.
Bytes pin_object(const CardOptions& options, std::string_view label, std::uint8_t id, const Bytes& guard, const Bytes& flags,
                 unsigned least, unsigned reference) {
  const Bytes common = guard.empty() ? sequence({text(label), bits({0, 1})}) : sequence({text(label), bits({0, 1}), octets(guard)});
  const Bytes attributes = sequence({flags, number(0x0A, 1), number(0x02, least), number(0x02, 8), number(0x02, 8), number(0x80, reference),
                                     tlv(0x04, Bytes{0x00}), path(options, "")});
  return sequence({common, sequence({octets({id})}), tlv(0xA1, attributes)});
}

Bytes authentication_objects(const CardOptions& options) {
  const Bytes guard = options.no_puk ? Bytes{} : Bytes{0x02};
  const Bytes flags = options.no_puk ? bits({local, unblock_disabled, initialized}) : bits({local, initialized});
  Bytes all = pin_object(options, "PIN", 0x01, guard, flags, 6, pin_reference);
  if (!options.no_puk) all = std::move(all) + pin_object(options, "PUK", 0x02, {}, bits({local, initialized, unblocking_pin}), 8, puk_reference);
  return std::move(all) + pin_object(options, "SO PIN", 0x03, {}, bits({local, initialized, so_pin}), 8, officer_reference);
}

/// §6.3.2 and §6.3.3: RSA as it is, elliptic curves behind [0].
Bytes private_key_object(const CardOptions& options) {
  const crypto::CardKey& key = *options.holder.key;
  const bool rsa = key.is_rsa();
  const Bytes common = sequence({text("Signature key"), bits({0}), octets({0x01})});
  const Bytes usage = sequence({octets({0x45}), bits({2, 9}), bits({0, 2, 3, 4}), number(0x02, key_reference)});
  const Bytes specific = rsa ? sequence({path(options, ""), number(0x02, static_cast<unsigned>(key.bits()))}) : sequence({path(options, "")});
  const Bytes object = common + usage + tlv(0xA1, specific);
  return rsa ? tlv(0x30, object) : tlv(0xA0, object);
}

Bytes certificate_object(const CardOptions& options) {
  return sequence({sequence({text("Holder certificate")}), sequence({octets({0x45})}), tlv(0xA1, sequence({path(options, "4331")}))});
}

Bytes token_info(const Bytes& serial) {
  return sequence({number(0x02, 0), octets(serial), text("Anahtar"), tlv(0x80, crypto::view_of("Emulated ISO card")), bits({2})});
}

}  // namespace

IsoCard::IsoCard(CardOptions options)
    : CardShell(options.t0),
      options_(std::move(options)),
      pin_(options_.pin, options_.pin_tries),
      puk_(options_.puk, options_.puk_tries),
      officer_(options_.admin_pin, 3) {
  if (options_.serial.empty()) options_.serial = hex("0011223344556677");
  if (options_.pin_blocked) pin_.exhaust();
  if (options_.puk_blocked) puk_.exhaust();
  write_files();
}

void IsoCard::write_files() {
  files_.add_folder(folder, application);
  if (!options_.no_ef_dir)
    files_.put(hex("2F00"), tlv(0x61, {tlv(0x4F, application), tlv(0x50, crypto::view_of("Anahtar demo")), tlv(0x51, hex("3F005015"))}));
  Bytes directory = tlv(0xA8, path(options_, "4401"));
  if (options_.holder.key) {
    files_.put(hex("50154403"), private_key_object(options_));
    directory = std::move(directory) + tlv(0xA0, path(options_, "4403"));
  }
  if (!options_.holder.certificate.empty()) {
    files_.put(hex("50154402"), certificate_object(options_));
    files_.put(hex("50154331"), options_.holder.certificate);
    directory = std::move(directory) + tlv(0xA4, path(options_, "4402"));
  }
  files_.put(hex("50155031"), std::move(directory));
  files_.put(hex("50155032"), token_info(options_.serial));
  files_.put(hex("50154401"), authentication_objects(options_));
}

Bytes IsoCard::historical_bytes() const { return crypto::bytes_of("Anahtar-ISO"); }

void IsoCard::forget() {
  for (CountedSecret* each : {&pin_, &puk_, &officer_}) each->forget();
  files_.to_master();
  key_chosen_ = entered_ = false;
}

Reply IsoCard::run(const Command& command) {
  if ((command.cla & 0xF0) != 0) return sw::no_class;
  switch (command.ins) {
    case 0xA4: return select(command);
    case 0xB0: return files_.read(command);
    case 0x20: return verify(command);
    case 0x24: return change(command);
    case 0x2C: return unblock(command);
    case 0x22: return set_environment(command);
    case 0x2A: return sign(command);
  }
  return sw::no_instruction;
}

Reply IsoCard::select(const Command& command) {
  const bool by_name = command.p1 == 0x04, with_fci = (command.p2 & 0x0C) != 0x0C;
  if (options_.only_by_name && !entered_ && !by_name) return sw::not_found;
  if (options_.selects_step_by_step && (command.p1 & 0x08) != 0) return sw::wrong_p1p2;
  if (options_.tells_no_fci && with_fci && !by_name) return sw::wrong_p1p2;
  const auto found = files_.select(command);
  if (!found) return sw::not_found;
  entered_ = entered_ || by_name;
  if (!with_fci) return sw::ok;
  const Bytes size = found->folder ? Bytes{} : tlv(0x80, big_endian(found->size, 2));
  const Bytes name = found->name.empty() ? Bytes{} : tlv(0x84, found->name);
  return tlv(0x6F, {size, tlv(0x82, Bytes{std::uint8_t(found->folder ? 0x38 : 0x01)}), tlv(0x83, big_endian(found->id, 2)), name,
                    tlv(0x8A, Bytes{0x05})});
}

CountedSecret* IsoCard::secret(std::uint8_t reference) {
  switch (reference) {
    case pin_reference: return &pin_;
    case puk_reference: return options_.no_puk ? nullptr : &puk_;
    case officer_reference: return &officer_;
  }
  return nullptr;
}

/// ISO 7816-4 §11.5.6.
Reply IsoCard::verify(const Command& command) {
  CountedSecret* const asked = secret(command.p2);
  if (!asked) return sw::no_reference;
  if (command.p1 == 0xFF && command.data.empty()) {
    asked->forget();
    return sw::ok;
  }
  if (command.p1 != 0) return sw::wrong_p1p2;
  if (command.data.empty()) {
    if (asked->verified()) return sw::ok;
    if (options_.empty_verify_costs_a_try) asked->spend_try();
    return asked->blocked() ? sw::blocked : sw::tries(asked->left());
  }
  if (asked->blocked()) return sw::blocked;
  return asked->check(crypto::text_of(command.data)) ? sw::ok : wrong_try(*asked, options_);
}

/// §11.5.7.
Reply IsoCard::change(const Command& command) {
  CountedSecret* const changed = secret(command.p2);
  if (!changed || command.p1 != 0) return sw::no_reference;
  if (changed->blocked()) return sw::blocked;
  const auto both = crypto::text_of(command.data);
  const std::size_t old_length = changed->value().size();
  if (both.size() < old_length + (changed == &pin_ ? 6 : 8) || both.size() > old_length + 8) return sw::bad_data;
  if (!changed->check(both.substr(0, old_length))) return wrong_try(*changed, options_);
  changed->set(std::string(both.substr(old_length)));
  return sw::ok;
}

/// §11.5.9: P1 00 PUK and new PIN, 01 PUK alone, 02 new PIN alone, 03 nothing; the last two after the officer's PIN.
Reply IsoCard::unblock(const Command& command) {
  if (command.p2 != pin_reference || command.p1 > 0x03) return sw::no_reference;
  const bool with_puk = command.p1 <= 0x01, with_pin = command.p1 == 0x00 || command.p1 == 0x02;
  if (with_puk && options_.no_puk) return sw::no_reference;
  if (with_puk && puk_.blocked()) return sw::blocked;
  const auto all = crypto::text_of(command.data);
  const std::size_t puk_length = with_puk ? puk_.value().size() : 0;
  if (all.size() < puk_length) return sw::bad_data;
  const auto fresh = all.substr(puk_length);
  if (with_pin ? fresh.size() < 6 || fresh.size() > 8 : !fresh.empty()) return sw::bad_data;
  if (!with_puk && !officer_.verified()) return sw::not_logged_in;
  if (with_puk && !puk_.check(all.substr(0, puk_length))) return wrong_try(puk_, options_);
  puk_.forget();
  pin_.set(with_pin ? std::string(fresh) : pin_.value());
  return sw::ok;
}

/// MSE SET, §11.5.11.
Reply IsoCard::set_environment(const Command& command) {
  const auto algorithm = find_tlv(command.data, 0x80);
  const bool rsa = options_.holder.key && options_.holder.key->is_rsa();
  const bool told = !options_.wants_algorithm || algorithm == Bytes{std::uint8_t(rsa ? 0x11 : 0x21)};
  key_chosen_ = told && command.p1p2() == 0x41B6 && find_tlv(command.data, 0x84) == Bytes{key_reference};
  return key_chosen_ ? sw::ok : sw::bad_data;
}

/// ISO 7816-8: PSO COMPUTE DIGITAL SIGNATURE.
Reply IsoCard::sign(const Command& command) {
  if (command.p1p2() != 0x9E9A || !options_.holder.key) return sw::no_reference;
  if (!key_chosen_) return sw::conditions;
  if (!pin_.verified()) return sw::not_logged_in;
  const auto& key = *options_.holder.key;
  const auto signature = key.is_rsa() ? key.sign_padded(command.data) : key.sign_digest(command.data);
  return signature ? Reply(*signature) : Reply(sw::bad_data);
}

void IsoCard::store(Memory& memory) const {
  emulated::store(memory, "pin", pin_);
  emulated::store(memory, "puk", puk_);
  emulated::store(memory, "officer", officer_);
  emulated::store(memory, options_.holder);
}

void IsoCard::recall(const Memory& memory) {
  emulated::recall(memory, "pin", pin_);
  emulated::recall(memory, "puk", puk_);
  emulated::recall(memory, "officer", officer_);
  emulated::recall(memory, options_.holder);
  write_files();
}

}  // namespace anahtar::card::emulated
