// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/card_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/card_key_handle.h"

namespace anahtar::crypto {
namespace {

using PrivateKey = detail::Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = detail::Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Number = detail::Owned<BIGNUM, BN_free>;
using EcdsaSignature = detail::Owned<ECDSA_SIG, ECDSA_SIG_free>;

constexpr std::size_t rsa_size = 256;
constexpr int coordinate_size = 32;

Bytes number(const EVP_PKEY* key, const char* name) {
  BIGNUM* read = nullptr;
  detail::require(EVP_PKEY_get_bn_param(key, name, &read) == 1, "read a public key");
  const Number owned(read);
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(read)));
  BN_bn2bin(read, bytes.data());
  return bytes;
}

Result<Bytes> sign(EVP_PKEY* key, int rsa_padding, BytesView message) {
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  detail::require(context && EVP_PKEY_sign_init(context.get()) == 1, "begin a signature");
  if (rsa_padding) detail::require(EVP_PKEY_CTX_set_rsa_padding(context.get(), rsa_padding) == 1, "choose a padding");
  std::size_t size = 0;
  if (EVP_PKEY_sign(context.get(), nullptr, &size, message.data(), message.size()) != 1)
    return std::unexpected("the key cannot sign that");
  Bytes signature(size);
  if (EVP_PKEY_sign(context.get(), signature.data(), &size, message.data(), message.size()) != 1)
    return std::unexpected("the key cannot sign that");
  signature.resize(size);
  return signature;
}

}  // namespace

CardKey CardKey::generate(Kind kind) {
  auto handle = std::make_shared<Handle>();
  handle->key.reset(kind == Kind::rsa2048 ? EVP_RSA_gen(rsa_size * 8) : EVP_EC_gen("P-256"));
  detail::require(handle->key != nullptr, "make a card's key");
  return {kind, std::move(handle)};
}

Result<CardKey> CardKey::parse(BytesView pkcs8) {
  const unsigned char* at = pkcs8.data();
  auto handle = std::make_shared<Handle>();
  handle->key.reset(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(pkcs8.size())));
  if (!handle->key) return std::unexpected("the private key is malformed");
  if (EVP_PKEY_is_a(handle->key.get(), "RSA") && EVP_PKEY_get_size(handle->key.get()) == rsa_size)
    return CardKey(Kind::rsa2048, std::move(handle));
  if (EVP_PKEY_is_a(handle->key.get(), "EC") && EVP_PKEY_get_bits(handle->key.get()) == coordinate_size * 8)
    return CardKey(Kind::p256, std::move(handle));
  return std::unexpected("the private key is of another kind");
}

sdk::Secret CardKey::pkcs8() const {
  const detail::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(handle_->key.get()));
  detail::require(info != nullptr, "write a private key");
  unsigned char* der = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  detail::require(size > 0, "write a private key");
  sdk::Secret secret(std::string(reinterpret_cast<char*>(der), static_cast<std::size_t>(size)));
  OPENSSL_clear_free(der, static_cast<std::size_t>(size));
  return secret;
}

Bytes CardKey::modulus() const { return number(handle_->key.get(), OSSL_PKEY_PARAM_RSA_N); }
Bytes CardKey::exponent() const { return number(handle_->key.get(), OSSL_PKEY_PARAM_RSA_E); }

Bytes CardKey::point() const {
  Bytes point(1 + 2 * coordinate_size);
  std::size_t size = 0;
  detail::require(EVP_PKEY_get_octet_string_param(handle_->key.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                                  point.size(), &size) == 1 && size == point.size(),
                  "read a public key");
  return point;
}

Result<Bytes> CardKey::raw(BytesView block) const {
  if (kind_ != Kind::rsa2048 || block.size() != rsa_size) return std::unexpected("that is no block for this key");
  return sign(handle_->key.get(), RSA_NO_PADDING, block);
}

Result<Bytes> CardKey::sign_padded(BytesView digest_info) const {
  if (kind_ != Kind::rsa2048) return std::unexpected("that is no RSA key");
  return sign(handle_->key.get(), RSA_PKCS1_PADDING, digest_info);
}

Result<Bytes> CardKey::sign_digest(BytesView digest) const {
  if (kind_ != Kind::p256 || digest.empty()) return std::unexpected("that is no digest for this key");
  return sign(handle_->key.get(), 0, digest.first(std::min<std::size_t>(digest.size(), coordinate_size)));
}

Result<Bytes> CardKey::sign_digest_plain(BytesView digest) const {
  const auto der = sign_digest(digest);
  if (!der) return der;
  const unsigned char* at = der->data();
  const EcdsaSignature pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der->size())));
  Bytes plain(2 * coordinate_size);
  detail::require(pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), plain.data(), coordinate_size) == coordinate_size &&
                      BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), plain.data() + coordinate_size, coordinate_size) ==
                          coordinate_size,
                  "write a signature");
  return plain;
}

}  // namespace anahtar::crypto
