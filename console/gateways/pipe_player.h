// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "core/sound_output.h"

namespace anahtar::gateways {

/// Plays through a program that reads the sound from its standard input, so that none of it is ever a file.
class PipePlayer : public core::SoundOutput {
 public:
  /// The program and its arguments; ALSA's player by default.
  explicit PipePlayer(std::vector<std::string> command = {"aplay", "--quiet", "-"}) : command_(std::move(command)) {}
  ~PipePlayer() override;

  core::Result<> start(std::string wav) override;
  void stop() override;
  bool playing() const override { return playing_; }
  bool failed() const override { return failed_; }

 private:
  void end();

  const std::vector<std::string> command_;
  std::mutex mutex_;
  std::atomic<bool> playing_ = false, failed_ = false;
  int process_ = -1;
  std::jthread feeder_;
};

}  // namespace anahtar::gateways
