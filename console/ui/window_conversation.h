// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "core/conversation.h"

namespace anahtar::ui {

/// What draws a run. [ui]
class RunView {
 public:
  virtual ~RunView() = default;
  virtual void on_ask(const sdk::Form& form, const std::vector<core::FieldProblem>& problems) = 0;
  virtual void on_form_closed() = 0;  ///< its time ran out
  virtual void on_show(const sdk::Text& notice) = 0;
  virtual void on_reveal(const sdk::Secret& secret, sdk::Audience audience) = 0;
  virtual void on_progress(double fraction, const sdk::Text& sentence) = 0;
  virtual void on_ended(const core::Result<sdk::Text>& result) = 0;
};

/// Carries the talk of a run between its worker thread and the window. A view that has gone hears nothing, and whoever
/// waits for its answer is released.
class WindowConversation : public core::Conversation, public std::enable_shared_from_this<WindowConversation> {
 public:
  explicit WindowConversation(RunView& view) : view_(&view) {}

  void answer(sdk::Answers answers);  ///< [ui]
  void detach();                      ///< [ui]

  sdk::Answers ask(const sdk::Form& form, const std::vector<core::FieldProblem>& problems, std::stop_token stop) override;
  void show(const core::Text& notice) override;
  void reveal(const sdk::Secret& secret, sdk::Audience audience) override;
  void progress(double fraction, const core::Text& sentence) override;
  void ended(const core::Result<core::Text>& result) override;

 private:
  template <class Deliver>
  void deliver(Deliver deliver);

  RunView* view_;  // UI thread only
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<sdk::Answers> answers_;
  bool detached_ = false;
  bool revealed_ = false;  ///< the secret of the last call stands where it is to be seen
};

}  // namespace anahtar::ui
