// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/approvals.h"
#include "core/recordings.h"

namespace anahtar::core {

/// What the clock brings about and the program itself records, whether somebody looks or not: requests that nobody
/// decided in time, recordings that did not come.
class Housekeeping {
 public:
  /// Both outlive it. Does nothing by itself before `start`.
  Housekeeping(Approvals& approvals, Recordings& recordings) : approvals_(approvals), recordings_(recordings) {}
  ~Housekeeping();
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

  /// Everything that is due. [worker]
  Result<> pass();
  /// From now on a pass every few seconds, on a thread of its own; again is nothing.
  void start();

 private:
  Approvals& approvals_;
  Recordings& recordings_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace anahtar::core
