// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "crypto/signature.h"

namespace anahtar::loader {

/// The keys whose plugins the administrator trusts, by key id.
struct TrustedKeys {
  std::map<std::string, crypto::PublicKey> by_id;
  std::vector<core::Text> problems;  ///< files that hold no key: they are passed over, and say so here
};

/// Reads every `*.pub` of a folder: one line, "ed25519:<base64>". A missing folder holds no keys.
TrustedKeys read_trusted_keys(const std::filesystem::path& folder);

/// The first 16 hex digits of the SHA-256 of the key's text.
std::string key_id(const crypto::PublicKey& key);

}  // namespace anahtar::loader
