// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include <wx/gauge.h>

#include "core/actions.h"
#include "ui/form_view.h"
#include "ui/holder_frame.h"
#include "ui/window_conversation.h"

namespace anahtar::ui {

/// A running action in the place of the action list: its form, its progress, how it ended. [ui]
class RunPanel : public Surface, public RunView {
 public:
  /// `scale` is that of the text of its forms.
  explicit RunPanel(wxWindow* parent, double scale = 1.0);
  ~RunPanel() override;

  /// A conversation for a run that is about to start.
  std::shared_ptr<WindowConversation> begin(const wxString& title);
  void started(std::shared_ptr<core::ActionRun> run);
  void not_started(const core::Failure& failure);
  bool running() const { return running_; }
  /// A PIN is on the holder's window, and they have not put it away yet.
  bool has_pin() const { return holder_ != nullptr && holder_->has_pin(); }
  /// Cancels the run; once more, when it does not stop, gives up on it.
  void cancel();
  void abandon();
  wxString sentence() const;
  void focus_work();  ///< gives the keyboard to what waits for it
  bool good() const { return good_; }  ///< of the run that ended last

  std::function<void()> ended;  ///< a result stands there: what it changed can be fetched
  std::function<void()> left;   ///< the operator has read it
  std::function<void(const std::string& message)> message_wanted;  ///< as of FormView
  void show_message(const core::MessageStatus& status) { form_->show_message(status); }

  void on_ask(const sdk::Form& form, const std::vector<core::FieldProblem>& problems) override;
  void on_form_closed() override;
  void on_show(const sdk::Text& notice) override;
  void on_reveal(const sdk::Secret& secret, sdk::Audience audience) override;
  void on_progress(double fraction, const sdk::Text& sentence) override;
  void on_ended(const core::Result<sdk::Text>& result) override;

 private:
  enum class Part { form, progress, result };
  void show_part(Part part);
  void say_progress(const wxString& sentence);
  void finish(const wxString& sentence, bool good);
  void go_on();
  void focus_on_result();
  void waited_long();
  void offer_cancel();
  HolderFrame& holder();
  void pin_is_gone(core::PinSeen seen);

  std::shared_ptr<WindowConversation> conversation_;
  std::shared_ptr<core::ActionRun> run_;
  std::shared_ptr<core::ActionRun> pin_run_;  ///< that of the PIN on the holder's window
  bool running_ = false;
  bool cancel_wanted_ = false;
  bool good_ = false;
  bool unseen_ = false;  ///< the PIN of this run went without having been seen
  HolderFrame* holder_ = nullptr;  ///< made when it is needed
  FormView* form_;
  wxPanel* progress_;
  wxStaticText* progress_text_;
  wxGauge* gauge_;
  wxButton* cancel_;
  wxButton* abandon_;
  wxPanel* result_;
  wxStaticText* result_text_;
  wxStaticText* notices_;
  SecretView* secret_;
  wxStaticText* title_;
  wxTimer pulse_;
  int pulses_ = 0;
};

}  // namespace anahtar::ui
