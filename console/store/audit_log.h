// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "core/ports.h"
#include "store/open_database.h"

namespace anahtar::store {

/// core::AuditLog over the database.
class StoreAuditLog : public core::AuditLog {
 public:
  explicit StoreAuditLog(std::shared_ptr<OpenDatabase> shared) : shared_(std::move(shared)) {}

  std::vector<core::AuditRow> list(const core::AuditFilter& filter) override;
  std::int64_t count(const core::AuditFilter& filter) override;
  core::AuditReport verify(const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                           std::stop_token stop) override;

 private:
  std::shared_ptr<OpenDatabase> shared_;
};

/// What `verify_site` does, for a file. Throws FailureError when the file cannot be read.
core::AuditReport verify_file(const std::filesystem::path& file, const std::filesystem::path& config_folder,
                              const std::function<void(std::uint64_t, std::uint64_t)>& progress, std::stop_token stop);

}  // namespace anahtar::store
