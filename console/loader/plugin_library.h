// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/plugin.h>

#include <memory>

#include "core/result.h"
#include "loader/plugin_file.h"

namespace anahtar::loader {

/// A loaded library. It stays in the process for good: an exception, a function or a value that came from it may
/// outlive every owner.
class PluginLibrary {
 public:
  /// Loads the private copy with every symbol bound at once. From here on the plugin's code runs.
  static core::Result<std::shared_ptr<PluginLibrary>> load(PluginFile file);
  ~PluginLibrary();

  /// Calls the plugin's `describe`. Whatever it throws becomes a failure.
  core::Result<sdk::Plugin> describe() const;

 private:
  struct Parts;
  explicit PluginLibrary(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace anahtar::loader
