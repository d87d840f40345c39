// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>

#include "card/emulated/command.h"

namespace anahtar::card::emulated {

/// The files of an ISO 7816-4 card: a tree of folders with transparent files. Paths are file identifiers in a row,
/// without the master file's 3F00.
class CardFiles {
 public:
  /// The folder above must be there.
  void add_folder(const Bytes& path, const Bytes& name = {});
  void put(const Bytes& path, Bytes content) { files_[key(path)] = std::move(content); }

  struct Selected {
    bool folder = true;
    std::uint16_t id = 0x3F00;
    std::size_t size = 0;
    Bytes name;
  };
  /// SELECT (§11.1.1): P1 00, 01, 02, 03, 04, 08 and 09. What cannot be found changes nothing.
  std::optional<Selected> select(const Command& command);
  /// READ BINARY (§11.2.3) of the file that is selected.
  Reply read(const Command& command) const;
  /// The file that is selected; empty for a folder.
  const Bytes& current() const { return file_; }
  void to_master();

 private:
  static std::string key(const Bytes& path) { return std::string(crypto::text_of(path)); }
  std::optional<Bytes> find(const Command& command) const;
  std::optional<Bytes> by_name(const Bytes& name) const;

  std::map<std::string, Bytes> folders_{{"", {}}};  ///< path and name
  std::map<std::string, Bytes> files_;
  Bytes folder_, file_;
};

}  // namespace anahtar::card::emulated
