// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/housekeeping.h"

namespace anahtar::core {
namespace {

constexpr std::chrono::seconds pause{5};

}  // namespace

Housekeeping::~Housekeeping() = default;

Result<> Housekeeping::pass() {
  const auto expired = approvals_.expire_due();
  const auto marked = recordings_.mark_missing();
  return expired ? marked : expired;
}

void Housekeeping::start() {
  const std::lock_guard lock(mutex_);
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      try {
        (void)pass();  // what could not be recorded is still due at the next one
      } catch (...) {
      }
      std::unique_lock waiting(mutex_);
      stopped_.wait_for(waiting, stop, pause, [] { return false; });
    }
  });
}

}  // namespace anahtar::core
