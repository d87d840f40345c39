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
  const crypto::Key* key = find(owner);
  if (!key) return {};
  const auto opened = crypto::open(*key, *bytes, context_of(place));
  if (!opened) not_intact();
  return std::string(crypto::text_of(*opened));
}

std::optional<std::string> Sealer::open_bytes(const std::string& owner, std::string_view context,
                                              crypto::BytesView sealed) {
  const crypto::Key* key = find(owner);
  if (!key) return std::nullopt;
  const auto opened = crypto::open(*key, sealed, context);
  if (!opened) return std::nullopt;
  return std::string(crypto::text_of(*opened));
}

std::string Sealer::seal(const std::string& owner, const Place& place, std::string_view plaintext) {
  if (plaintext.empty()) return {};
  return crypto::base64_encode(seal_bytes(owner, context_of(place), plaintext));
}

crypto::Bytes Sealer::seal_bytes(const std::string& owner, std::string_view context, std::string_view plaintext) {
  const crypto::Key* key = find(owner);
  if (!key) key = &keys_.insert_or_assign(owner, make_key(owner)).first->second.value();
  return crypto::seal(*key, plaintext, context);
}

void Sealer::know(const std::string& owner, const std::optional<std::string>& wrapped) {
  if (keys_.contains(owner)) return;
  std::optional<crypto::Key>& slot = keys_[owner];
  if (!wrapped || wrapped->empty()) return;
  const auto sealed = crypto::base64_decode(*wrapped);
  const auto opened = sealed ? crypto::open(site_.master, *sealed, context_of({"sealing_key", owner, "wrapped"}))
                             : std::unexpected(std::string());
  if (!opened || opened->size() != crypto::Key::length) not_intact();
  slot.emplace(*opened);
}

const crypto::Key* Sealer::find(const std::string& owner) {
  auto known = keys_.find(owner);
  if (known == keys_.end()) {
    know(owner, session_.scalar("select wrapped from sealing_key where owner = :owner", {owner}).value_or(std::nullopt));
    known = keys_.find(owner);
  }
  return known->second ? &*known->second : nullptr;
}

std::string Sealer::wrap(const std::string& owner, const crypto::Key& key) const {
  return crypto::base64_encode(
      crypto::seal(site_.master, key.expose(), crypto::view_of(context_of({"sealing_key", owner, "wrapped"}))));
}

crypto::Key Sealer::make_key(const std::string&) {
  throw FailureError({Code::internal, tr("A reader tried to seal something. This is a defect.")});
}

}  // namespace anahtar::store
