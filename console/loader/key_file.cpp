// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader/key_file.h"

#include <anahtar/sdk/secret.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "crypto/base64.h"

namespace anahtar::loader {
namespace {

using core::Code;
using core::failure;
using core::Result;
using core::tr;
namespace fs = std::filesystem;

constexpr char prefix[] = "ed25519-seed:";

std::unexpected<core::Failure> not_written(const fs::path& file) {
  return failure(Code::unavailable, tr("{1} cannot be written: {2}.", file.string(), std::strerror(errno)));
}

/// Writes a file of its own beside the wanted one; the caller moves it into place.
Result<fs::path> write_beside(const fs::path& wanted, std::string_view content, mode_t mode) {
  std::string temporary = wanted.string() + ".XXXXXX";
  const int file = mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0 || fchmod(file, mode) != 0) return not_written(temporary);
  const bool written = write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  if (close(file) != 0 || !written) return not_written(temporary);
  return fs::path(temporary);
}

Result<crypto::SigningKey> read_key(const fs::path& file) {
  std::string line;
  std::ifstream stream(file);
  std::getline(stream, line);
  const sdk::Secret text(std::move(line));
  if (!text.expose().starts_with(prefix))
    return failure(Code::invalid, tr("{1} holds no signing key. Remove it to have a new one made.", file.string()));
  auto seed = crypto::base64_decode(text.expose().substr(std::strlen(prefix)));
  if (!seed || seed->size() != crypto::Key::length)
    return failure(Code::invalid, tr("{1} holds no signing key. Remove it to have a new one made.", file.string()));
  const crypto::Key key(*seed);
  explicit_bzero(seed->data(), seed->size());
  return crypto::SigningKey::from_seed(key);
}

Result<> make_key(const fs::path& file) {
  const sdk::Secret content(prefix + crypto::base64_encode(crypto::SigningKey::generate().seed().expose()) + "\n");
  const auto temporary = write_beside(file, content.expose(), 0600);
  if (!temporary) return std::unexpected(temporary.error());
  const bool linked = link(temporary->c_str(), file.c_str()) == 0 || errno == EEXIST;  // else somebody was faster
  unlink(temporary->c_str());
  if (!linked) return not_written(file);
  return {};
}

Result<> write_public_key(const fs::path& file, const crypto::PublicKey& key) {
  const auto temporary = write_beside(file, key.text() + "\n", 0644);
  if (!temporary) return std::unexpected(temporary.error());
  if (rename(temporary->c_str(), file.c_str()) != 0) return not_written(file);
  return {};
}

}  // namespace

Result<crypto::SigningKey> signing_key_in(const fs::path& folder) {
  const fs::path private_file = folder / "plugin-signing.key", public_file = folder / "plugin-signing.pub";
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::exists(private_file))
    if (auto made = make_key(private_file); !made) return std::unexpected(made.error());
  auto key = read_key(private_file);
  if (!key) return key;
  if (auto written = write_public_key(public_file, key->public_key()); !written)
    return std::unexpected(written.error());
  return key;
}

}  // namespace anahtar::loader
