// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/aead.h"

#include <openssl/evp.h>

#include <limits>

#include "crypto/openssl.h"
#include "crypto/random.h"

namespace anahtar::crypto {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

using Context = detail::Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

const EVP_CIPHER* algorithm() {
  static const detail::Owned<EVP_CIPHER, EVP_CIPHER_free> cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  detail::require(cipher != nullptr, "provide AES-256-GCM");
  return cipher.get();
}

EVP_CIPHER_CTX* scratch() {
  thread_local const Context context(EVP_CIPHER_CTX_new());
  detail::require(context != nullptr, "make a cipher context");
  return context.get();
}

// The context outlives the call, its copy of the key must not.
struct Wiped {
  EVP_CIPHER_CTX* context;
  ~Wiped() { EVP_CIPHER_CTX_reset(context); }
};

int checked_size(BytesView bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) throw CryptoError("too long to seal");
  return static_cast<int>(bytes.size());
}

}  // namespace

Bytes seal(const Key& key, BytesView plaintext, BytesView associated_data) {
  Bytes sealed(nonce_size + plaintext.size() + tag_size);
  fill_random(std::span(sealed).first(nonce_size));
  std::uint8_t* const body = sealed.data() + nonce_size;
  const Wiped wiped{scratch()};
  int written = 0;
  bool good =
      EVP_EncryptInit_ex2(wiped.context, algorithm(), key.expose().data(), sealed.data(), nullptr) == 1 &&
      EVP_EncryptUpdate(wiped.context, nullptr, &written, associated_data.data(), checked_size(associated_data)) == 1;
  if (good && !plaintext.empty())
    good = EVP_EncryptUpdate(wiped.context, body, &written, plaintext.data(), checked_size(plaintext)) == 1;
  good = good && EVP_EncryptFinal_ex(wiped.context, body + plaintext.size(), &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(wiped.context, EVP_CTRL_AEAD_GET_TAG, tag_size, body + plaintext.size()) == 1;
  detail::require(good, "seal a value");
  return sealed;
}

Result<Bytes> open(const Key& key, BytesView sealed, BytesView associated_data) {
  if (sealed.size() < seal_overhead) return std::unexpected("the sealed value is too short");
  const BytesView body = sealed.subspan(nonce_size, sealed.size() - seal_overhead);
  std::array<std::uint8_t, tag_size> tag;
  memcpy(tag.data(), sealed.data() + sealed.size() - tag_size, tag_size);
  Bytes plaintext(body.size());
  const Wiped wiped{scratch()};
  int written = 0;
  bool good =
      EVP_DecryptInit_ex2(wiped.context, algorithm(), key.expose().data(), sealed.data(), nullptr) == 1 &&
      EVP_DecryptUpdate(wiped.context, nullptr, &written, associated_data.data(), checked_size(associated_data)) == 1;
  if (good && !body.empty())
    good = EVP_DecryptUpdate(wiped.context, plaintext.data(), &written, body.data(), checked_size(body)) == 1;
  detail::require(good && EVP_CIPHER_CTX_ctrl(wiped.context, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1,
                  "open a value");
  if (EVP_DecryptFinal_ex(wiped.context, plaintext.data() + plaintext.size(), &written) == 1) return plaintext;
  if (!plaintext.empty()) explicit_bzero(plaintext.data(), plaintext.size());
  return std::unexpected("the value was not sealed under this key for this place, or was altered");
}

}  // namespace anahtar::crypto
