// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/form_view.h"

#include <gtk/gtk.h>

#include <algorithm>

#include <wx/filedlg.h>
#include <wx/wrapsizer.h>

#include "ui/accessible.h"
#include "ui/secrets.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

constexpr int tick_milliseconds = 250;
constexpr std::size_t one_line = 500;  // a field that takes more characters gets several lines

const core::FieldProblem* problem_of(const std::vector<core::FieldProblem>& problems, const std::string& field) {
  for (const core::FieldProblem& problem : problems)
    if (problem.field == field) return &problem;
  return nullptr;
}

constexpr int widest = 760;  ///< a line that is longer is hard to read

void find_button(GtkWidget* widget, gpointer found) {
  if (GTK_IS_TOGGLE_BUTTON(widget)) *static_cast<GtkWidget**>(found) = widget;
  if (GTK_IS_CONTAINER(widget)) gtk_container_forall(GTK_CONTAINER(widget), find_button, found);
}

gboolean enter_in_choice(GtkWidget*, GdkEventKey* key, gpointer form) {
  if (key->keyval != GDK_KEY_Return && key->keyval != GDK_KEY_KP_Enter) return FALSE;
  static_cast<FormView*>(form)->CallAfter([form] { static_cast<FormView*>(form)->submit(""); });
  return TRUE;
}

/// GTK gives Enter to the button inside the field, once Tab has led there, and that opens the list. Here Enter means what it
/// means in every other field.
void submit_on_enter(wxChoice* choice, FormView* form) {
  GtkWidget* inside = nullptr;
  find_button(choice->GetHandle(), &inside);
  if (inside != nullptr) g_signal_connect(inside, "key-press-event", G_CALLBACK(enter_in_choice), form);
}

bool is_navigation(int key) {
  return key < WXK_SPACE || key == WXK_DELETE || key >= WXK_START;
}

/// Letters are not taken at all in a field for digits.
void digits_only(wxTextCtrl* field) {
  field->Bind(wxEVT_CHAR, [](wxKeyEvent& event) {
    const int key = event.GetUnicodeKey();
    const bool digit = key >= '0' && key <= '9';
    if (digit || key == WXK_NONE || is_navigation(event.GetKeyCode()) || event.HasAnyModifiers()) event.Skip();
  });
}

}  // namespace

FormView::FormView(wxWindow* parent, const char* id)
    : wxScrolledWindow(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxTAB_TRAVERSAL | wxVSCROLL, id), second_(this) {
  paint_background(this, "surface");
  SetScrollRate(0, 8);
  rows_ = new wxBoxSizer(wxVERTICAL);
  SetSizer(rows_);
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) { tick(); });
  Bind(wxEVT_CHAR_HOOK, &FormView::on_key, this);
  Bind(wxEVT_CHILD_FOCUS, [this](wxChildFocusEvent& event) {
    last_focus_ = event.GetWindow();
    event.Skip();
  });
}

int FormView::text_width() const { return std::clamp(GetParent()->GetClientSize().x - step(8), 280, scaled(widest)); }

void FormView::clear() {
  second_.Stop();
  for (Entry& entry : entries_)
    if (entry.kind == sdk::FieldKind::secret) forget_typed(entry.text);
  entries_.clear();
  buttons_.clear();
  time_left_ = nullptr;
  message_state_ = nullptr;
  message_.clear();
  discard_ = nullptr;
  asked_to_discard_ = false;
  frozen_ = false;
  rows_->Clear(true);
}

