// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "store/device_log.h"
#include "store/open_database.h"
#include "store/unit.h"

namespace anahtar::store {

/// core::Writer: units that wait at the same time share one transaction, one signature, one commit. One thread makes it for
/// all of them. Who is alone makes it for themselves, which spares two changes of thread: half of the time besides the disk.
class StoreWriter : public core::Writer {
 public:
  explicit StoreWriter(std::shared_ptr<OpenDatabase> shared);
  ~StoreWriter() override;

  core::Result<core::Receipt> commit(std::function<core::Result<void>(core::Transaction&)> unit) override;
  std::string device() const override { return device_; }

 private:
  using Answer = core::Result<core::Receipt>;
  struct Waiting {
    std::function<core::Result<void>(core::Transaction&)> unit;
    std::promise<Answer> answer;
  };

  void run();
  std::vector<Answer> commit_together(std::vector<Waiting>& batch);
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
  std::condition_variable wake_;
  std::vector<Waiting> queue_;
  bool committing_ = false;
  bool alone_ = true;  ///< nobody else came while the last commit was made
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace anahtar::store
