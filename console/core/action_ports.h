// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <vector>

#include "core/civil_questions.h"
#include "core/run_context.h"

/// Private to core: the ports of one run. What they see succeed becomes the run's evidence.
namespace anahtar::core {

class RunRegistryPort : public sdk::RegistryPort {
 public:
  explicit RunRegistryPort(RunContext& run) : run_(run) {}
  sdk::PortalAccount portal_account() override;

 private:
  RunContext& run_;
};

class RunCallPort : public sdk::CallPort {
 public:
  explicit RunCallPort(RunContext& run) : run_(run) {}
  bool from_registered_mobile() override;

 private:
  RunContext& run_;
};

class RunCodesPort : public sdk::CodesPort {
 public:
  explicit RunCodesPort(RunContext& run) : run_(run) {}
  sdk::SentCode send() override;
  sdk::CodeCheck check(const Secret& typed) override;
  int tries_left() override;

 private:
  enum class Delivery { happened, failed, unknown };
  Delivery deliver(const TextMessage& message) const;
  void record(Delivery delivery, const VerificationDesk::Prepared& prepared) const;

  RunContext& run_;
};

class RunCivilRegistryPort : public sdk::CivilRegistryPort {
 public:
  explicit RunCivilRegistryPort(RunContext& run) : run_(run) {}
  std::vector<sdk::RegistryQuestion> draw(std::size_t count) override;
  bool compare(const std::map<std::string, std::string>& answers) override;

 private:
  CivilRecord record_now() const;
  std::vector<const CivilQuestion*> shuffled(const CivilRecord& record) const;
  void count_failure() const;

  RunContext& run_;
  std::vector<const CivilQuestion*> drawn_;  ///< not answered yet
};

}  // namespace anahtar::core
