// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/card_files.h"

#include <algorithm>

namespace anahtar::card::emulated {
namespace {

const Bytes master = {0x3F, 0x00};

Bytes above(Bytes path) {
  if (!path.empty()) path.resize(path.size() - 2);
  return path;
}

}  // namespace

void CardFiles::add_folder(const Bytes& path, const Bytes& name) { folders_[key(path)] = name; }

void CardFiles::to_master() {
  folder_.clear();
  file_.clear();
}

/// A name may be given in part, from the left.
std::optional<Bytes> CardFiles::by_name(const Bytes& name) const {
  for (const auto& [path, own] : folders_)
    if (!name.empty() && own.size() >= name.size() && std::equal(name.begin(), name.end(), own.begin())) return crypto::bytes_of(path);
  return {};
}

std::optional<Bytes> CardFiles::find(const Command& command) const {
  Bytes given = command.data;
  switch (command.p1) {
    case 0x00:
      if (given.empty() || given == master) return Bytes{};
      if (given.size() == 2 && !folder_.empty() && std::equal(given.begin(), given.end(), folder_.end() - 2)) return folder_;
      [[fallthrough]];
    case 0x01:
    case 0x02:
    case 0x09: return folder_ + given;
    case 0x03: return above(folder_);
    case 0x04: return by_name(given);
    case 0x08:
      if (given.size() > 2 && std::equal(master.begin(), master.end(), given.begin())) given.erase(given.begin(), given.begin() + 2);
      return given == master ? Bytes{} : given;
  }
  return {};
}

std::optional<CardFiles::Selected> CardFiles::select(const Command& command) {
  const auto path = find(command);
  if (!path) return {};
  const auto id = path->empty() ? std::uint16_t{0x3F00}
                                : static_cast<std::uint16_t>((*path)[path->size() - 2] << 8 | path->back());
  if (const auto folder = folders_.find(key(*path)); folder != folders_.end() && command.p1 != 0x02) {
    folder_ = *path;
    file_.clear();
    return Selected{true, id, 0, folder->second};
  }
  if (const auto file = files_.find(key(*path)); file != files_.end() && command.p1 != 0x01) {
    folder_ = above(*path);
    file_ = *path;
    return Selected{false, id, file->second.size(), {}};
  }
  return {};
}

Reply CardFiles::read(const Command& command) const {
  const auto file = files_.find(key(file_));
  if (file_.empty() || file == files_.end()) return std::uint16_t{0x6986};
  if ((command.p1 & 0x80) != 0) return sw::wrong_p1p2;
  const std::size_t offset = command.p1p2(), size = file->second.size();
  if (offset > size || (offset == size && size > 0)) return sw::bad_offset;
  const auto begin = file->second.begin() + static_cast<std::ptrdiff_t>(offset);
  return Bytes(begin, begin + static_cast<std::ptrdiff_t>(std::min(command.expected, size - offset)));
}

}  // namespace anahtar::card::emulated
