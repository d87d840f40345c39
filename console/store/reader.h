// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include "store/open_database.h"
#include "store/queries.h"

namespace anahtar::store {

/// core::Reader: every question on a session of its own from the pool.
class StoreReader : public Reads<core::Reader> {
 public:
  explicit StoreReader(std::shared_ptr<OpenDatabase> shared) : shared_(std::move(shared)) {}

 protected:
  void ask(const std::function<void(Queries&)>& question) override {
    const auto session = shared_->database.lease();
    Sealer sealer(*session, shared_->keys);
    Queries queries(*session, shared_->keys, sealer);
    question(queries);
  }

 private:
  std::shared_ptr<OpenDatabase> shared_;
};

}  // namespace anahtar::store
