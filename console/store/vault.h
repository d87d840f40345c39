// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "core/ports.h"
#include "store/open_database.h"

namespace anahtar::store {

/// core::Vault over crypto and the site's keys.
class StoreVault : public core::Vault {
 public:
  explicit StoreVault(std::shared_ptr<OpenDatabase> shared) : shared_(std::move(shared)) {}

  std::string random_id() override;
  std::uint32_t random_below(std::uint32_t bound) override;
  core::Secret random_digits(std::size_t count) override;
  std::string hash_password(const core::Secret& password) override;
  bool password_matches(const core::Secret& password, const std::string& hash) override;
  std::string keyed_hash(std::string_view context, const core::Secret& value) override;
  std::string sha256(std::string_view bytes) override;

 private:
  std::shared_ptr<OpenDatabase> shared_;
};

}  // namespace anahtar::store
