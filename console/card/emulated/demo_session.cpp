// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/demo_session.h"

#include "crypto/card_cipher.h"

namespace anahtar::card::emulated::demo_session {
namespace {

constexpr std::size_t block = 16;

Bytes derived(BytesView key, std::string_view label, BytesView context) {
  return crypto::aes_cmac(key, Bytes{0x01} + crypto::view_of(label) + Bytes{0x00} + context + Bytes{0x00, 0x80});
}

Bytes initial_value(const Keys& keys, std::uint64_t counter) {
  return crypto::aes_cbc(crypto::Direction::encrypt, keys.enc, Bytes(block), big_endian(counter, block));
}

Bytes tag(const Keys& keys, std::uint64_t counter, BytesView header, BytesView cryptogram) {
  return short_mac(keys.mac, big_endian(counter, block) + header + cryptogram);
}

}  // namespace

Bytes card_key(BytesView master_key, BytesView serial) { return derived(master_key, "Anahtar demo card", serial); }

Keys session_keys(BytesView card_key, BytesView host_random, BytesView card_random) {
  const Bytes both = Bytes(host_random.begin(), host_random.end()) + card_random;
  return {derived(card_key, "Anahtar demo enc", both), derived(card_key, "Anahtar demo mac", both)};
}

Bytes short_mac(BytesView key, BytesView message) {
  Bytes mac = crypto::aes_cmac(key, message);
  mac.resize(mac_size);
  return mac;
}

/// ISO 7816-4 §10.2.3.1 padding: 80, then zeros to the end of the block.
Bytes sealed_pin(const Keys& keys, std::uint64_t counter, BytesView header, BytesView pin) {
  Bytes padded = Bytes(pin.begin(), pin.end()) + Bytes{0x80};
  padded.resize((padded.size() + block - 1) / block * block);
  const Bytes cryptogram = crypto::aes_cbc(crypto::Direction::encrypt, keys.enc, initial_value(keys, counter), padded);
  explicit_bzero(padded.data(), padded.size());
  return cryptogram + tag(keys, counter, header, cryptogram);
}

std::optional<Bytes> opened_pin(const Keys& keys, std::uint64_t counter, BytesView header, BytesView sealed) {
  if (sealed.size() < block + mac_size || (sealed.size() - mac_size) % block != 0) return {};
  const BytesView cryptogram = sealed.first(sealed.size() - mac_size);
  if (!crypto::equal_constant_time(tag(keys, counter, header, cryptogram), sealed.last(mac_size))) return {};
  Bytes pin = crypto::aes_cbc(crypto::Direction::decrypt, keys.enc, initial_value(keys, counter), cryptogram);
  while (!pin.empty() && pin.back() == 0) pin.pop_back();
  if (pin.empty() || pin.back() != 0x80) return {};
  pin.pop_back();
  return pin;
}

Bytes receipt(const Keys& keys, std::uint64_t counter) {
  return short_mac(keys.mac, big_endian(counter + 1, block) + Bytes{0x90, 0x00});
}

}  // namespace anahtar::card::emulated::demo_session
