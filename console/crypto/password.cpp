// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/password.h"

#include <openssl/evp.h>

#include <charconv>
#include <optional>

#include "crypto/base64.h"
#include "crypto/openssl.h"
#include "crypto/random.h"

namespace anahtar::crypto {
namespace {

constexpr std::string_view scheme = "$scrypt$";
constexpr std::size_t salt_size = 16;
constexpr std::size_t hash_size = 32;

struct Stored {
  PasswordCost cost;
  Bytes salt;
  Bytes hash;
};

bool sensible(PasswordCost cost) {
  return cost.log_n >= 1 && cost.log_n <= 20 && cost.r >= 1 && cost.r <= 32 && cost.p >= 1 && cost.p <= 16;
}

Bytes scrypt(const sdk::Secret& password, BytesView salt, PasswordCost cost) {
  const std::uint64_t n = std::uint64_t{1} << cost.log_n;
  // OpenSSL refuses more than 32 MiB unless told; this is what RFC 7914 needs, with a little room.
  const std::uint64_t memory = 128 * std::uint64_t{cost.r} * (n + cost.p + 2) + 65536;
  const std::string_view text = password.expose();
  Bytes hash(hash_size);
  detail::require(EVP_PBE_scrypt(text.data() ? text.data() : "", text.size(), salt.data(), salt.size(), n, cost.r,
                                 cost.p, memory, hash.data(), hash.size()) == 1,
                  "compute scrypt");
  return hash;
}

std::string without_padding(BytesView bytes) {
  std::string text = base64_encode(bytes);
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

std::optional<Bytes> decode_without_padding(std::string_view text) {
  if (text.contains('=')) return std::nullopt;
  std::string padded(text);
  while (padded.size() % 4 != 0) padded += '=';
  return base64_decode(padded);
}

std::optional<unsigned> take_number(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  text.remove_prefix(name.size());
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::optional<Stored> parse(std::string_view text) {
  if (!text.starts_with(scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  const auto log_n = take_number(text, "ln=");
  const auto r = take_number(text, ",r=");
  const auto p = take_number(text, ",p=");
  if (!log_n || !r || !p || !text.starts_with('$')) return std::nullopt;
  text.remove_prefix(1);
  const std::size_t dollar = text.find('$');
  if (dollar == std::string_view::npos) return std::nullopt;
  auto salt = decode_without_padding(text.substr(0, dollar));
  auto hash = decode_without_padding(text.substr(dollar + 1));
  const PasswordCost cost{*log_n, *r, *p};
  if (!salt || !hash || hash->size() != hash_size || !sensible(cost)) return std::nullopt;
  return Stored{cost, std::move(*salt), std::move(*hash)};
}

}  // namespace

std::string hash_password(const sdk::Secret& password, PasswordCost cost) {
  if (!sensible(cost)) throw CryptoError("the cost of a password hash is out of range");
  const Bytes salt = random_bytes(salt_size);
  return std::string(scheme) + "ln=" + std::to_string(cost.log_n) + ",r=" + std::to_string(cost.r) +
         ",p=" + std::to_string(cost.p) + "$" + without_padding(salt) + "$" +
         without_padding(scrypt(password, salt, cost));
}

bool verify_password(const sdk::Secret& password, std::string_view stored) {
  const auto parsed = parse(stored);
  return parsed && equal_constant_time(scrypt(password, parsed->salt, parsed->cost), parsed->hash);
}

bool needs_rehash(std::string_view stored, PasswordCost wanted) {
  const auto parsed = parse(stored);
  return !parsed || parsed->cost != wanted || parsed->salt.size() < salt_size;
}

}  // namespace anahtar::crypto
