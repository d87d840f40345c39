// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/holder_frame.h"

#include <wx/display.h>

#include "ui/accessible.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

constexpr int width = 720, height = 440;
constexpr std::size_t digits_together = 3;  // easier to read and to note down

}  // namespace

HolderFrame::HolderFrame(wxWindow* parent)
    : wxFrame(parent, wxID_ANY, say("For the holder"), wxDefaultPosition, wxDefaultSize,
              wxDEFAULT_FRAME_STYLE | wxFRAME_FLOAT_ON_PARENT, "holder"),
      second_(this) {
  auto* page = new Surface(this, "surface");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  rows->Add(label(page, say("FOR THE HOLDER OF THE CARD"), "section"), 0, wxBOTTOM, step(4));
  form_ = new FormView(page, "holder.form");
  form_->SetFont(text_font(1.4));
  form_->submitted = [this](sdk::Answers answers) {
    Hide();
    if (answered) answered(std::move(answers));
  };
  form_->cancelled = [this] {
    close_form();
    if (cancelled) cancelled();
  };
  rows->Add(form_, 1, wxEXPAND);

  cover_ = new Surface(page, "surface");
  auto* covered = new wxBoxSizer(wxVERTICAL);
  auto* turn = label(cover_, "", "title");
  set_wrapped(turn, say("Your new PIN is ready. Make sure that nobody else can see this screen."), width - step(20));
  covered->Add(turn, 0, wxBOTTOM, step(5));
  covered->Add(button(cover_, say("&Show my PIN") + wxString(L"  \u21b5"), "holder.show", [this] { uncover(); }, "primary"));
  cover_->SetSizer(covered);
  rows->Add(cover_, 1, wxEXPAND);

  shown_ = new Surface(page, "surface");
  auto* revealed = new wxBoxSizer(wxVERTICAL);
  revealed->Add(label(shown_, say("Your new PIN"), "title"), 0, wxBOTTOM, step(3));
  digits_ = new SecretView(shown_, "holder.pin", text_font(4.5, true), digits_together);
  revealed->Add(digits_, 0, wxBOTTOM, step(3));
  auto* what = label(shown_, "", "");
  what->SetFont(text_font(large_text));
  set_wrapped(what, say("It is shown only once. Note it down now: you sign in and sign with it from now on. Tell it to nobody."),
              width - step(20));
  revealed->Add(what, 0, wxBOTTOM, step(3));
  time_left_ = label(shown_, "", "tabular");
  time_left_->SetFont(text_font(large_text));
  time_left_->SetName("holder.time_left");
  revealed->Add(time_left_, 0, wxBOTTOM, step(4));
  revealed->Add(button(shown_, say("I have &noted it") + wxString(L"  \u21b5"), "holder.confirm", [this] {
    seen_ = core::PinSeen::confirmed;
    forget_pin();
  }, "primary"));
  shown_->SetSizer(revealed);
  rows->Add(shown_, 1, wxEXPAND);

  auto* outer = new wxBoxSizer(wxVERTICAL);
  outer->Add(rows, 1, wxEXPAND | wxALL, step(8));
  page->SetSizer(outer);
  SetClientSize(width, height);
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) { tick(); });
  Bind(wxEVT_CHAR_HOOK, [this](wxKeyEvent& event) {
    if (!is_too_early(event)) event.Skip();
  });
  Bind(wxEVT_CLOSE_WINDOW, [this](wxCloseEvent& event) {
    if (!event.CanVeto()) return event.Skip();
    event.Veto();
    if (has_pin()) return forget_pin();
    form_->cancel();
  });
}

/// Whoever unlocks the card pressed it once more: it must not put away a PIN that nobody has read.
bool HolderFrame::is_too_early(const wxKeyEvent& event) const {
  const int key = event.GetKeyCode();
  return (key == WXK_RETURN || key == WXK_NUMPAD_ENTER || key == WXK_SPACE) && since_change_.Time() < deaf_milliseconds;
}

/// On the second screen, whole; else in the middle of the one that there is.
void HolderFrame::come_up() {
  const auto mine = wxDisplay::GetFromWindow(GetParent());
  for (unsigned i = 0; i < wxDisplay::GetCount(); ++i)
    if (static_cast<int>(i) != mine) {
      SetSize(wxDisplay(i).GetClientArea());
      break;
    }
  if (wxDisplay::GetCount() < 2) CentreOnParent();
  Show();
  Raise();
}

void HolderFrame::show_part(Part part) {
  form_->Show(part == Part::form);
  cover_->Show(part == Part::cover);
  shown_->Show(part == Part::pin);
  since_change_.Start();
  if (!IsShown()) come_up();
  form_->GetParent()->Layout();
  lay_out_again(this);
}

void HolderFrame::ask(const sdk::Form& form, const std::vector<core::FieldProblem>& problems) {
  show_part(Part::form);
  form_->show(form, problems);
}

void HolderFrame::close_form() {
  form_->clear();
  if (pin_.empty()) Hide();
}

void HolderFrame::show_pin(const sdk::Secret& pin) {
  form_->clear();
  pin_ = pin.duplicate();
  seen_ = core::PinSeen::no;
  if (wxDisplay::GetCount() > 1) return uncover();
  show_part(Part::cover);
  FindWindowByName("holder.show", this)->SetFocus();
  seconds_left_ = seconds_shown * 5;  // not seen yet: longer, but not for ever
  second_.Start(1000);
}

void HolderFrame::uncover() {
  if (pin_.empty()) return;
  seen_ = core::PinSeen::shown;
  digits_->show(pin_);
  seconds_left_ = seconds_shown;
  show_part(Part::pin);
  FindWindowByName("holder.confirm", this)->SetFocus();
  second_.Start(1000);
  set_text(time_left_, say("It disappears in {1} seconds.", std::to_string(seconds_left_)));
}

void HolderFrame::forget_pin() {
  second_.Stop();
  pin_ = sdk::Secret();
  digits_->forget();
  Hide();
  if (pin_gone) pin_gone(seen_);
}

void HolderFrame::tick() {
  if (--seconds_left_ <= 0) return forget_pin();
  set_text(time_left_, say("It disappears in {1} seconds.", std::to_string(seconds_left_)));
}

}  // namespace anahtar::ui
