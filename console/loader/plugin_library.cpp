// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader/plugin_library.h"

#include <boost/dll/shared_library.hpp>
#include <mutex>
#include <vector>

namespace anahtar::loader {

using core::Code;
using core::failure;
using core::Result;
using core::tr;

/// The file stays open with the library: its name is made of the descriptor's number, and the dynamic linker would take
/// a second file under the same name for the first.
struct PluginLibrary::Parts {
  PluginFile file;
  boost::dll::shared_library library;
};

namespace {

void keep_for_good(std::shared_ptr<PluginLibrary> library) {
  static std::mutex mutex;
  static auto* const kept = new std::vector<std::shared_ptr<PluginLibrary>>;  // outlives every static destructor
  const std::lock_guard lock(mutex);
  kept->push_back(std::move(library));
}

}  // namespace

PluginLibrary::PluginLibrary(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PluginLibrary::~PluginLibrary() = default;

Result<std::shared_ptr<PluginLibrary>> PluginLibrary::load(PluginFile file) {
  namespace dll = boost::dll;
  auto parts = std::make_unique<Parts>(Parts{std::move(file), {}});
  try {
    parts->library.load(parts->file.path(), dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  } catch (const std::exception& cause) {
    return failure(Code::invalid, tr("The plugin cannot be loaded: {1}", cause.what()));
  }
  std::shared_ptr<PluginLibrary> library(new PluginLibrary(std::move(parts)));
  keep_for_good(library);
  if (!library->parts_->library.has(sdk::describe_symbol))
    return failure(Code::invalid, tr("The plugin does not export {1}.", sdk::describe_symbol));
  return library;
}

Result<sdk::Plugin> PluginLibrary::describe() const {
  try {
    sdk::Plugin plugin;
    parts_->library.get<void(sdk::Plugin&)>(sdk::describe_symbol)(plugin);
    return plugin;
  } catch (const std::exception& error) {
    return failure(Code::invalid, tr("The plugin failed while it described itself: {1}", error.what()));
  } catch (...) {
    return failure(Code::invalid, tr("The plugin failed while it described itself."));
  }
}

}  // namespace anahtar::loader
