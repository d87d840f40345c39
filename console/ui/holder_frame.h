// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/frame.h>
#include <wx/stopwatch.h>
#include <wx/timer.h>

#include "core/conversation.h"
#include "ui/form_view.h"
#include "ui/secrets.h"

namespace anahtar::ui {

/// The holder's own window, in large type, on the second screen when there is one: what they type there and the PIN that
/// is shown there are theirs alone. With a single screen it first asks to turn the screen to the holder. A PIN is gone once it
/// was confirmed, or after a minute, and never goes to the clipboard. [ui]
class HolderFrame : public wxFrame {
 public:
  static constexpr int seconds_shown = 60;
  static constexpr int deaf_milliseconds = 800;  ///< to Enter and space, since it came up or showed something else

  explicit HolderFrame(wxWindow* parent);

  void ask(const sdk::Form& form, const std::vector<core::FieldProblem>& problems);
  void show_pin(const sdk::Secret& pin);
  /// Nothing is asked any more; a PIN stays its time.
  void close_form();

  std::function<void(sdk::Answers)> answered;
  std::function<void()> cancelled;
  std::function<void(core::PinSeen)> pin_gone;
  bool has_pin() const { return !pin_.empty(); }
  core::PinSeen seen() const { return seen_; }  ///< of the PIN that is there

 private:
  enum class Part { form, cover, pin };
  void show_part(Part part);
  void come_up();
  /// An Enter that was meant for the window of before.
  bool is_too_early(const wxKeyEvent& event) const;
  void uncover();
  void forget_pin();
  void tick();

  sdk::Secret pin_;
  core::PinSeen seen_ = core::PinSeen::no;
  int seconds_left_ = 0;
  wxStopWatch since_change_;
  wxTimer second_;
  FormView* form_;
  Surface* cover_;
  Surface* shown_;
  SecretView* digits_;
  wxStaticText* time_left_;
};

}  // namespace anahtar::ui
