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

const EVP_CIPHER* algorithm() {
  static const detail::Owned<EVP_CIPHER, EVP_CIPHER_free> cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  detail::require(cipher != nullptr, "provide AES-256-GCM");
  return cipher.get();
}

int checked_size(BytesView bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) throw CryptoError("too long to seal");
  return static_cast<int>(bytes.size());
}

}  // namespace

struct Cipher::Context {
  detail::Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> evp{EVP_CIPHER_CTX_new()};
};

Cipher::Cipher(const Key& key) : context_(std::make_unique<Context>()) {
  detail::require(context_->evp && EVP_EncryptInit_ex2(context_->evp.get(), algorithm(), key.expose().data(), nullptr,
                                                       nullptr) == 1,
                  "make a key ready");
}
Cipher::~Cipher() = default;
Cipher::Cipher(Cipher&&) noexcept = default;
Cipher& Cipher::operator=(Cipher&&) noexcept = default;

Bytes Cipher::seal(BytesView plaintext, BytesView associated_data) const {
  Bytes sealed(nonce_size + plaintext.size() + tag_size);
  fill_random(std::span(sealed).first(nonce_size));
  std::uint8_t* const body = sealed.data() + nonce_size;
  EVP_CIPHER_CTX* const evp = context_->evp.get();
  int written = 0;
  bool good = EVP_EncryptInit_ex2(evp, nullptr, nullptr, sealed.data(), nullptr) == 1 &&
              EVP_EncryptUpdate(evp, nullptr, &written, associated_data.data(), checked_size(associated_data)) == 1;
  if (good && !plaintext.empty())
    good = EVP_EncryptUpdate(evp, body, &written, plaintext.data(), checked_size(plaintext)) == 1;
  good = good && EVP_EncryptFinal_ex(evp, body + plaintext.size(), &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_GET_TAG, tag_size, body + plaintext.size()) == 1;
  detail::require(good, "seal a value");
  return sealed;
}

Result<Bytes> Cipher::open(BytesView sealed, BytesView associated_data) const {
  if (sealed.size() < seal_overhead) return std::unexpected("the sealed value is too short");
  const BytesView body = sealed.subspan(nonce_size, sealed.size() - seal_overhead);
  std::array<std::uint8_t, tag_size> tag;
  memcpy(tag.data(), sealed.data() + sealed.size() - tag_size, tag_size);
  Bytes plaintext(body.size());
  EVP_CIPHER_CTX* const evp = context_->evp.get();
  int written = 0;
  bool good = EVP_DecryptInit_ex2(evp, nullptr, nullptr, sealed.data(), nullptr) == 1 &&
              EVP_DecryptUpdate(evp, nullptr, &written, associated_data.data(), checked_size(associated_data)) == 1;
  if (good && !body.empty())
    good = EVP_DecryptUpdate(evp, plaintext.data(), &written, body.data(), checked_size(body)) == 1;
  detail::require(good && EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1, "open a value");
  if (EVP_DecryptFinal_ex(evp, plaintext.data() + plaintext.size(), &written) == 1) return plaintext;
  if (!plaintext.empty()) explicit_bzero(plaintext.data(), plaintext.size());
  return std::unexpected("the value was not sealed under this key for this place, or was altered");
}

Bytes seal(const Key& key, BytesView plaintext, BytesView associated_data) {
  return Cipher(key).seal(plaintext, associated_data);
}

Result<Bytes> open(const Key& key, BytesView sealed, BytesView associated_data) {
  return Cipher(key).open(sealed, associated_data);
}

}  // namespace anahtar::crypto
