// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader/trusted_keys.h"

#include <algorithm>
#include <fstream>

#include "crypto/base64.h"
#include "crypto/digest.h"

namespace anahtar::loader {
namespace {

std::vector<std::filesystem::path> public_key_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".pub") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::string key_id(const crypto::PublicKey& key) {
  const crypto::Hash digest = crypto::sha256(crypto::view_of(key.text()));
  return crypto::hex_encode(crypto::BytesView(digest).first(8));
}

TrustedKeys read_trusted_keys(const std::filesystem::path& folder) {
  TrustedKeys keys;
  for (const auto& file : public_key_files(folder)) {
    std::string line;
    std::ifstream stream(file);
    std::getline(stream, line);
    if (auto key = crypto::PublicKey::parse(line))
      keys.by_id.emplace(key_id(*key), std::move(*key));
    else
      keys.problems.push_back(core::tr("{1} holds no public key; it is passed over.", file.filename().string()));
  }
  return keys;
}

}  // namespace anahtar::loader
