// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <string>

#include <anahtar/sdk/secret.h>

#include "core/result.h"

namespace anahtar::app {

/// $XDG_CONFIG_HOME or ~/.config: keys lie below it.
std::filesystem::path config_folder();
/// `anahtar` below the configuration folder.
std::filesystem::path own_config_folder();
/// Where sockets go: $XDG_RUNTIME_DIR/anahtar, else a folder `run` beside the keys. Not made here.
std::filesystem::path runtime_folder();

/// What the caller asked for, else ANAHTAR_DATABASE, else sqlite:// below $XDG_DATA_HOME (~/.local/share).
std::string database_url(const std::string& asked);
/// The file of a sqlite URL; empty for another.
std::filesystem::path database_file(const std::string& url);
/// What a status bar says of a database: "demo.db".
std::string database_label(const std::string& url);

/// Another program of ours, in the folder of this one.
std::filesystem::path program_beside(const std::string& name);

/// What is shipped with the program, in the build folder as well as installed.
std::filesystem::path plugin_folder();
/// The public keys whose plugins are trusted.
std::filesystem::path plugin_keys_folder();
std::filesystem::path catalogue_folder();
std::filesystem::path themes_folder();

/// Makes the folder and those above it, closed to others (0700).
core::Result<> make_private_folder(const std::filesystem::path& folder);
/// Replaces the file by one that only its owner may read (0600), whole or not at all.
core::Result<> write_private_file(const std::filesystem::path& file, std::string_view text);
/// A file that nobody else may read, without its last line end. A failure says what is wrong with it.
core::Result<sdk::Secret> read_private_file(const std::filesystem::path& file);

}  // namespace anahtar::app
