// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "store/device_log.h"
#include "store/open_database.h"
#include "store/unit.h"

namespace anahtar::store {

/// core::Writer: units that wait at the same time share one transaction, one signature, one commit. Whoever finds nobody
/// committing does it for all that wait, which spares the lone caller two changes of thread.
class StoreWriter : public core::Writer {
 public:
  explicit StoreWriter(std::shared_ptr<OpenDatabase> shared);

  core::Result<core::Receipt> commit(std::function<core::Result<void>(core::Transaction&)> unit) override;
  std::string device() const override { return device_; }

 private:
  using Answer = core::Result<core::Receipt>;
  struct Waiting {
    std::function<core::Result<void>(core::Transaction&)> unit;
    std::optional<Answer> answer;
  };

  std::vector<Waiting*> take_batch();
  std::vector<Answer> commit_together(std::span<Waiting* const> batch);
  Answer run_unit(Waiting& waiting, core::Time now);
  Answer run_guarded(Waiting& waiting, Unit& unit);

  static constexpr std::size_t units_at_most = 256;  ///< in one commit

  std::shared_ptr<OpenDatabase> shared_;
  std::string device_;
  // Of whoever is committing:
  Session session_;
  audit::LocalHeadFile local_head_;
  DeviceLog log_;

  std::mutex mutex_;
  std::condition_variable batch_done_;
  std::deque<Waiting*> queue_;
  bool committing_ = false;
};

}  // namespace anahtar::store
