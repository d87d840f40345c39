// SPDX-License-Identifier: GPL-3.0-or-later
// anahtar-sign KEY_FOLDER PLUGIN.so...: signs plugins with the key in the folder, which is made when there is none.
#include <cstdio>
#include <exception>
#include <fstream>

#include "loader/key_file.h"
#include "loader/plugin_file.h"
#include "loader/plugin_signature.h"

namespace {

using namespace anahtar;

core::Result<> sign(const crypto::SigningKey& key, const std::filesystem::path& plugin) {
  const auto file = loader::PluginFile::take(plugin);
  if (!file) return std::unexpected(file.error());
  std::ofstream out(loader::signature_file_of(plugin), std::ios::binary | std::ios::trunc);
  out << loader::signature_text(key, file->bytes());
  if (!out.flush())
    return core::failure(core::Code::unavailable, core::tr("The signature of {1} cannot be written.", plugin.string()));
  return {};
}

core::Result<> sign_all(const std::filesystem::path& key_folder, char** begin, char** end) {
  const auto key = loader::signing_key_in(key_folder);
  if (!key) return std::unexpected(key.error());
  for (char** plugin = begin; plugin != end; ++plugin)
    if (auto signed_ = sign(*key, *plugin); !signed_) return signed_;
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fputs("usage: anahtar-sign KEY_FOLDER PLUGIN.so...\n", stderr);
    return 2;
  }
  try {
    const auto done = sign_all(arguments[1], arguments + 2, arguments + count);
    if (done) return 0;
    std::fprintf(stderr, "anahtar-sign: %s\n", sdk::fill(done.error().sentence.id, done.error().sentence.args).c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "anahtar-sign: %s\n", error.what());
  }
  return 1;
}
