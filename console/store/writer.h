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

/// core::Writer: one thread takes all waiting units into one transaction, one signature, one commit. Committing in the
/// thread of a lone caller would be quicker, but leaves copies of what the unit held on that thread's stack.
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
  std::vector<Answer> commit_together(std::vector<Waiting>& waiting);
  Answer run_unit(Waiting& waiting, core::Time now);
  Answer run_guarded(Waiting& waiting, Unit& unit);

  static constexpr std::size_t units_at_most = 256;  ///< in one commit

  std::shared_ptr<OpenDatabase> shared_;
  std::string device_;
  Session session_;
  audit::LocalHeadFile local_head_;
  DeviceLog log_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace anahtar::store
