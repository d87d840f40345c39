// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>

#include "core/actions.h"
#include "loader/trusted_keys.h"

namespace anahtar::loader {

/// Loads every `*.so` of a folder, in order of name. A file's bytes are taken once into a private copy; signature,
/// descriptor and ABI stamp are checked on that copy before any of its code runs, and that copy is what is loaded. What
/// is refused is listed with the reason. A missing folder gives an empty catalogue. Never throws for what is in a file.
/// [worker]: runs the plugins' `describe` functions.
core::PluginCatalogue load_plugins(const std::filesystem::path& folder, const TrustedKeys& trusted);

}  // namespace anahtar::loader
