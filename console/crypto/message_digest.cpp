// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/message_digest.h"

#include <openssl/evp.h>

#include "crypto/openssl.h"

namespace anahtar::crypto {

struct MessageDigest::State {
  detail::Owned<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
};

MessageDigest::MessageDigest(Kind kind) : state_(std::make_unique<State>()) {
  const EVP_MD* const function = kind == Kind::sha512 ? EVP_sha512() : EVP_sha256();
  detail::require(state_->context && EVP_DigestInit_ex(state_->context.get(), function, nullptr) == 1, "begin a digest");
}

MessageDigest::~MessageDigest() = default;

void MessageDigest::update(BytesView piece) {
  detail::require(EVP_DigestUpdate(state_->context.get(), piece.data(), piece.size()) == 1, "continue a digest");
}

Bytes MessageDigest::finish() {
  Bytes digest(static_cast<std::size_t>(EVP_MD_CTX_get_size(state_->context.get())));
  detail::require(EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr) == 1, "end a digest");
  return digest;
}

}  // namespace anahtar::crypto
