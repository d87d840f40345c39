// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/action_rules.h"
#include "core/actions.h"
#include "core/effects.h"
#include "core/run_context.h"

/// Private to core: one run, from its recorded start to its recorded end.
namespace anahtar::core {

/// How the plugin's function came back, before the console has done anything about it.
struct Ending {
  std::string outcome;  ///< "done", "refused", "failed", "cancelled", "abandoned"
  Result<Text> result;
  std::optional<sdk::Change> change = {};
  std::string detail = {};  ///< what a plugin threw; goes into the record only, sealed
};

/// What became of a proposed change: refused, waiting for approval, or applied.
struct Applied {
  std::optional<Refusal> refusal = {};
  std::int64_t request = 0;  ///< number of the request that waits; 0: none
  Effects effects = {};
};

class Run : public ActionRun, public std::enable_shared_from_this<Run> {
 public:
  /// `rules` and what is behind `context.parts` live until the run has ended; `on_end` is called once, when its end is
  /// recorded and before the conversation hears of it.
  Run(std::unique_ptr<RunContext> context, const ActionRules& rules, std::function<void()> on_end);

  /// Begins on a thread of its own. To be called once.
  void begin();

  const std::string& id() const override { return context_->id; }
  TicketNumber ticket() const { return context_->at_start.number; }
  void cancel() override;
  bool can_be_cancelled() const override;
  void holder_saw(PinSeen seen) override;
  void abandon() override;
  bool ended() const override;
  std::int64_t request() const override { return request_; }
  Result<Text> wait() override;
  /// False when it did not end within `limit`.
  bool wait_for(std::chrono::milliseconds limit);

 private:
  enum class Phase { running, concluding, ended };

  void work();
  Ending call_action();
  bool claim();
  void conclude(Ending ending) noexcept;
  Result<Text> settle(const Ending& ending);
  Result<> apply(const Ending& ending, Applied& applied) const;
  Result<Text> carry_out_effects(const Ending& ending, Effects& effects) const;
  void speak(const Secret& secret) const;
  std::optional<Refusal> refusal_now(Transaction& tx, const std::optional<Ticket>& ticket) const;
  Result<Text> record_end(const Ending& ending) const;
  void end(Transaction& tx, const Ticket& ticket, const std::string& outcome, const std::string& detail) const;
  void withdraw_unsent(Transaction& tx, const Ticket& ticket) const;

  const std::unique_ptr<RunContext> context_;
  const ActionRules& rules_;
  std::function<void()> on_end_;
  std::atomic<std::int64_t> request_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Phase phase_ = Phase::running;
  std::optional<Result<Text>> result_;
};

}  // namespace anahtar::core
