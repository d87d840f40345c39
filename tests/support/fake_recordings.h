// SPDX-License-Identifier: GPL-3.0-or-later
// Where recordings of calls come from and go to, without files and without sound.
#pragma once
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/ports.h"
#include "core/sound_output.h"

namespace anahtar::testing {

struct FakeInspector : core::SoundInspector {
  core::Result<core::SoundFacts> inspect(const std::filesystem::path&, std::int64_t) override {
    if (refusal) return std::unexpected(*refusal);
    return core::SoundFacts{digest, 1000, milliseconds};
  }
  std::optional<core::Failure> refusal;
  std::string digest = "d1";
  std::int64_t milliseconds = 62'500;
};

struct FakeEvidence : core::EvidenceFolder {
  core::Result<Sealed> seal(core::SubscriberId, const std::filesystem::path&, std::int64_t) override {
    const std::string name = sealed_ == 0 ? "sealed" : "sealed " + std::to_string(sealed_);
    ++sealed_;
    files.insert(name);
    return Sealed{name, digest};
  }
  core::Result<> open(core::SubscriberId, const std::string&, const std::string&, const std::filesystem::path& target) override {
    opened.push_back(target);
    return {};
  }
  core::Result<std::string> read(core::SubscriberId, const std::string&, const std::string&) override {
    ++played;
    return "the sound";
  }
  void drop(const std::string& name) override { files.erase(name); }
  int played = 0;
  std::string digest = "d1";
  std::set<std::string> files;
  std::vector<std::filesystem::path> opened;

 private:
  int sealed_ = 0;
};

/// Started by a worker, asked by whoever looks.
class FakeOutput : public core::SoundOutput {
 public:
  core::Result<> start(std::string wav) override {
    const std::lock_guard lock(mutex_);
    heard_ = std::move(wav);
    return {};
  }
  void stop() override {
    const std::lock_guard lock(mutex_);
    heard_.clear();
  }
  bool playing() const override { return !heard().empty(); }
  bool failed() const override { return false; }
  std::string heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  mutable std::mutex mutex_;
  std::string heard_;
};

}  // namespace anahtar::testing
