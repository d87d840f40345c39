// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <mutex>

#include "app/ctl/scripted_answers.h"
#include "app/ctl/terminal.h"
#include "core/conversation.h"
#include "core/outbox.h"

namespace anahtar::app::ctl {

/// A run's forms, line by line: the script answers first, then whoever sits at the terminal. What neither can answer ends
/// the run, and `gave_up()` says why.
class TerminalConversation : public core::Conversation {
 public:
  /// `outbox` outlives it; null: what becomes of a form's message is not told.
  /// `holder_here`: the holder sits at this very terminal, so it may show and ask what is theirs alone.
  TerminalConversation(ScriptedAnswers script, core::Outbox* outbox, bool holder_here = false)
      : script_(std::move(script)), outbox_(outbox), holder_here_(holder_here) {}

  sdk::Answers ask(const sdk::Form& form, const std::vector<core::FieldProblem>& problems,
                   std::stop_token stop) override;
  void show(const Text& notice) override;
  void reveal(const Secret& secret, sdk::Audience audience) override;
  core::HolderPlace holder_place() const override {
    return holder_here_ ? core::HolderPlace::operators_screen : core::HolderPlace::nowhere;
  }
  void progress(double fraction, const Text& sentence) override;
  void ended(const core::Result<Text>& result) override;

  /// Why this side ended the run; empty when it did not. After the run.
  Text gave_up() const;
  std::vector<std::string> unused_answers() const { return script_.left_over(); }

 private:
  void introduce(const sdk::Form& form, const std::vector<core::FieldProblem>& problems);
  /// A form without fields only waits to be read.
  void confirm(const sdk::Form& form, const terminal::Stop& stop, sdk::Answers& answers);
  /// False: the form is left by a button or by time.
  bool answer(const sdk::Field& field, const sdk::Form& form, const terminal::Stop& stop, sdk::Answers& answers);
  bool answer_at_terminal(const sdk::Field& field, const sdk::Form& form, const terminal::Stop& stop,
                          sdk::Answers& answers);
  bool unanswered(terminal::Silence why, sdk::Answers& answers);
  [[noreturn]] void give_up(Text why);

  /// Says what became of the form's message, when it is another thing than was said last.
  void tell_message(const sdk::Form& form);
  terminal::Stop stop_of(const sdk::Form& form, std::stop_token stop);

  ScriptedAnswers script_;
  core::Outbox* outbox_;
  bool holder_here_;
  std::string told_;
  mutable std::mutex mutex_;
  Text gave_up_;
  Text confirmed_;  ///< the problem of the form before, when that asked nothing and nobody was there
};

}  // namespace anahtar::app::ctl