void FormView::show(const sdk::Form& form, const std::vector<core::FieldProblem>& problems) {
  std::map<std::string, wxString> before;
  for (const Entry& entry : entries_) {
    if (entry.kind == sdk::FieldKind::secret) continue;
    before[entry.id] = entry.text != nullptr ? entry.text->GetValue() : wxString(std::to_string(entry.choice->GetSelection()));
  }
  clear();
  rows_->Add(label(this, shown(form.title), "heading"), 0, wxBOTTOM, step(2));
  if (!form.say.empty()) add_say(form.say);
  if (!form.problem.empty()) {
    auto* problem = label(this, "", "danger");
    problem->SetName("form.problem");
    set_wrapped(problem, wxString(L"\u26a0 ") + shown(form.problem), text_width());
    rows_->Add(problem, 0, wxBOTTOM, step(2));
  }
  if (!form.facts.empty()) add_facts(form.facts);
  for (const sdk::Field& field : form.fields) add_field(field, problems, before[field.id]);
  expires_ = form.expires;
  if (expires_) {
    time_left_ = label(this, "", "tabular");
    time_left_->SetName("form.time_left");
    rows_->Add(time_left_, 0, wxBOTTOM, step(2));
    draw_time_left();
  }
  message_ = form.message;
  if (!message_.empty()) {
    message_state_ = label(this, wxString(L"\u2026"), "muted");
    message_state_->SetName("form.message");
    rows_->Add(message_state_, 0, wxBOTTOM, step(2));
  }
  if (time_left_ != nullptr || message_state_ != nullptr) second_.Start(tick_milliseconds);
  add_buttons(form);
  FitInside();
  Layout();
  lay_out_again(this);
  focus_first(problems);
  if (!message_.empty() && message_wanted) message_wanted(message_);
}

void FormView::tick() {
  draw_time_left();
  if (++ticks_ % 2 == 0 && !message_.empty() && message_wanted) message_wanted(message_);
}

void FormView::show_message(const core::MessageStatus& status) {
  if (message_state_ == nullptr || status.id != message_) return;
  using State = core::MessageState;
  const bool bad = status.state == State::failed || status.state == State::unknown;
  const wchar_t* mark = bad ? L"\u26a0 " : status.state == State::delivered ? L"\u2713 " : L"\u2709 ";
  const wxString text = wxString(mark) + shown(status.label) + ": " + shown(status.sentence);
  if (text == message_state_->GetLabelText()) return;
  set_text(message_state_, text);
  set_class(message_state_, "danger", bad);
  set_class(message_state_, "good", status.state == State::delivered);
  Layout();
}

void FormView::add_say(const sdk::Text& words) {
  auto* box = new Surface(this, "selected");
  auto* inside = new wxBoxSizer(wxVERTICAL);
  inside->Add(label(box, say("SAY TO THE CALLER"), "section"), 0, wxLEFT | wxRIGHT | wxTOP, step(2));
  auto* spoken = label(box, "", "spoken");
  spoken->SetName("form.say");
  set_wrapped(spoken, wxString(L"\u201c") + shown(words) + wxString(L"\u201d"), text_width() - step(8));
  inside->Add(spoken, 0, wxALL, step(2));
  box->SetSizer(inside);
  rows_->Add(box, 0, wxEXPAND | wxBOTTOM, step(3));
}

void FormView::add_facts(const std::vector<sdk::Fact>& facts) {
  for (const sdk::Fact& fact : facts) {
    auto* line = label(this, "", "");
    set_wrapped(line, shown(fact.label) + ": " + shown(fact.value), text_width());
    rows_->Add(line, 0, wxBOTTOM, step(1));
  }
  rows_->AddSpacer(step(2));
}

void FormView::add_field(const sdk::Field& field, const std::vector<core::FieldProblem>& problems, const wxString& before) {
  const core::FieldProblem* problem = problem_of(problems, field.id);
  const wxString name = shown(field.label);
  auto* caption = label(this, field.required ? name : name + " " + say("(optional)"), "muted");
  rows_->Add(caption, 0, wxBOTTOM, step(1));
  Entry entry{field.id, field.kind, field.required, nullptr, nullptr, {}, {}};
  auto* row = new wxBoxSizer(wxHORIZONTAL);
  wxWindow* input = make_input(field, entry, before, problem != nullptr);
  const bool narrow = field.kind == sdk::FieldKind::digits || field.kind == sdk::FieldKind::date;
  if (!narrow) input->SetMaxSize(wxSize(scaled(widest), -1));
  row->Add(input, narrow ? 0 : 1);
  if (field.kind == sdk::FieldKind::file) add_file_button(entry.text, row);
  rows_->Add(row, 0, wxEXPAND | wxBOTTOM, step(1));
  if (problem != nullptr) {
    auto* what = label(this, "", "problem");
    what->SetName("problem." + field.id);
    set_wrapped(what, wxString(L"\u26a0 ") + shown(problem->sentence), text_width());
    rows_->Add(what, 0, wxBOTTOM, step(1));
    set_accessible_description(input, shown(problem->sentence));
  } else if (!field.hint.empty()) {
    auto* hint = label(this, "", "muted");
    set_class(hint, "small");
    set_wrapped(hint, shown(field.hint), text_width());
    rows_->Add(hint, 0, wxBOTTOM, step(1));
  }
  rows_->AddSpacer(step(2));
  set_accessible_name(input, name);
  entries_.push_back(std::move(entry));
}

