// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

#include <anahtar/sdk/secret.h>

/// Files that only their owner may read. Failures are thrown as FailureError.
namespace anahtar::store {

/// Makes the folder and its parents; the folder itself is 0700.
void make_private_folder(const std::filesystem::path& folder);

/// Nothing when there is no such file. Refuses a file that others may read or write.
std::optional<sdk::Secret> read_private_file(const std::filesystem::path& file);

/// Replaces the file in one step, 0600, on disk when it returns.
void write_private_file(const std::filesystem::path& file, std::string_view content);

}  // namespace anahtar::store
