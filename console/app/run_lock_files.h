// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>

#include "core/run_locks.h"

namespace anahtar::app {

/// A file for each run in a folder of the site, locked by the program that is at it: the system lets go of it with the program.
class RunLockFiles : public core::RunLocks {
 public:
  /// The folder is made when it is needed.
  explicit RunLockFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::shared_ptr<void> hold(const std::string& run) override;
  bool is_held(const std::string& run) const override;

 private:
  const std::filesystem::path folder_;
};

}  // namespace anahtar::app
