// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/card_keys.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "core/card_facts.h"
#include "crypto/base64.h"
#include "crypto/card_cipher.h"
#include "crypto/kdf.h"
#include "store/reader.h"

namespace anahtar::store {
namespace {

using core::Code;
using core::failure;
using core::tr;
using crypto::Bytes;
using crypto::BytesView;

constexpr std::size_t des_block = 8, aes_block = 16, tdes_key = 24, derived_aes_key = 32;

/// Wiped when it goes.
struct KeyBytes {
  explicit KeyBytes(Bytes value) : bytes(std::move(value)) {}
  KeyBytes(KeyBytes&& other) noexcept = default;
  ~KeyBytes() {
    if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
  }
  Bytes bytes;
};

/// DES keys carry odd parity in the lowest bit of each byte.
void set_odd_parity(Bytes& key) {
  for (auto& byte : key) byte = static_cast<std::uint8_t>((byte & 0xfe) | (std::popcount(static_cast<unsigned>(byte & 0xfe)) % 2 == 0));
}

std::optional<Bytes> bytes_from_hex(std::string_view hex) {
  const auto value = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  if (hex.size() % 2 != 0) return {};
  Bytes out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    if (value(hex[i]) < 0 || value(hex[i + 1]) < 0) return {};
    out.push_back(static_cast<std::uint8_t>(value(hex[i]) * 16 + value(hex[i + 1])));
  }
  return out;
}

KeyBytes derived(const SiteKeyOfVersion& of_version, const core::CardKeyRef& key, bool aes) {
  const core::Secret site = of_version(key.version);
  const std::string context = key.family + "|" + core::bare_serial(key.serial) + "|" + std::to_string(key.version) + "|";
  KeyBytes out(crypto::kbkdf_cmac(crypto::view_of(site.expose()), aes ? "card admin key AES" : "card admin key 3DES",
                                  crypto::view_of(context), aes ? derived_aes_key : tdes_key));
  if (!aes) set_odd_parity(out.bytes);
  return out;
}

/// The card's key as bytes; nothing when it does not fit the cipher.
std::optional<KeyBytes> key_bytes(const SiteKeyOfVersion& site, const core::CardKeyRef& key, bool aes) {
  if (key.value.empty()) return derived(site, key, aes);
  auto given = bytes_from_hex(key.value.expose());
  if (!given) return {};
  KeyBytes out(std::move(*given));
  const auto size = out.bytes.size();
  if (aes ? size != 16 && size != 24 && size != 32 : size != 16 && size != tdes_key) return {};
  if (!aes && size == 16) {  // two-key triple DES: the first third comes again
    Bytes whole(out.bytes);
    whole.insert(whole.end(), out.bytes.begin(), out.bytes.begin() + 8);
    return KeyBytes(std::move(whole));
  }
  return out;
}

Bytes one_block(const KeyBytes& key, BytesView block) {
  if (block.size() == des_block) return crypto::tdes_ecb(crypto::Direction::encrypt, key.bytes, block);
  const Bytes zeros(aes_block, 0);  // of a single block, CBC with a zero vector is ECB
  return crypto::aes_cbc(crypto::Direction::encrypt, key.bytes, zeros, block);
}

/// 6 hex digits, in capitals.
std::string check_value_of(const KeyBytes& key, std::size_t block) {
  std::string hex = crypto::hex_encode(BytesView(one_block(key, Bytes(block, 0))).first(3));
  std::ranges::transform(hex, hex.begin(), core::hex_capital);
  return hex;
}

}  // namespace

core::Secret own_site_key(const crypto::Key& master, int version) {
  const crypto::Key key = crypto::derive_key(master, "card site key/" + std::to_string(version));
  return core::Secret(std::string(crypto::text_of(key.expose())));
}

core::Result<std::string> answer_with_card_key(const SiteKeyOfVersion& site, const core::CardKeyRef& key, const std::string& challenge) {
  if (challenge.size() != des_block && challenge.size() != aes_block)
    return failure(Code::invalid, tr("A challenge has 8 or 16 bytes."));
  const auto bytes = key_bytes(site, key, challenge.size() == aes_block);
  if (!bytes) return failure(Code::invalid, tr("The key that is held of this card does not fit its challenge."));
  return std::string(crypto::text_of(one_block(*bytes, crypto::view_of(challenge))));
}

core::Result<std::vector<std::string>> check_values_of_card_key(const SiteKeyOfVersion& site, const core::CardKeyRef& key) {
  std::vector<std::string> values;
  for (const bool aes : {false, true})
    if (const auto bytes = key_bytes(site, key, aes)) values.push_back(check_value_of(*bytes, aes ? aes_block : des_block));
  if (values.empty()) return failure(Code::invalid, tr("A card's key has 16, 24 or 32 bytes, as hexadecimal digits."));
  return values;
}

core::Secret StoreCardKeys::site_key(int version) const {
  const auto imported = StoreReader(shared_).card_site_key(version);
  if (!imported) return own_site_key(shared_->keys.master, version);
  const KeyBytes bytes(bytes_from_hex(imported->value.expose()).value_or(Bytes()));
  return core::Secret(std::string(crypto::text_of(bytes.bytes)));
}

core::Result<std::string> StoreCardKeys::respond(const core::CardKeyRef& key, const std::string& challenge) {
  return core::guarded([&] { return answer_with_card_key([this](int version) { return site_key(version); }, key, challenge); });
}

core::Result<std::vector<std::string>> StoreCardKeys::check_values(const core::CardKeyRef& key) {
  return core::guarded([&] { return check_values_of_card_key([this](int version) { return site_key(version); }, key); });
}

core::Result<std::string> StoreCardKeys::check_value_of_site_key(const core::Secret& key) {
  auto given = bytes_from_hex(key.expose());
  const KeyBytes bytes(given ? std::move(*given) : Bytes());
  const auto size = bytes.bytes.size();
  if (size != 16 && size != 24 && size != 32)
    return failure(Code::invalid, tr("A site key is an AES key: 16, 24 or 32 bytes, as hexadecimal digits."));
  return check_value_of(bytes, aes_block);
}

}  // namespace anahtar::store
