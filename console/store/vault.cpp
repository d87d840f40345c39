// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/vault.h"

#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/password.h"
#include "crypto/random.h"

namespace anahtar::store {

std::string StoreVault::random_id() { return crypto::random_id(); }
std::uint32_t StoreVault::random_below(std::uint32_t bound) {
  return static_cast<std::uint32_t>(crypto::random_below(bound));
}
core::Secret StoreVault::random_digits(std::size_t count) { return crypto::random_digits(count); }
std::string StoreVault::hash_password(const core::Secret& password) { return crypto::hash_password(password); }
bool StoreVault::password_matches(const core::Secret& password, const std::string& hash) {
  return crypto::verify_password(password, hash);
}

std::string StoreVault::sha256(std::string_view bytes) {
  return crypto::hex_encode(crypto::sha256(crypto::view_of(bytes)));
}

std::string StoreVault::keyed_hash(std::string_view context, const core::Secret& value) {
  // The context's length comes first, so that no pair of context and value reads like another pair.
  std::string message = std::to_string(context.size()) + "|" + std::string(context) + "|";
  message.reserve(message.size() + value.size());
  message += value.expose();
  const core::Secret wiped(std::move(message));
  return crypto::hex_encode(shared_->keys.keyed_hashes(wiped.expose()));
}

}  // namespace anahtar::store
