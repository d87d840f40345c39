// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/choice.h>
#include <wx/scrolwin.h>
#include <wx/textctrl.h>
#include <wx/timer.h>
#include <wx/weakref.h>

#include "core/conversation.h"
#include "core/messages.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// Draws any sdk::Form, from a plugin or from the console itself: fields by their kind, what was wrong beside its field,
/// what to say to the caller, the time left. Enter submits (Ctrl+Enter in a field of several lines), Esc cancels and
/// asks once more when something was typed. Fields are named "field.<id>", buttons "form.submit", "form.cancel",
/// "form.<button id>". [ui]
class FormView : public wxScrolledWindow {
 public:
  explicit FormView(wxWindow* parent, const char* id = "form");

  /// Answers already typed into fields of the same name stay.
  void show(const sdk::Form& form, const std::vector<core::FieldProblem>& problems);
  void clear();
  /// Nothing can be entered until the next form.
  void freeze();
  /// The first question, or the first that was answered wrongly.
  void focus_first(const std::vector<core::FieldProblem>& problems = {});
  void focus_again();  ///< where the operator was, so that what is typed goes on there

  /// As this button does; "" is the submit button.
  void submit(const std::string& pressed_button);

  std::function<void(sdk::Answers)> submitted;
  std::function<void()> cancelled;
  /// Asks twice a second for what became of the form's message; answer with show_message.
  std::function<void(const std::string& message)> message_wanted;
  void show_message(const core::MessageStatus& status);

  bool typed() const;
  /// Esc, from wherever it was pressed.
  void cancel();

 private:
  struct Entry {
    std::string id;
    sdk::FieldKind kind;
    bool required;
    wxTextCtrl* text = nullptr;
    wxChoice* choice = nullptr;
    std::vector<sdk::Choice> choices;
    std::string initial;
  };

  void add_say(const sdk::Text& say);
  void add_facts(const std::vector<sdk::Fact>& facts);
  void add_field(const sdk::Field& field, const std::vector<core::FieldProblem>& problems, const wxString& before);
  wxWindow* make_input(const sdk::Field& field, Entry& entry, const wxString& before, bool wrong);
  wxTextCtrl* make_text(const sdk::Field& field);
  void add_file_button(wxTextCtrl* path, wxSizer* row);
  void add_buttons(const sdk::Form& form);
  /// The first one after `here` that needs an answer and has none.
  wxWindow* next_unanswered(const wxWindow* here) const;
  void on_key(wxKeyEvent& event);
  void tick();
  void draw_time_left();
  int text_width() const;

  std::vector<Entry> entries_;
  std::vector<wxWindow*> buttons_;
  std::optional<core::Time> expires_;
  wxStaticText* time_left_ = nullptr;
  std::string message_;
  wxStaticText* message_state_ = nullptr;
  int ticks_ = 0;
  wxStaticText* discard_ = nullptr;
  wxBoxSizer* rows_ = nullptr;
  wxTimer second_;
  bool frozen_ = false;
  wxWeakRef<wxWindow> last_focus_;
  bool asked_to_discard_ = false;
};

}  // namespace anahtar::ui
