// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include "core/result.h"

namespace anahtar::core {

/// The machine's loudspeaker. One sound at a time. [any]
class SoundOutput {
 public:
  virtual ~SoundOutput() = default;
  /// Begins to play a WAV file that is in memory alone, and returns; ends the one before. Code::unavailable when nothing
  /// can play here.
  virtual Result<> start(std::string wav) = 0;
  virtual void stop() = 0;
  virtual bool playing() const = 0;
  virtual bool failed() const = 0;  ///< the last sound could not be played to its end, and nobody stopped it
};

}  // namespace anahtar::core
