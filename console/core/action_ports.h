// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <vector>

#include "core/call_backs.h"
#include "core/civil_questions.h"
#include "core/run_context.h"

/// Private to core: the ports of one run. What they see succeed becomes the run's evidence.
namespace anahtar::core {

class RunRegistryPort : public sdk::RegistryPort {
 public:
  explicit RunRegistryPort(RunContext& run) : run_(run) {}
  sdk::PortalAccount portal_account() override;
  bool reset_clears_block() override;

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
  RunContext& run_;
};

class RunCivilRegistryPort : public sdk::CivilRegistryPort {
 public:
  explicit RunCivilRegistryPort(RunContext& run) : run_(run) {}
  std::vector<sdk::RegistryQuestion> draw(std::size_t count) override;
  bool compare(const std::map<std::string, std::string>& answers) override;

 private:
  CivilRecord record_in(Reader& now) const;
  std::vector<const CivilQuestion*> shuffled(const CivilRecord& record) const;
  void confirm() const;
  void record_answer(const char* answer) const;

  RunContext& run_;
  std::vector<const CivilQuestion*> drawn_;  ///< not answered yet
};

/// Its codes live and die with the run: they prove nothing outside of it.
class RunNewNumberPort : public sdk::NewNumberPort {
 public:
  explicit RunNewNumberPort(RunContext& run) : run_(run) {}
  std::optional<std::string> normalised(const std::string& typed) override;
  sdk::SentCode send(const std::string& number) override;
  sdk::CodeCheck check(const Secret& typed) override;
  int tries_left() override { return tries_left_; }

 private:
  const MethodPolicy& code_policy() const;
  std::string hash_of(const Secret& code) const;
  std::string queue(Secret body);
  bool is_registered(const std::string& number) const;
  void record(const char* type) const;

  RunContext& run_;
  std::string number_, keyed_hash_;
  Time expires_{};
  int tries_left_ = 0, codes_sent_ = 0;
};

class RunPreviousNumberPort : public sdk::PreviousNumberPort {
 public:
  explicit RunPreviousNumberPort(RunContext& run) : run_(run) {}
  std::string masked() override;
  bool calling() override;

 private:
  RunContext& run_;
};

class RunIdentityDocumentPort : public sdk::IdentityDocumentPort {
 public:
  explicit RunIdentityDocumentPort(RunContext& run) : run_(run) {}
  bool seen(const std::string& number) override;

 private:
  RunContext& run_;
};

class RunCallPinPort : public sdk::CallPinPort {
 public:
  explicit RunCallPinPort(RunContext& run) : run_(run) {}
  Text choose(const Secret& pin) override;
  sdk::CodeCheck check(const Secret& given) override;
  int tries_left() override;

 private:
  RunContext& run_;
};

class RunCallBackPort : public sdk::CallBackPort {
 public:
  explicit RunCallBackPort(RunContext& run)
      : run_(run), calls_(run.parts.reader, run.parts.writer, run.parts.vault, run.parts.verification, run.parts.clock) {}
  sdk::PlacedCall dial() override;
  sdk::CallBackCheck confirm() override;
  void not_the_holder() override;

 private:
  RunContext& run_;
  CallBacks calls_;
};

}  // namespace anahtar::core
