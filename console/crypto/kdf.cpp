// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/kdf.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "crypto/openssl.h"

namespace anahtar::crypto {
namespace {

using KdfContext = detail::Owned<EVP_KDF_CTX, EVP_KDF_CTX_free>;
using DigestContext = detail::Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

EVP_KDF* hkdf() {
  static const detail::Owned<EVP_KDF, EVP_KDF_free> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  detail::require(kdf != nullptr, "provide HKDF");
  return kdf.get();
}

OSSL_PARAM octets(const char* name, BytesView bytes) {
  static std::uint8_t nothing = 0;
  return OSSL_PARAM_construct_octet_string(name, bytes.empty() ? &nothing : const_cast<std::uint8_t*>(bytes.data()),
                                           bytes.size());
}

}  // namespace

Bytes hkdf_sha256(BytesView secret, BytesView salt, BytesView info, std::size_t length) {
  const KdfContext context(EVP_KDF_CTX_new(hkdf()));
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                   octets(OSSL_KDF_PARAM_KEY, secret), octets(OSSL_KDF_PARAM_SALT, salt),
                                   octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  Bytes out(length);
  detail::require(context && EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1, "derive a key");
  return out;
}

Bytes kbkdf_cmac(BytesView key, std::string_view label, BytesView context, std::size_t length) {
  static const detail::Owned<EVP_KDF, EVP_KDF_free> kdf(EVP_KDF_fetch(nullptr, "KBKDF", nullptr));
  detail::require(kdf != nullptr, "provide KBKDF");
  const KdfContext begun(EVP_KDF_CTX_new(kdf.get()));
  char mode[] = "COUNTER", mac[] = "CMAC";
  char cipher[] = "AES-000-CBC";
  const std::string bits = std::to_string(key.size() * 8);
  detail::require(bits.size() == 3, "take a key of an AES length");
  memcpy(cipher + 4, bits.data(), 3);
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_MODE, mode, 0),
                                   OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_MAC, mac, 0),
                                   OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_CIPHER, cipher, 0),
                                   octets(OSSL_KDF_PARAM_KEY, key), octets(OSSL_KDF_PARAM_SALT, view_of(label)),
                                   octets(OSSL_KDF_PARAM_INFO, context), OSSL_PARAM_construct_end()};
  Bytes out(length);
  detail::require(begun && EVP_KDF_derive(begun.get(), out.data(), out.size(), parameters) == 1, "derive a key");
  return out;
}

Key derive_key(const Key& parent, std::string_view purpose) {
  Bytes bytes = hkdf_sha256(parent.expose(), {}, view_of(purpose), Key::length);
  Key key{BytesView(bytes)};
  explicit_bzero(bytes.data(), bytes.size());
  return key;
}

// HMAC is H(key ^ opad ‖ H(key ^ ipad ‖ message)): the two states after the padded key are kept and copied.
struct Mac::State {
  DigestContext inner{EVP_MD_CTX_new()};
  DigestContext outer{EVP_MD_CTX_new()};
};

namespace {

constexpr std::size_t block_size = 64;

void begin_with_padded_key(EVP_MD_CTX* context, const std::array<std::uint8_t, block_size>& key, std::uint8_t pad) {
  std::array<std::uint8_t, block_size> padded;
  for (std::size_t i = 0; i < block_size; ++i) padded[i] = key[i] ^ pad;
  const bool good = context && EVP_DigestInit_ex2(context, EVP_sha256(), nullptr) == 1 &&
                    EVP_DigestUpdate(context, padded.data(), padded.size()) == 1;
  explicit_bzero(padded.data(), padded.size());
  detail::require(good, "begin HMAC");
}

Hash finish_copy(const EVP_MD_CTX* begun, BytesView message) {
  thread_local const DigestContext scratch(EVP_MD_CTX_new());
  Hash hash;
  detail::require(scratch && EVP_MD_CTX_copy_ex(scratch.get(), begun) == 1 &&
                      EVP_DigestUpdate(scratch.get(), message.data(), message.size()) == 1 &&
                      EVP_DigestFinal_ex(scratch.get(), hash.data(), nullptr) == 1,
                  "compute HMAC");
  return hash;
}

}  // namespace

Mac::Mac(BytesView key) : state_(std::make_unique<State>()) {
  std::array<std::uint8_t, block_size> block{};
  if (key.size() > block_size) {
    const Hash hashed = sha256(key);
    memcpy(block.data(), hashed.data(), hashed.size());
  } else if (!key.empty()) {
    memcpy(block.data(), key.data(), key.size());
  }
  begin_with_padded_key(state_->inner.get(), block, 0x36);
  begin_with_padded_key(state_->outer.get(), block, 0x5c);
  explicit_bzero(block.data(), block.size());
}
Mac::Mac(Mac&&) noexcept = default;
Mac& Mac::operator=(Mac&&) noexcept = default;
Mac::~Mac() = default;

Hash Mac::operator()(BytesView message) const {
  const Hash inner = finish_copy(state_->inner.get(), message);
  return finish_copy(state_->outer.get(), inner);
}

}  // namespace anahtar::crypto
