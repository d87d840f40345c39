// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>

namespace anahtar::core {

/// UTC, microseconds: the resolution of the audit log and of every stored time.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

/// What time it is; a test brings its own. [any]
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock : public Clock {
 public:
  Time now() const override { return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()); }
};

}  // namespace anahtar::core
