// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>
#include <string>

namespace anahtar::core {

/// Which runs are being worked on at this desk, by whichever of its programs. [any]
class RunLocks {
 public:
  virtual ~RunLocks() = default;
  /// Held until what is given goes, or the program ends, however it does. Null: it could not be held, and nobody will know.
  virtual std::shared_ptr<void> hold(const std::string& run) = 0;
  virtual bool is_held(const std::string& run) const = 0;
};

}  // namespace anahtar::core
