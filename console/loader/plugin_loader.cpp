// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader/plugin_loader.h"

#include <algorithm>
#include <set>

#include "crypto/base64.h"
#include "crypto/digest.h"
#include "loader/plugin_descriptor.h"
#include "loader/plugin_library.h"
#include "loader/plugin_signature.h"

namespace anahtar::loader {
namespace {

using core::Code;
using core::failure;
using core::LoadedPlugin;
using core::Result;
using core::tr;

std::vector<std::filesystem::path> library_files(const std::filesystem::path& folder, std::error_code& error) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".so") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

bool is_action_id(const std::string& id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

/// What the plugin says it offers, judged on its own.
Result<> check_actions(const sdk::Plugin& plugin) {
  if (plugin.actions.empty()) return failure(Code::invalid, tr("The plugin offers no action."));
  std::set<std::string> ids;
  for (const sdk::Action& action : plugin.actions) {
    if (!is_action_id(action.id)) return failure(Code::invalid, tr("The plugin offers an action without a proper id."));
    if (!action.run) return failure(Code::invalid, tr("The plugin's action {1} has nothing to run.", action.id));
    if (action.title.empty()) return failure(Code::invalid, tr("The plugin's action {1} has no title.", action.id));
    if (!ids.insert(action.id).second)
      return failure(Code::invalid, tr("The plugin offers the action {1} twice.", action.id));
  }
  return {};
}

/// And beside those that are loaded already.
Result<> check_unique(const LoadedPlugin& plugin, const std::vector<LoadedPlugin>& loaded) {
  for (const LoadedPlugin& earlier : loaded) {
    if (earlier.id == plugin.id)
      return failure(Code::conflict, tr("The plugin {1} was already loaded from {2}.", plugin.id, earlier.file));
    for (const sdk::Action& action : plugin.plugin.actions)
      if (std::ranges::find(earlier.plugin.actions, action.id, &sdk::Action::id) != earlier.plugin.actions.end())
        return failure(Code::conflict,
                       tr("The action {1} is already offered by the plugin {2}.", action.id, earlier.id));
  }
  return {};
}

/// No line of the plugin runs before its description, ABI stamp and signature have been found good.
Result<LoadedPlugin> load(const std::filesystem::path& path, const TrustedKeys& trusted) {
  auto file = PluginFile::take(path);
  if (!file) return std::unexpected(file.error());
  const auto description = read_descriptor(file->bytes());
  if (!description) return std::unexpected(description.error());
  if (auto fits = check_signature(file->bytes(), signature_file_of(path), trusted); !fits)
    return std::unexpected(fits.error());
  std::string sha256 = crypto::hex_encode(crypto::sha256(file->bytes()));
  const auto library = PluginLibrary::load(std::move(*file));
  if (!library) return std::unexpected(library.error());
  auto plugin = (*library)->describe();
  if (!plugin) return std::unexpected(plugin.error());
  if (auto good = check_actions(*plugin); !good) return std::unexpected(good.error());
  return LoadedPlugin{description->id, description->version, path.filename().string(), std::move(*plugin), *library, std::move(sha256)};
}

}  // namespace

core::PluginCatalogue load_plugins(const std::filesystem::path& folder, const TrustedKeys& trusted) {
  core::PluginCatalogue catalogue;
  std::error_code error;
  const auto files = library_files(folder, error);
  if (error) catalogue.refused.push_back({folder.string(), tr("The folder of the plugins cannot be read ({1}).", error.message())});
  for (const auto& path : files) {
    auto plugin = load(path, trusted);
    if (plugin)
      if (auto unique = check_unique(*plugin, catalogue.loaded); !unique) plugin = std::unexpected(unique.error());
    if (plugin)
      catalogue.loaded.push_back(std::move(*plugin));
    else
      catalogue.refused.push_back({path.filename().string(), std::move(plugin.error().sentence)});
  }
  return catalogue;
}

}  // namespace anahtar::loader
