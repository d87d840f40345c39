// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>

#include "core/result.h"
#include "crypto/bytes.h"

namespace anahtar::loader {

/// A private copy of a plugin's file in sealed memory (memfd_create(2)): what is checked is what is loaded, whatever
/// happens to the file on disk meanwhile, and nobody can change the copy, not even this process.
class PluginFile {
 public:
  static core::Result<PluginFile> take(const std::filesystem::path& file);

  PluginFile(PluginFile&& other) noexcept;
  PluginFile& operator=(PluginFile&&) = delete;
  ~PluginFile();

  crypto::BytesView bytes() const { return bytes_; }
  /// A name by which the dynamic linker finds the copy while this object lives.
  std::filesystem::path path() const;

 private:
  explicit PluginFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
  crypto::Bytes bytes_;
};

}  // namespace anahtar::loader
