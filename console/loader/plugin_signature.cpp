// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader/plugin_signature.h"

#include <fstream>
#include <optional>
#include <sstream>

#include "crypto/base64.h"

namespace anahtar::loader {
namespace {

using core::Code;
using core::failure;
using core::tr;

constexpr char first_line[] = "anahtar-plugin-signature 1";

struct Signature {
  std::string key;
  crypto::Bytes bytes;
};

std::optional<std::string> value_of_line(std::istream& text, const std::string& name) {
  std::string line;
  if (!std::getline(text, line) || !line.starts_with(name + " ")) return {};
  return line.substr(name.size() + 1);
}

std::optional<Signature> parse(const std::string& content) {
  std::istringstream text(content);
  std::string line;
  if (!std::getline(text, line) || line != first_line) return {};
  const auto key = value_of_line(text, "key");
  const auto signature = value_of_line(text, "signature");
  if (!key || !signature || text.peek() != std::istringstream::traits_type::eof()) return {};
  auto bytes = crypto::base64_decode(*signature);
  if (!bytes) return {};
  return Signature{*key, std::move(*bytes)};
}

std::optional<std::string> small_file(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return {};  // reading a pipe would wait for its writer
  std::ifstream stream(file, std::ios::binary);
  std::string content(4096, '\0');
  if (!stream) return {};
  stream.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(stream.gcount()));
  return content;
}

}  // namespace

std::filesystem::path signature_file_of(const std::filesystem::path& plugin) { return plugin.string() + ".sig"; }

std::string signature_text(const crypto::SigningKey& key, crypto::BytesView file) {
  return std::string(first_line) + "\nkey " + key_id(key.public_key()) + "\nsignature " +
         crypto::base64_encode(key.sign(file)) + "\n";
}

core::Result<> check_signature(crypto::BytesView file, const std::filesystem::path& signature_file,
                               const TrustedKeys& trusted) {
  std::error_code ignored;
  if (!std::filesystem::exists(signature_file, ignored))
    return failure(Code::refused, tr("The plugin is not signed: {1} is missing.", signature_file.filename().string()));
  const auto content = small_file(signature_file);
  const auto signature = content ? parse(*content) : std::nullopt;
  if (!signature)
    return failure(Code::refused, tr("The plugin's signature {1} cannot be read.", signature_file.filename().string()));
  const auto key = trusted.by_id.find(signature->key);
  if (key == trusted.by_id.end())
    return failure(Code::refused,
                   tr("The plugin is signed with a key that is not trusted here ({1}).", signature->key.substr(0, 32)));
  if (!key->second.verify(file, signature->bytes))
    return failure(Code::refused, tr("The signature does not fit: the file is not the one that was signed."));
  return {};
}

}  // namespace anahtar::loader
