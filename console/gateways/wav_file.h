// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/ports.h"

namespace anahtar::gateways {

/// Recordings as telephone systems write them: RIFF WAVE, read by libsndfile. Every sample is read, so that a file which
/// is still being written, was cut, or merely begins like one is told from a whole one. [any]
class WavInspector : public core::SoundInspector {
 public:
  core::Result<core::SoundFacts> inspect(const std::filesystem::path& file, std::int64_t largest) override;
};

}  // namespace anahtar::gateways
