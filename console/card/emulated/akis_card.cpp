// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/akis_card.h"

#include <algorithm>
#include <numeric>

#include "crypto/random.h"

namespace anahtar::card::emulated {
namespace {

const Bytes application = crypto::bytes_of("PKCS-15");
const Bytes folder = hex("3D00"), certificate = hex("3D002F10");
constexpr std::uint8_t pin_reference = 0x01, puk_reference = 0x02;

bool good_pin(std::string_view pin) {
  return pin.size() >= 4 && pin.size() <= 16 && pin.find_first_not_of("0123456789") == pin.npos;
}

}  // namespace

AkisCard::AkisCard(CardOptions options)
    : CardShell(false),
      options_(std::move(options)),
      pin_(options_.pin, options_.pin_tries),
      puk_(options_.puk, options_.puk_tries) {
  if (options_.serial.empty()) options_.serial = hex("300000000000000012345678");
  options_.serial.resize(12);
  if (options_.pin_blocked) pin_.exhaust();
  if (options_.puk_blocked) puk_.exhaust();
  write_files();
}

void AkisCard::write_files() {
  files_.add_folder(folder, application);
  files_.put(certificate, options_.holder.certificate);
}

/// "UEKAE V1.0" for the first version; later ones have 55454B4145 behind a tag and their version after it.
Bytes AkisCard::historical_bytes() const {
  if (options_.akis == AkisVersion::v1_0) return crypto::bytes_of("UEKAE V1.0");
  return hex("8067 55454B4145") + hex(options_.akis == AkisVersion::v1_2 ? "1252" : "2252") + hex("31 8073B3A180");
}

Bytes AkisCard::atr() const {
  const bool first = options_.akis == AkisVersion::v1_0;
  Bytes atr = hex(first ? "3BBA11008131FE4D" : "3B9F968131FE45") + historical_bytes();
  atr.push_back(std::accumulate(atr.begin() + 1, atr.end(), std::uint8_t{0},
                                [](std::uint8_t sum, std::uint8_t each) { return static_cast<std::uint8_t>(sum ^ each); }));
  return atr;
}

void AkisCard::forget() {
  pin_.forget();
  puk_.forget();
  files_.to_master();
  key_chosen_ = session_proved_ = false;
  session_.reset();
}

Reply AkisCard::run(const Command& command) {
  if (command.cla == 0x80 && command.ins == 0x1A) {
    pin_.forget();
    puk_.forget();
    return sw::ok;
  }
  if (command.cla == demo_session::plain_cla || command.cla == demo_session::secured_cla) return issuer_session(command);
  if (command.cla != 0x00) return sw::no_class;
  switch (command.ins) {
    case 0xA4: return select(command);
    case 0xB0: return read(command);
    case 0xCA: return get_data(command);
    case 0x20: return verify(command);
    case 0x24: return change(command);
    case 0x2C: return unblock(command);
    case 0x22: key_chosen_ = command.p1 == 0xC3; return key_chosen_ ? sw::ok : sw::wrong_p1p2;
    case 0x2A: return sign(command);
  }
  return sw::no_instruction;
}

/// The FCI's tag 90: valid and readable; on the first generation also 40 for one wrong try and 80 for the last one left.
Reply AkisCard::select(const Command& command) {
  session_.reset();
  const auto found = files_.select(command);
  if (!found) return sw::not_found;
  std::uint8_t state = 0x16;
  if (first_generation() && pin_.left() < pin_.most()) state |= pin_.left() <= 1 ? 0x80 : 0x40;
  const Bytes size = found->folder ? Bytes{} : tlv(0x80, big_endian(found->size, 2));
  const Bytes name = found->name.empty() ? Bytes{} : tlv(0x84, found->name);
  return tlv(0x6F, {size, tlv(0x82, Bytes{std::uint8_t(found->folder ? 0x38 : 0x01)}), tlv(0x83, big_endian(found->id, 2)), name,
                    tlv(0x90, Bytes{state})});
}

/// 0106 holds the serial at 55; 0104 says at 6 that the card is in its user's hands.
Reply AkisCard::get_data(const Command& command) const {
  if (command.p1p2() == 0x0106) {
    Bytes block = Bytes(55) + options_.serial;
    block.resize(0x4D);
    return block;
  }
  return command.p1p2() == 0x0104 ? Reply(hex("000000000000A5000000")) : Reply(sw::not_found);
}

Reply AkisCard::read(const Command& command) const {
  if (options_.akis == AkisVersion::v1_2 && files_.current() == certificate) return sw::not_logged_in;
  return files_.read(command);
}

CountedSecret* AkisCard::secret(std::uint8_t reference) {
  if ((reference & 0x7F) == pin_reference) return &pin_;
  return (reference & 0x7F) == puk_reference && !options_.no_puk ? &puk_ : nullptr;
}

std::uint16_t AkisCard::wrong_word(const CountedSecret& wrong) const {
  if (first_generation() && wrong.blocked()) return sw::unusable;
  return wrong_try(wrong, options_);
}

/// Without data it is a wrong try: nobody asks an AKİS so.
Reply AkisCard::verify(const Command& command) {
  CountedSecret* const asked = secret(command.p2);
  if (!asked || command.p1 != 0) return sw::no_reference;
  if (asked->blocked()) return blocked_word();
  if (command.data.empty()) asked->spend_try();
  if (!command.data.empty() && asked->check(crypto::text_of(command.data))) return sw::ok;
  return wrong_word(*asked);
}

/// First generation: P1 01 (global) or 02 (local), each PIN behind its length. Second: as ISO 7816-4 has it.
Reply AkisCard::change(const Command& command) {
  CountedSecret* const changed = secret(command.p2);
  if (!changed) return sw::no_reference;
  if (changed->blocked()) return blocked_word();
  const auto text = crypto::text_of(command.data);
  std::string_view old, fresh;
  if (first_generation()) {
    if (command.p1 != 0x01 && command.p1 != 0x02) return sw::wrong_p1p2;
    const std::size_t old_length = text.empty() ? 0 : static_cast<unsigned char>(text[0]);
    if (text.size() < old_length + 2 || static_cast<unsigned char>(text[old_length + 1]) != text.size() - old_length - 2)
      return sw::bad_data;
    old = text.substr(1, old_length);
    fresh = text.substr(old_length + 2);
  } else {
    if (command.p1 != 0x00) return sw::wrong_p1p2;
    const std::size_t old_length = std::min(changed->value().size(), text.size());
    old = text.substr(0, old_length);
    fresh = text.substr(old_length);
  }
  if (!good_pin(fresh)) return sw::bad_data;
  if (!changed->check(old)) return wrong_word(*changed);
  changed->set(std::string(fresh));
  return sw::ok;
}

/// Second generation with a PUK: P1 00 with PUK and new PIN, P1 02 after VERIFY of the PUK.
Reply AkisCard::unblock(const Command& command) {
  if (first_generation() || options_.no_puk) return sw::no_instruction;
  if ((command.p2 & 0x7F) != pin_reference) return sw::no_reference;
  const auto text = crypto::text_of(command.data);
  if (command.p1 == 0x02) {
    if (!puk_.verified()) return sw::not_logged_in;
    if (!good_pin(text)) return sw::bad_data;
    puk_.forget();
    pin_.set(std::string(text));
    return sw::ok;
  }
  if (command.p1 != 0x00) return sw::wrong_p1p2;
  if (puk_.blocked()) return sw::blocked;
  const std::size_t puk_length = puk_.value().size();
  if (text.size() <= puk_length || !good_pin(text.substr(puk_length))) return sw::bad_data;
  if (!puk_.check(text.substr(0, puk_length))) return wrong_word(puk_);
  puk_.forget();
  pin_.set(std::string(text.substr(puk_length)));
  return sw::ok;
}

Reply AkisCard::sign(const Command& command) {
  if (command.p1p2() != 0x9E9A || !options_.holder.key) return sw::no_reference;
  if (!key_chosen_) return sw::conditions;
  if (!pin_.verified()) return sw::not_logged_in;
  const auto& key = *options_.holder.key;
  const auto signature = key.is_rsa() ? key.sign_padded(command.data) : key.sign_digest(command.data);
  return signature ? Reply(*signature) : Reply(sw::bad_data);
}

Reply AkisCard::issuer_session(const Command& command) {
  using namespace demo_session;
  if (options_.issuer_master_key.empty()) return sw::no_class;
  if (command.cla == plain_cla && command.ins == open_ins) return open_session(command);
  if (command.cla == plain_cla && command.ins == prove_ins) {
    if (!session_ || session_proved_) return sw::conditions;
    session_proved_ = crypto::equal_constant_time(command.data, short_mac(session_->mac, crypto::bytes_of("host") + session_randoms_));
    if (!session_proved_) session_.reset();
    return session_proved_ ? sw::ok : sw::not_logged_in;
  }
  return command.cla == secured_cla && command.ins == unlock_ins ? issuer_unlock(command) : Reply(sw::no_instruction);
}

Reply AkisCard::open_session(const Command& command) {
  using namespace demo_session;
  if (command.data.size() != random_size) return sw::wrong_length;
  const Bytes ours = crypto::random_bytes(random_size);
  session_ = session_keys(card_key(options_.issuer_master_key, options_.serial), command.data, ours);
  session_randoms_ = command.data + ours;
  session_proved_ = false;
  session_counter_ = 1;
  return ours + short_mac(session_->mac, crypto::bytes_of("card") + session_randoms_);
}

Reply AkisCard::issuer_unlock(const Command& command) {
  if (!session_ || !session_proved_) return sw::conditions;
  const auto pin = demo_session::opened_pin(*session_, session_counter_, Bytes{command.cla, command.ins, command.p1, command.p2}, command.data);
  if (!pin) {
    session_.reset();
    return std::uint16_t{0x6988};
  }
  if (!good_pin(crypto::text_of(*pin))) return sw::bad_data;
  pin_.set(std::string(crypto::text_of(*pin)));
  session_counter_ += 2;
  return demo_session::receipt(*session_, session_counter_ - 2);
}

void AkisCard::store(Memory& memory) const {
  emulated::store(memory, "pin", pin_);
  emulated::store(memory, "puk", puk_);
  emulated::store(memory, options_.holder);
}

void AkisCard::recall(const Memory& memory) {
  emulated::recall(memory, "pin", pin_);
  emulated::recall(memory, "puk", puk_);
  emulated::recall(memory, options_.holder);
  write_files();
}

}  // namespace anahtar::card::emulated
