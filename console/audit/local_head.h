// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "audit/head.h"

namespace anahtar::audit {

/// The newest head that this device committed, kept in a file outside the database, one per site and device: what tells
/// a database that was rolled back. Written after COMMIT and before the caller is told; not fsynced, so after a power
/// cut it may be behind the database, which is normal, but never ahead of it.
struct LocalHead {
  std::uint32_t incarnation = 0;
  std::uint64_t size = 0;
  Hash root{};
  std::string note;  ///< the signed head itself, so that a later incarnation can quote it; may be empty
  friend bool operator==(const LocalHead&, const LocalHead&) = default;
};

LocalHead local_head_of(const SignedHead& head);

/// The file holds two slots written in turn, each with a checksum: a torn write costs one slot, not the head.
/// Every call takes flock() on the file, so the window and the command line share it safely. [any]
class LocalHeadFile {
 public:
  explicit LocalHeadFile(std::filesystem::path path);

  /// Nothing when there is no file yet or it is empty. A failure when the file cannot be read or no slot is whole.
  Result<std::optional<LocalHead>> read() const;

  /// Writes the head unless the file already holds a newer one (greater incarnation, then greater size): forward only.
  Result<void> advance(const LocalHead& head) const;

 private:
  std::filesystem::path path_;
};

enum class HeadRelation {
  equal,
  behind,  ///< the file is behind the database: normal after a power cut, or when another process committed
  ahead,   ///< the file is ahead: the database was rolled back
  forked,  ///< the same size with another root, or the database does not continue what the file knows
};

/// `root_at`, when given, answers the database's root at an earlier size of the same incarnation, and is asked when the
/// file is behind; nothing when it cannot tell.
HeadRelation compare(const LocalHead& local, const TreeHead& database,
                     const std::function<std::optional<Hash>(std::uint64_t size)>& root_at = {});

}  // namespace anahtar::audit
