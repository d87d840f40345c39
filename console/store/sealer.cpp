// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sealer.h"

#include "core/result.h"
#include "crypto/aead.h"
#include "crypto/base64.h"
#include "store/session.h"

namespace anahtar::store {
namespace {

using core::Code;
using core::FailureError;
using core::tr;

std::string context_of(const Place& place) {
  std::string context;
  context.reserve(place.table.size() + place.row.size() + place.column.size() + 2);
  return context.append(place.table).append("|").append(place.row).append("|").append(place.column);
}

/// What was opened may be a PUK, or a key.
std::string taken(crypto::Bytes&& opened) {
  std::string text(crypto::text_of(opened));
  if (!opened.empty()) explicit_bzero(opened.data(), opened.size());
  return text;
}

[[noreturn]] void not_intact() {
  throw FailureError({Code::not_intact,
                      tr("A sealed value in the database was changed or moved. Verify the audit log before going on.")});
}

}  // namespace

SiteKeys::SiteKeys(crypto::Key master_key, const crypto::Key& index_key)
    : master(std::move(master_key)),
      blind_index(crypto::derive_key(index_key, "anahtar blind index")),
      keyed_hashes(crypto::derive_key(index_key, "anahtar keyed hash")) {}

std::string Sealer::open(const std::string& owner, const Place& place, std::string_view sealed) {
  if (sealed.empty()) return {};
  const auto bytes = crypto::base64_decode(sealed);
  if (!bytes) not_intact();
  const crypto::Cipher* cipher = find(owner);
  if (!cipher) return {};
  auto opened = cipher->open(*bytes, crypto::view_of(context_of(place)));
  if (!opened) not_intact();
  return taken(std::move(*opened));
}

std::optional<std::string> Sealer::open_bytes(const std::string& owner, std::string_view context,
                                              crypto::BytesView sealed) {
  const crypto::Cipher* cipher = find(owner);
  if (!cipher) return std::nullopt;
  auto opened = cipher->open(sealed, crypto::view_of(context));
  if (!opened) return std::nullopt;
  return taken(std::move(*opened));
}

std::string Sealer::seal(const std::string& owner, const Place& place, std::string_view plaintext) {
  if (plaintext.empty()) return {};
  return crypto::base64_encode(seal_bytes(owner, context_of(place), plaintext));
}

crypto::Bytes Sealer::seal_bytes(const std::string& owner, std::string_view context, std::string_view plaintext) {
  const crypto::Cipher* cipher = find(owner);
  if (!cipher) cipher = &ciphers_.insert_or_assign(owner, crypto::Cipher(make_key(owner))).first->second.value();
  return cipher->seal(crypto::view_of(plaintext), crypto::view_of(context));
}

void Sealer::know(const std::string& owner, const std::optional<std::string>& wrapped) {
  if (ciphers_.contains(owner)) return;
  std::optional<crypto::Cipher>& slot = ciphers_[owner];
  if (const auto key = unwrapped(owner, wrapped)) slot.emplace(*key);
}

std::optional<crypto::Key> Sealer::unwrapped(const std::string& owner, const std::optional<std::string>& wrapped) const {
  if (!wrapped || wrapped->empty()) return {};
  const auto sealed = crypto::base64_decode(*wrapped);
  auto opened = sealed ? crypto::open(site_.master, *sealed, context_of({"sealing_key", owner, "wrapped"}))
                       : std::unexpected(std::string());
  if (!opened || opened->size() != crypto::Key::length) not_intact();
  crypto::Key key{crypto::BytesView(*opened)};
  explicit_bzero(opened->data(), opened->size());
  return key;
}

std::optional<std::string> Sealer::wrapped_key(const std::string& owner) const {
  return session_.scalar("select wrapped from sealing_key where owner = :owner", {owner}).value_or(std::nullopt);
}

const crypto::Cipher* Sealer::find(const std::string& owner) {
  auto known = ciphers_.find(owner);
  if (known == ciphers_.end()) {
    know(owner, wrapped_key(owner));
    known = ciphers_.find(owner);
  }
  return known->second ? &*known->second : nullptr;
}

std::optional<crypto::Key> Sealer::derived_key(const std::string& owner, std::string_view purpose) {
  const auto key = unwrapped(owner, wrapped_key(owner));
  if (!key) return {};
  return crypto::derive_key(*key, purpose);
}

std::string Sealer::wrap(const std::string& owner, const crypto::Key& key) const {
  return crypto::base64_encode(
      crypto::seal(site_.master, key.expose(), crypto::view_of(context_of({"sealing_key", owner, "wrapped"}))));
}

crypto::Key Sealer::make_key(const std::string&) {
  throw FailureError({Code::internal, tr("A reader tried to seal something. This is a defect.")});
}

}  // namespace anahtar::store
