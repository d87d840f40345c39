// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/digest.h"

// Through EVP, beginning and ending a digest costs as much as hashing 200 bytes, which is most of an entry or a node of
// the Merkle tree, and a log has millions of both. The functions below are those that EVP calls.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "crypto/openssl.h"

namespace anahtar::crypto {
namespace {

void add(SHA256_CTX& context, BytesView part) {
  detail::require(SHA256_Update(&context, part.data(), part.size()) == 1, "continue SHA-256");
}

template <class... Parts>
Hash digest_of(const Parts&... parts) {
  SHA256_CTX context;
  SHA256_Init(&context);
  (add(context, parts), ...);
  Hash hash;
  detail::require(SHA256_Final(hash.data(), &context) == 1, "end SHA-256");  // wipes what the context holds of the parts
  return hash;
}

}  // namespace

Hash sha256(BytesView part) { return digest_of(part); }
Hash sha256(BytesView first, BytesView second) { return digest_of(first, second); }
Hash sha256(BytesView first, BytesView second, BytesView third) { return digest_of(first, second, third); }

Hash sha256(std::initializer_list<BytesView> parts) {
  Sha256 whole;
  for (BytesView part : parts) whole.update(part);
  return whole.finish();
}

struct Sha256::State {
  State() { SHA256_Init(&context); }
  ~State() { explicit_bzero(&context, sizeof context); }
  SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(BytesView piece) {
  add(state_->context, piece);
  return *this;
}

Hash Sha256::finish() {
  Hash hash;
  detail::require(SHA256_Final(hash.data(), &state_->context) == 1, "end SHA-256");
  SHA256_Init(&state_->context);
  return hash;
}

}  // namespace anahtar::crypto
