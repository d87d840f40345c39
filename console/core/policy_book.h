// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <map>
#include <mutex>
#include <string>

#include "core/policy.h"
#include "core/ports.h"

namespace anahtar::core {

/// Which policy is in force: the newest version in the database, else the one it was made with. Every unit asks again, so
/// that a new version counts from the commit that brought it, in every process; a version is parsed once. [any]
class PolicyBook {
 public:
  /// `defaults` outlives the book.
  explicit PolicyBook(const Policy& defaults) : newest_(&defaults), defaults_(defaults) {}

  /// Valid as long as the book. Throws FailureError when the stored text is no policy.
  const Policy& in_force(Reader& now);
  /// The one that was in force when it was last asked for.
  const Policy& last_seen() const { return *newest_; }

 private:
  std::mutex mutex_;
  std::map<std::string, Policy> versions_;  ///< by SHA-256; none ever goes, so that references stay good
  std::atomic<const Policy*> newest_;
  const Policy& defaults_;
};

}  // namespace anahtar::core
