// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/aead.h"
#include "crypto/kdf.h"

namespace anahtar::store {

class Session;

/// The site's own keys, as this device unwrapped them. Shared by all threads.
struct SiteKeys {
  explicit SiteKeys(crypto::Key master_key, const crypto::Key& index_key);

  crypto::Key master;        ///< wraps the owners' keys
  crypto::Mac blind_index;   ///< tokens of the blind index
  crypto::Mac keyed_hashes;  ///< Vault::keyed_hash
};

/// Where a sealed value stands; bound to it, so that it cannot be moved elsewhere.
struct Place {
  std::string_view table, row, column;
};

/// Opens what is sealed under the keys of owners, reading each key once in its lifetime, which is that of one query or
/// one unit. An owner whose key was destroyed has nothing any more: its values are empty.
class Sealer {
 public:
  Sealer(Session& session, const SiteKeys& site) : session_(session), site_(site) {}
  virtual ~Sealer() = default;

  /// Empty in, empty out. Throws FailureError(not_intact) when the value was not sealed for this place.
  std::string open(const std::string& owner, const Place& place, std::string_view sealed);
  /// Nothing when the owner's key was destroyed or the bytes were not sealed so.
  std::optional<std::string> open_bytes(const std::string& owner, std::string_view context, crypto::BytesView sealed);

  std::string seal(const std::string& owner, const Place& place, std::string_view plaintext);
  crypto::Bytes seal_bytes(const std::string& owner, std::string_view context, std::string_view plaintext);

  /// A key for one purpose under the owner's; nothing when the owner has no key, or it was destroyed.
  std::optional<crypto::Key> derived_key(const std::string& owner, std::string_view purpose);

  /// The owner's key came along with a row: saves reading it.
  void know(const std::string& owner, const std::optional<std::string>& wrapped);

 protected:
  void keep(const std::string& owner, const crypto::Key& key) { ciphers_.insert_or_assign(owner, crypto::Cipher(key)); }
  std::string wrap(const std::string& owner, const crypto::Key& key) const;
  /// A key for an owner that has none. Only a unit makes keys.
  virtual crypto::Key make_key(const std::string& owner);

 private:
  const crypto::Cipher* find(const std::string& owner);
  std::optional<std::string> wrapped_key(const std::string& owner) const;
  std::optional<crypto::Key> unwrapped(const std::string& owner, const std::optional<std::string>& wrapped) const;

  Session& session_;
  const SiteKeys& site_;
  std::map<std::string, std::optional<crypto::Cipher>> ciphers_;  ///< nothing: the key was destroyed
};

}  // namespace anahtar::store
