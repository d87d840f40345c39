// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/digest.h"

#include <openssl/evp.h>

#include "crypto/openssl.h"

namespace anahtar::crypto {
namespace {

using Context = detail::Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

const EVP_MD* algorithm() {
  static const detail::Owned<EVP_MD, EVP_MD_free> md(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  detail::require(md != nullptr, "provide SHA-256");
  return md.get();
}

Context new_context() {
  Context context(EVP_MD_CTX_new());
  detail::require(context && EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) == 1, "begin SHA-256");
  return context;
}

// Fetching the algorithm and making a context cost more than hashing an entry: both are done once per thread.
EVP_MD_CTX* begin() {
  thread_local const Context context = new_context();
  detail::require(EVP_DigestInit_ex2(context.get(), nullptr, nullptr) == 1, "begin SHA-256");
  return context.get();
}

void add(EVP_MD_CTX* context, BytesView part) {
  detail::require(EVP_DigestUpdate(context, part.data(), part.size()) == 1, "continue SHA-256");
}

Hash end(EVP_MD_CTX* context) {
  Hash hash;
  detail::require(EVP_DigestFinal_ex(context, hash.data(), nullptr) == 1, "end SHA-256");
  return hash;
}

}  // namespace

Hash sha256(BytesView part) {
  EVP_MD_CTX* context = begin();
  add(context, part);
  return end(context);
}

Hash sha256(BytesView first, BytesView second) {
  EVP_MD_CTX* context = begin();
  add(context, first);
  add(context, second);
  return end(context);
}

Hash sha256(BytesView first, BytesView second, BytesView third) {
  EVP_MD_CTX* context = begin();
  add(context, first);
  add(context, second);
  add(context, third);
  return end(context);
}

Hash sha256(std::initializer_list<BytesView> parts) {
  EVP_MD_CTX* context = begin();
  for (BytesView part : parts) add(context, part);
  return end(context);
}

struct Sha256::State {
  Context context = new_context();
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(BytesView piece) {
  add(state_->context.get(), piece);
  return *this;
}

Hash Sha256::finish() {
  const Hash hash = end(state_->context.get());
  detail::require(EVP_DigestInit_ex2(state_->context.get(), nullptr, nullptr) == 1, "begin SHA-256");
  return hash;
}

}  // namespace anahtar::crypto
