// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/signature.h"

#include <openssl/evp.h>

#include "crypto/base64.h"
#include "crypto/openssl.h"

namespace anahtar::crypto {
namespace {

using PrivateKey = detail::Owned<EVP_PKEY, EVP_PKEY_free>;
using Context = detail::Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

constexpr std::string_view ed25519_prefix = "ed25519:";
constexpr std::size_t ed25519_public_size = 32;
constexpr std::size_t ed25519_signature_size = 64;

Bytes raw_public(EVP_PKEY* key) {
  Bytes bytes(ed25519_public_size);
  std::size_t size = bytes.size();
  detail::require(EVP_PKEY_get_raw_public_key(key, bytes.data(), &size) == 1 && size == bytes.size(),
                  "read a public key");
  return bytes;
}

}  // namespace

bool PublicKey::verify(BytesView message, BytesView signature) const {
  if (!known_algorithm() || bytes.size() != ed25519_public_size || signature.size() != ed25519_signature_size)
    return false;
  const PrivateKey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()));
  const Context context(EVP_MD_CTX_new());
  return key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

std::string PublicKey::text() const {
  if (!known_algorithm()) throw CryptoError("a key of an unknown algorithm has no text");
  return std::string(ed25519_prefix) + base64_encode(bytes);
}

Result<PublicKey> PublicKey::parse(std::string_view text) {
  if (!text.starts_with(ed25519_prefix)) return std::unexpected("the algorithm of the public key is unknown");
  auto bytes = base64_decode(text.substr(ed25519_prefix.size()));
  if (!bytes || bytes->size() != ed25519_public_size) return std::unexpected("the public key is malformed");
  return PublicKey{SignatureAlgorithm::ed25519, std::move(*bytes)};
}

struct SigningKey::Handle {
  PrivateKey key;
};

SigningKey::SigningKey(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {
  detail::require(handle_->key != nullptr, "make a signing key");
  public_.bytes = raw_public(handle_->key.get());
}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

SigningKey SigningKey::generate() { return from_seed(Key::random()); }

SigningKey SigningKey::from_seed(const Key& seed) {
  const BytesView bytes = seed.expose();
  auto handle = std::make_unique<Handle>();
  handle->key.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()));
  return SigningKey(std::move(handle));
}

Key SigningKey::seed() const {
  std::array<std::uint8_t, Key::length> bytes;
  std::size_t size = bytes.size();
  detail::require(EVP_PKEY_get_raw_private_key(handle_->key.get(), bytes.data(), &size) == 1, "read a signing key");
  Key seed{BytesView(bytes)};
  explicit_bzero(bytes.data(), bytes.size());
  return seed;
}

Bytes SigningKey::sign(BytesView message) const {
  const Context context(EVP_MD_CTX_new());
  Bytes signature(ed25519_signature_size);
  std::size_t size = signature.size();
  detail::require(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_->key.get()) == 1 &&
                      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1,
                  "sign");
  return signature;
}

}  // namespace anahtar::crypto