wxTextCtrl* FormView::make_text(const sdk::Field& field) {
  const std::string id = "field." + field.id;
  if (field.kind == sdk::FieldKind::text && field.max_length > one_line) {
    auto* text = new wxTextCtrl(this, wxID_ANY, "", wxDefaultPosition, wxDefaultSize, wxTE_MULTILINE, wxDefaultValidator, id);
    text->SetMinSize(wxSize(-1, scaled(84)));
    return text;
  }
  const bool digits = field.kind == sdk::FieldKind::digits, date = field.kind == sdk::FieldKind::date;
  auto* text = new TextField(this, id.c_str(), field.kind == sdk::FieldKind::secret ? wxTE_PASSWORD : 0, digits ? 1.5 : 1.0);
  text->SetMaxLength(field.max_length);
  if (digits) {
    set_class(text, "large");
    digits_only(text);
  }
  if (date) text->SetHint(say("DD.MM.YYYY"));
  if (digits || date) text->SetMinSize(wxSize(scaled(220), -1));
  return text;
}

wxWindow* FormView::make_input(const sdk::Field& field, Entry& entry, const wxString& before, bool wrong) {
  if (field.kind == sdk::FieldKind::choice) {
    entry.choices = field.choices;
    entry.choice = new wxChoice(this, wxID_ANY, wxDefaultPosition, wxDefaultSize, 0, nullptr, 0, wxDefaultValidator,
                                "field." + field.id);
    for (const sdk::Choice& choice : field.choices) entry.choice->Append(shown(choice.label));
    long chosen = field.preselected ? 0 : wxNOT_FOUND;
    before.ToLong(&chosen);
    entry.choice->SetSelection(static_cast<int>(chosen));
    submit_on_enter(entry.choice, this);
    return entry.choice;
  }
  entry.text = make_text(field);
  if (!before.empty()) entry.text->ChangeValue(before);
  if (wrong) set_class(entry.text, "wrong");
  return entry.text;
}

void FormView::add_file_button(wxTextCtrl* path, wxSizer* row) {
  auto browse = [this, path] {
    wxFileDialog dialog(this, say("Choose a file"), "", "", wxFileSelectorDefaultWildcardStr, wxFD_OPEN | wxFD_FILE_MUST_EXIST);
    if (dialog.ShowModal() == wxID_OK) path->SetValue(dialog.GetPath());
  };
  row->Add(button(this, say("&Browse…"), "form.browse", browse), 0, wxLEFT, step(2));
}

void FormView::add_buttons(const sdk::Form& form) {
  discard_ = label(this, "", "problem");
  discard_->SetName("form.discard");
  discard_->Hide();
  rows_->Add(discard_, 0, wxBOTTOM, step(2));
  auto* row = new wxWrapSizer(wxHORIZONTAL);
  const wxString text = form.submit.empty() ? say("Continue") : shown(form.submit);
  const bool many_lines = std::ranges::any_of(entries_, [](const Entry& each) { return each.text != nullptr && each.text->IsMultiLine(); });
  const wxString key = many_lines ? wxString(L"  Ctrl+\u21b5") : wxString(L"  \u21b5");
  buttons_.push_back(button(this, text + key, "form.submit", [this] { submit(""); }, "primary"));
  set_accessible_name(buttons_.back(), text);
  row->Add(buttons_.back(), 0, wxRIGHT | wxBOTTOM, step(2));
  for (const sdk::Button& extra : form.buttons) {
    const std::string id = "form." + extra.id;
    buttons_.push_back(button(this, shown(extra.label), id.c_str(), [this, which = extra.id] { submit(which); }));
    row->Add(buttons_.back(), 0, wxRIGHT | wxBOTTOM, step(2));
  }
  buttons_.push_back(button(this, say("Cancel") + "  Esc", "form.cancel", [this] { cancel(); }));
  set_accessible_name(buttons_.back(), say("Cancel"));
  row->Add(buttons_.back(), 0, wxBOTTOM, step(2));
  rows_->Add(row, 0, wxEXPAND);
}

