// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/card_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>

#include "crypto/card_key_handle.h"

namespace anahtar::crypto {
namespace {

using PrivateKey = detail::Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = detail::Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Number = detail::Owned<BIGNUM, BN_free>;
using EcdsaSignature = detail::Owned<ECDSA_SIG, ECDSA_SIG_free>;

using Kind = CardKey::Kind;

struct Sort {
  Kind kind;
  int bits;
  const char* curve;  ///< none: RSA
};
constexpr Sort sorts[] = {{Kind::rsa2048, 2048, nullptr}, {Kind::rsa3072, 3072, nullptr}, {Kind::rsa4096, 4096, nullptr},
                          {Kind::p256, 256, "P-256"}, {Kind::p384, 384, "P-384"}};

const Sort& sort_of(Kind kind) { return *std::ranges::find(sorts, kind, &Sort::kind); }

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
  const Sort& sort = sort_of(kind);
  handle->key.reset(sort.curve ? EVP_EC_gen(sort.curve) : EVP_RSA_gen(static_cast<unsigned>(sort.bits)));
  detail::require(handle->key != nullptr, "make a card's key");
  return {kind, std::move(handle)};
}

Result<CardKey> CardKey::parse(BytesView pkcs8) {
  const unsigned char* at = pkcs8.data();
  auto handle = std::make_shared<Handle>();
  handle->key.reset(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(pkcs8.size())));
  if (!handle->key) return std::unexpected("the private key is malformed");
  for (const Sort& sort : sorts)
    if (EVP_PKEY_is_a(handle->key.get(), sort.curve ? "EC" : "RSA") && EVP_PKEY_get_bits(handle->key.get()) == sort.bits)
      return CardKey(sort.kind, std::move(handle));
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

int CardKey::bits() const { return sort_of(kind_).bits; }

Bytes CardKey::modulus() const { return number(handle_->key.get(), OSSL_PKEY_PARAM_RSA_N); }
Bytes CardKey::exponent() const { return number(handle_->key.get(), OSSL_PKEY_PARAM_RSA_E); }

Bytes CardKey::point() const {
  Bytes point(static_cast<std::size_t>(1 + 2 * bits() / 8));
  std::size_t size = 0;
  detail::require(EVP_PKEY_get_octet_string_param(handle_->key.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                                  point.size(), &size) == 1 && size == point.size(),
                  "read a public key");
  return point;
}

Result<Bytes> CardKey::raw(BytesView block) const {
  if (!is_rsa() || block.size() != static_cast<std::size_t>(bits() / 8)) return std::unexpected("that is no block for this key");
  return sign(handle_->key.get(), RSA_NO_PADDING, block);
}

Result<Bytes> CardKey::sign_padded(BytesView digest_info) const {
  if (!is_rsa()) return std::unexpected("that is no RSA key");
  return sign(handle_->key.get(), RSA_PKCS1_PADDING, digest_info);
}

Result<Bytes> CardKey::sign_digest(BytesView digest) const {
  if (is_rsa() || digest.empty()) return std::unexpected("that is no digest for this key");
  return sign(handle_->key.get(), 0, digest.first(std::min<std::size_t>(digest.size(), static_cast<std::size_t>(bits() / 8))));
}

Result<Bytes> CardKey::sign_digest_plain(BytesView digest) const {
  const auto der = sign_digest(digest);
  if (!der) return der;
  const unsigned char* at = der->data();
  const EcdsaSignature pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der->size())));
  const int coordinate_size = bits() / 8;
  Bytes plain(2 * static_cast<std::size_t>(coordinate_size));
  detail::require(pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), plain.data(), coordinate_size) == coordinate_size &&
                      BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), plain.data() + coordinate_size, coordinate_size) ==
                          coordinate_size,
                  "write a signature");
  return plain;
}

}  // namespace anahtar::crypto
