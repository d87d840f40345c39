// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/gids_card.h"

#include <algorithm>

#include "crypto/card_cipher.h"
#include "crypto/random.h"

namespace anahtar::card::emulated {
namespace {

using crypto::Direction;

constexpr unsigned master_file = 0xA000DF1F, key_map = 0xA000DF20, card_id = 0xA012DF20, card_apps = 0xA010DF21,
                   card_cache = 0xA010DF22, container_map = 0xA010DF23, certificate_file = 0xA010DF24;
constexpr unsigned pin_state = 0x7F71, puk_state = 0x7F73;
constexpr std::uint8_t pin_reference = 0x80, puk_reference = 0x81, logout_reference = 0x82;

const Bytes application = hex("A0000003974254465902");

Bytes little_endian(std::uint64_t number, std::size_t bytes) {
  Bytes out = big_endian(number, bytes);
  std::reverse(out.begin(), out.end());
  return out;
}

Bytes name_of(std::string_view name, std::size_t size) {
  Bytes field = crypto::bytes_of(name);
  field.resize(size);
  return field;
}

/// One record of the master file: folder, file, two bytes of nothing, data object, file identifier.
Bytes file_record(std::string_view folder, std::string_view file, unsigned object) {
  return name_of(folder, 9) + name_of(file, 9) + Bytes(2) + little_endian(object & 0xFFFF, 4) + little_endian(object >> 16, 4);
}

/// A record of the minidriver specification's container map; the key is one for key exchange.
Bytes container_record(unsigned bits) {
  Bytes name;
  for (const char each : std::string_view("Anahtar demo key")) name.insert(name.end(), {static_cast<std::uint8_t>(each), 0});
  name.resize(80);
  return std::move(name) + Bytes{0x03, 0x00} + Bytes(2) + little_endian(bits, 2);
}

/// GIDS 2.0, table 43.
std::uint8_t algorithm_of(const crypto::CardKey& key) {
  switch (key.kind()) {
    case crypto::CardKey::Kind::rsa2048: return 0x07;
    case crypto::CardKey::Kind::rsa3072: return 0x08;
    case crypto::CardKey::Kind::rsa4096: return 0x09;
    case crypto::CardKey::Kind::p256: return 0x0C;
    case crypto::CardKey::Kind::p384: return 0x0D;
  }
  return 0;
}

constexpr std::uint8_t with_padding = 0x50;

/// RFC 1950 and RFC 1951 §3.2.4, as one stored block: what unpacks it cannot tell that nothing was saved.
Bytes packed(BytesView content) {
  std::uint32_t a = 1, b = 0;
  for (const auto each : content) {
    a = (a + each) % 65521;
    b = (b + a) % 65521;
  }
  return Bytes{0x78, 0x01, 0x01} + little_endian(content.size(), 2) + little_endian(~content.size() & 0xFFFF, 2) + content +
         big_endian(b << 16 | a, 4);
}

/// ECB gives CBC when each block is joined with the one before (SP 800-38A §6.2).
Bytes tdes_cbc(Direction direction, BytesView key, BytesView data) {
  Bytes out, before(8);
  for (; data.size() >= 8; data = data.subspan(8)) {
    Bytes block(data.begin(), data.begin() + 8);
    if (direction == Direction::encrypt)
      for (std::size_t i = 0; i < 8; ++i) block[i] ^= before[i];
    Bytes done = crypto::tdes_ecb(direction, key, block);
    if (direction == Direction::decrypt)
      for (std::size_t i = 0; i < 8; ++i) done[i] ^= before[i];
    before = direction == Direction::encrypt ? done : block;
    out = std::move(out) + done;
  }
  return out;
}

}  // namespace

GidsCard::GidsCard(CardOptions options)
    : CardShell(options.t0),
      options_(std::move(options)),
      pin_(options_.pin, options_.pin_tries),
      puk_(options_.puk, options_.puk_tries),
      admin_key_(options_.admin_key.empty() ? default_admin_key() : options_.admin_key),
      admin_left_(options_.admin_tries) {
  if (options_.serial.empty()) options_.serial = hex("A1B2C3D4E5F60718293A4B5C6D7E8F90");
  if (options_.pin_blocked) pin_.exhaust();
  if (options_.puk_blocked) puk_.exhaust();
  write_files();
}

void GidsCard::write_files() {
  objects_.clear();
  objects_[card_id] = options_.serial;
  objects_[card_apps] = name_of("mscp", 8);
  objects_[card_cache] = Bytes(6);
  objects_[container_map] = {};
  Bytes files = Bytes{0x01} + file_record("mscp", "", 0xA0000000) + file_record("", "cardid", card_id) +
                file_record("", "cardapps", card_apps) + file_record("", "cardcf", card_cache) +
                file_record("mscp", "cmapfile", container_map);
  if (options_.holder.key) {
    const auto& key = *options_.holder.key;
    objects_[container_map] = container_record(static_cast<unsigned>(key.bits()));
    objects_[key_map] = Bytes{0x01} + little_endian(1, 4) + Bytes{algorithm_of(key), 0x9A, options_.key_reference} + hex("B0FFFF0000");
  }
  if (const Bytes& certificate = options_.holder.certificate; !certificate.empty()) {
    objects_[certificate_file] = Bytes{0x01, 0x00} + little_endian(certificate.size(), 2) + packed(certificate);
    files = std::move(files) + file_record("mscp", "kxc00", certificate_file);
  }
  objects_[master_file] = std::move(files);
}

Bytes GidsCard::historical_bytes() const { return crypto::bytes_of("Anahtar-GIDS"); }

void GidsCard::forget() {
  pin_.forget();
  selected_ = admin_ = admin_chosen_ = key_chosen_ = false;
  challenge_.clear();
  host_challenge_.clear();
}

Reply GidsCard::run(const Command& command) {
  if ((command.cla & 0xF0) != 0) return sw::no_class;
  if (command.ins == 0xA4) return select(command);
  if (!selected_) return sw::no_instruction;
  switch (command.ins) {
    case 0xCB: return get_data(command);
    case 0xDB: return put_data(command);
    case 0x20: return verify(command);
    case 0x24: return change(command);
    case 0x2C: return unblock(command);
    case 0x22: return set_environment(command);
    case 0x87: return authenticate(command);
    case 0x2A: return sign(command);
  }
  return sw::no_instruction;
}

/// Selecting the applet anew loses a challenge that waits for its response.
Reply GidsCard::select(const Command& command) {
  if (command.p1 == 0x04) {
    const bool ours = command.data.size() >= 9 && command.data.size() <= application.size() + 1 &&
                      std::equal(application.begin(), application.begin() + 9, command.data.begin());
    if (!ours) return sw::not_found;
    challenge_.clear();
    host_challenge_.clear();
    admin_ = admin_chosen_ = key_chosen_ = false;
    selected_ = true;
    return tlv(0x61, {tlv(0x4F, application + Bytes{0x01}), tlv(0x73, tlv(0x40, Bytes{0xC0}))});
  }
  if (!selected_ || command.p1 != 0x00 || command.data.size() != 2) return sw::not_found;
  const bool known = command.data == hex("3FFF") || command.data[0] == 0xA0 || command.data == hex("B081");
  return known ? sw::ok : sw::not_found;
}

Reply GidsCard::get_data(const Command& command) const {
  if (command.p1p2() == 0x3FFF && find_tlv(command.data, 0x70)) return public_key();
  const auto name = find_tlv(command.data, 0x5C);
  if (!name || name->size() != 2) return sw::bad_data;
  const unsigned tag = static_cast<unsigned>((*name)[0] << 8 | (*name)[1]);
  const auto state = [tag](const CountedSecret& secret) {
    return Reply(tlv(tag, {tlv(0x97, Bytes{static_cast<std::uint8_t>(secret.left())}), tlv(0x93, Bytes{static_cast<std::uint8_t>(secret.most())})}));
  };
  if (command.p1p2() == 0x3FFF) {
    if (tag == pin_state) return state(pin_);
    return tag == puk_state && options_.gids_puk ? state(puk_) : Reply(sw::no_reference);
  }
  const auto object = objects_.find(static_cast<unsigned>(command.p1p2()) << 16 | tag);
  return object == objects_.end() ? Reply(sw::not_found) : Reply(tlv(tag, object->second));
}

Reply GidsCard::public_key() const {
  if (!options_.holder.key) return sw::no_reference;
  const auto& key = *options_.holder.key;
  if (!key.is_rsa()) return tlv(0x7F49, {tlv(0x86, key.point())});
  return tlv(0x7F49, {tlv(0x81, key.modulus()), tlv(0x82, key.exponent())});
}

/// What everybody reads and the user writes (A010); the rest needs rights that nobody here asks for.
Reply GidsCard::put_data(const Command& command) {
  if (command.p1p2() != 0xA010 && command.p1p2() != 0xA000) return sw::not_logged_in;
  if (!pin_.verified()) return sw::not_logged_in;
  if (command.data.size() < 3 || command.data[0] != 0xDF) return sw::bad_data;
  const unsigned tag = static_cast<unsigned>(command.data[0] << 8 | command.data[1]);
  const auto value = find_tlv(command.data, tag);
  if (!value) return sw::bad_data;
  objects_[static_cast<unsigned>(command.p1p2()) << 16 | tag] = *value;
  return sw::ok;
}

Reply GidsCard::verify(const Command& command) {
  if (command.p2 == logout_reference && command.data.empty()) {
    pin_.forget();
    return sw::ok;
  }
  if (command.p1 != 0 || command.p2 != pin_reference) return sw::no_reference;
  if (command.data.empty() && pin_.verified()) return sw::ok;
  if (command.data.empty() && options_.empty_verify_costs_a_try) pin_.spend_try();
  if (pin_.blocked()) return sw::blocked;
  if (command.data.empty() || (!good_length(command.data.size()) && options_.wrong_length_answers_freely))
    return sw::tries(pin_.left());
  return pin_.check(crypto::text_of(command.data)) ? sw::ok : wrong_try(pin_, options_);
}

/// The old PIN is as long as the one that the card has; what follows is the new one.
Reply GidsCard::change(const Command& command) {
  if (command.p1 != 0 || command.p2 != pin_reference) return sw::no_reference;
  if (pin_.blocked()) return sw::blocked;
  const auto text = crypto::text_of(command.data);
  const std::size_t old_length = pin_.value().size();
  if (text.size() <= old_length || !good_length(text.size() - old_length)) return sw::bad_data;
  if (!pin_.check(text.substr(0, old_length))) return wrong_try(pin_, options_);
  pin_.set(std::string(text.substr(old_length)));
  return sw::ok;
}

/// P1 02: a new PIN after the administrator has proved the key, once. P1 00: PUK and new PIN, where there is a PUK.
Reply GidsCard::unblock(const Command& command) {
  if (command.p2 != pin_reference) return sw::no_reference;
  const auto text = crypto::text_of(command.data);
  if (command.p1 == 0x02) {
    if (!admin_) return sw::not_logged_in;
    if (!good_length(text.size())) return sw::bad_data;
    admin_ = false;
    pin_.set(std::string(text));
    return sw::ok;
  }
  if (command.p1 != 0x00) return sw::wrong_p1p2;
  if (!options_.gids_puk) return sw::no_reference;
  if (puk_.blocked()) return sw::blocked;
  const std::size_t puk_length = puk_.value().size();
  if (text.size() <= puk_length || !good_length(text.size() - puk_length)) return sw::bad_data;
  if (!puk_.check(text.substr(0, puk_length))) return wrong_try(puk_, options_);
  pin_.set(std::string(text.substr(puk_length)));
  return sw::ok;
}

/// ISO 7816-8: A4 chooses the administration key, B6 the holder's key for a signature.
Reply GidsCard::set_environment(const Command& command) {
  challenge_.clear();
  host_challenge_.clear();
  admin_chosen_ = command.p2 == 0xA4 && command.data == hex("830180");
  key_chosen_ = command.p2 == 0xB6 && options_.holder.key && find_tlv(command.data, 0x84) == Bytes{options_.key_reference} &&
                find_tlv(command.data, 0x80) == Bytes{static_cast<std::uint8_t>(with_padding | algorithm_of(*options_.holder.key))};
  return admin_chosen_ || key_chosen_ ? sw::ok : sw::no_reference;
}

Reply GidsCard::authenticate(const Command& command) {
  if (!admin_chosen_) return sw::conditions;
  if (options_.admin_tries > 0 && admin_left_ == 0) return sw::blocked;
  const auto request = find_tlv(command.data, 0x7C);
  if (!request) return sw::bad_data;
  if (const auto challenge = find_tlv(*request, 0x81)) {
    admin_ = false;
    if (!challenge->empty() && challenge->size() != 16) return sw::bad_data;
    host_challenge_ = *challenge;
    challenge_ = crypto::random_bytes(challenge->empty() ? 8 : 16);
    return tlv(0x7C, tlv(0x81, challenge_));
  }
  const auto response = find_tlv(*request, 0x82);
  if (!response) return sw::bad_data;
  if (challenge_.empty()) return sw::conditions;
  return host_challenge_.empty() ? answer_challenge(*response) : answer_mutually(*response);
}

/// A challenge is good for one response.
Reply GidsCard::answer_challenge(BytesView response) {
  const Bytes expected = crypto::tdes_ecb(Direction::encrypt, admin_key_, std::exchange(challenge_, {}));
  admin_ = std::ranges::equal(response, expected);
  if (admin_) {
    admin_left_ = options_.admin_tries;
    return sw::ok;
  }
  if (admin_left_ > 0) --admin_left_;
  return sw::not_logged_in;
}

/// The host sends E(R2 ‖ R1 ‖ Z1), the card E(R1 ‖ R2 ‖ Z2): triple DES in CBC from zero, Z of 8 bytes ending in 80.
Reply GidsCard::answer_mutually(BytesView response) {
  const Bytes ours = std::exchange(challenge_, {}), theirs = std::exchange(host_challenge_, {});
  const Bytes opened = tdes_cbc(Direction::decrypt, admin_key_, response);
  admin_ = response.size() == 40 && opened.size() == 40 && std::ranges::equal(BytesView(opened).first(32), ours + theirs) &&
           opened.back() == 0x80;
  if (!admin_) {
    if (admin_left_ > 0) --admin_left_;
    return sw::not_logged_in;
  }
  admin_left_ = options_.admin_tries;
  return tlv(0x7C, tlv(0x82, tdes_cbc(Direction::encrypt, admin_key_, theirs + ours + crypto::random_bytes(7) + Bytes{0x80})));
}

Reply GidsCard::sign(const Command& command) {
  if (command.p1p2() != 0x9E9A) return sw::wrong_p1p2;
  if (!key_chosen_ || !options_.holder.key) return sw::conditions;
  if (!pin_.verified()) return sw::not_logged_in;
  const auto& key = *options_.holder.key;
  const auto signature = key.is_rsa() ? key.sign_padded(command.data) : key.sign_digest(command.data);
  return signature ? Reply(*signature) : Reply(sw::bad_data);
}

void GidsCard::store(Memory& memory) const {
  emulated::store(memory, "pin", pin_);
  emulated::store(memory, "puk", puk_);
  emulated::store(memory, options_.holder);
  memory["admin_key"] = crypto::text_of(admin_key_);
  memory["admin.left"] = std::to_string(admin_left_);
}

void GidsCard::recall(const Memory& memory) {
  emulated::recall(memory, "pin", pin_);
  emulated::recall(memory, "puk", puk_);
  emulated::recall(memory, options_.holder);
  if (const auto key = memory.find("admin_key"); key != memory.end()) admin_key_ = crypto::bytes_of(key->second);
  if (const auto left = memory.find("admin.left"); left != memory.end()) admin_left_ = std::atoi(left->second.c_str());
  write_files();
}

}  // namespace anahtar::card::emulated
