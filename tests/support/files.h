// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace anahtar::testing {

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

/// The files in and below `folder` that hold these bytes somewhere.
inline std::vector<std::filesystem::path> files_that_hold(std::string_view bytes, const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && content_of(entry.path()).find(bytes) != std::string::npos) found.push_back(entry.path());
  return found;
}

}  // namespace anahtar::testing
