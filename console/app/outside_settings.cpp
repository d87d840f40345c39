// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outside_settings.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

#include "app/paths.h"

namespace anahtar::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digest_length = 16;

std::vector<fs::path> files() {
  std::vector<fs::path> found{gateways_file(), telephone_token_path()};
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(roots_folder(), ignored)) found.push_back(entry.path());
  std::erase_if(found, [&](const fs::path& file) { return !fs::is_regular_file(file, ignored); });
  std::ranges::sort(found);
  return found;
}

std::string digest_of(core::Vault& vault, const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  sdk::Secret content(std::string(std::istreambuf_iterator<char>(in), {}));
  if (!in) return "unreadable";
  return vault.keyed_hash("settings", content).substr(0, digest_length);
}

}  // namespace

fs::path gateways_file() { return own_config_folder() / "gateways.toml"; }
fs::path telephone_token_path() { return own_config_folder() / "telephone.token"; }
fs::path roots_folder() { return own_config_folder() / "roots"; }

std::string outside_settings(core::Vault& vault) {
  std::string line;
  for (const fs::path& file : files())
    line += (line.empty() ? "" : ", ") + file.lexically_relative(own_config_folder()).string() + " " + digest_of(vault, file);
  return line;
}

}  // namespace anahtar::app