void FormView::focus_first(const std::vector<core::FieldProblem>& problems) {
  for (const Entry& entry : entries_) {
    if (!problems.empty() && entry.id != problems.front().field) continue;
    if (entry.text != nullptr) {
      entry.text->SetFocus();
      entry.text->SelectAll();
    } else {
      entry.choice->SetFocus();
    }
    return;
  }
  if (!buttons_.empty()) buttons_.front()->SetFocus();
}

void FormView::focus_again() {
  if (last_focus_ && last_focus_->IsEnabled()) return go_on_typing(last_focus_);
  focus_first();
}

void FormView::freeze() {
  frozen_ = true;
  second_.Stop();
  for (Entry& entry : entries_) (entry.text != nullptr ? static_cast<wxWindow*>(entry.text) : entry.choice)->Disable();
  for (wxWindow* each : buttons_) each->Disable();
}

bool FormView::typed() const {
  for (const Entry& entry : entries_)
    if (entry.text != nullptr && !entry.text->IsEmpty()) return true;
  return false;
}

void FormView::submit(const std::string& pressed_button) {
  if (frozen_ || !submitted) return;
  sdk::Answers answers;
  answers.pressed_button = pressed_button;
  for (const Entry& entry : entries_) {
    if (entry.choice != nullptr) {
      const int chosen = entry.choice->GetSelection();
      if (chosen >= 0) answers.values[entry.id] = entry.choices[static_cast<std::size_t>(chosen)].id;
    } else if (entry.kind == sdk::FieldKind::secret) {
      answers.secrets.emplace(entry.id, typed_secret(entry.text));
    } else {
      answers.values[entry.id] = to_utf8(entry.text->GetValue());
    }
  }
  freeze();
  submitted(std::move(answers));
}

void FormView::cancel() {
  if (typed() && !asked_to_discard_ && !frozen_) {
    asked_to_discard_ = true;
    set_text(discard_, say("Press Esc once more to throw away what you typed."));
    discard_->Show();
    FitInside();
    Layout();
    return;
  }
  if (cancelled) cancelled();
}

wxWindow* FormView::next_unanswered(const wxWindow* here) const {
  const auto is_here = [&](const Entry& each) { return each.text == here || each.choice == here; };
  const auto at = std::ranges::find_if(entries_, is_here);
  if (at == entries_.end()) return nullptr;
  for (const Entry& each : std::ranges::subrange(at + 1, entries_.end())) {
    const bool empty = each.text != nullptr ? each.text->IsEmpty() : each.choice->GetSelection() == wxNOT_FOUND;
    if (each.required && empty) return each.text != nullptr ? static_cast<wxWindow*>(each.text) : each.choice;
  }
  return nullptr;
}

void FormView::on_key(wxKeyEvent& event) {
  const int key = event.GetKeyCode();
  if (key == WXK_ESCAPE) return cancel();
  if (key != WXK_RETURN && key != WXK_NUMPAD_ENTER) {
    event.Skip();
    return;
  }
  auto* text = dynamic_cast<wxTextCtrl*>(wxWindow::FindFocus());
  const bool in_field = text != nullptr || dynamic_cast<wxChoice*>(wxWindow::FindFocus()) != nullptr;
  const bool new_line = text != nullptr && text->IsMultiLine() && !event.ControlDown();
  if (in_field && !new_line) {
    if (wxWindow* const next = next_unanswered(wxWindow::FindFocus())) return next->SetFocus();
    return submit("");
  }
  event.Skip();
}

void FormView::draw_time_left() {
  if (time_left_ == nullptr || !expires_) return;
  const auto now = core::SystemClock().now();
  set_text(time_left_, say("Time left: {1}", to_utf8(shown_time_left(*expires_, now))));
  set_class(time_left_, "danger", *expires_ - now < std::chrono::seconds(30));
}

}  // namespace anahtar::ui
