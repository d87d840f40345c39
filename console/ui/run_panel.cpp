// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/run_panel.h"

#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

constexpr int pulse_milliseconds = 100;
constexpr int long_wait = 100;      // pulses until one may stop waiting without having cancelled
constexpr int very_long_wait = 600;  // the same while a card is being changed: who gives up then may lose the new PIN
constexpr int after_cancel = 20;    // and after a cancel that was not heard

}  // namespace

RunPanel::RunPanel(wxWindow* parent, double scale) : Surface(parent, "surface"), pulse_(this) {
  SetName("run");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  title_ = label(this, "", "muted");
  notices_ = label(this, "", "");
  notices_->SetName("run.notices");
  secret_ = new SecretView(this, "run.secret", text_font(1.9, true));
  form_ = new FormView(this);
  if (scale != 1.0) form_->SetFont(text_font(scale));
  form_->submitted = [this](sdk::Answers answers) {
    if (conversation_) conversation_->answer(std::move(answers));
    pulses_ = 0;
    pulse_.Start(pulse_milliseconds);
  };
  form_->cancelled = [this] { cancel(); };
  form_->message_wanted = [this](const std::string& message) {
    if (message_wanted) message_wanted(message);
  };

  progress_ = new Surface(this, "surface");
  auto* working = new wxBoxSizer(wxVERTICAL);
  progress_text_ = label(progress_, "", "heading");
  gauge_ = new wxGauge(progress_, wxID_ANY, 1000, wxDefaultPosition, wxSize(-1, 10), wxGA_HORIZONTAL | wxGA_SMOOTH);
  set_accessible_name(gauge_, say("Progress"));
  auto* row = new wxBoxSizer(wxHORIZONTAL);
  cancel_ = button(progress_, say("Cancel") + "  Esc", "run.cancel", [this] { cancel(); });
  abandon_ = button(progress_, say("Stop &waiting"), "run.abandon", [this] { abandon(); });
  row->Add(cancel_, 0, wxRIGHT, step(2));
  row->Add(abandon_);
  working->Add(progress_text_, 0, wxBOTTOM, step(2));
  working->Add(gauge_, 0, wxEXPAND | wxBOTTOM, step(3));
  working->Add(row);
  progress_->SetSizer(working);

  result_ = new Surface(this, "surface");
  auto* said = new wxBoxSizer(wxVERTICAL);
  result_text_ = label(result_, "", "heading");
  result_text_->SetName("run.result");
  auto* go_on = button(result_, say("Continue") + wxString(L"  \u21b5"), "run.continue", [this] { this->go_on(); }, "primary");
  said->Add(result_text_, 0, wxBOTTOM, step(3));
  said->Add(go_on);
  result_->SetSizer(said);

  rows->Add(title_, 0, wxBOTTOM, step(1));
  rows->Add(notices_, 0, wxBOTTOM, step(1));
  rows->Add(secret_, 0, wxBOTTOM, step(2));
  rows->Add(form_, 1, wxEXPAND);
  rows->Add(progress_, 0, wxEXPAND);
  rows->Add(result_, 0, wxEXPAND);
  SetSizer(rows);
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) { waited_long(); });
  Bind(wxEVT_CHAR_HOOK, [this](wxKeyEvent& event) {
    if (event.GetKeyCode() != WXK_ESCAPE) return event.Skip();
    if (!running_) return result_->IsShown() ? this->go_on() : event.Skip();
    if (form_->IsShown()) return form_->cancel();
    cancel();
  });
}

RunPanel::~RunPanel() {
  if (has_pin() && pin_run_) pin_run_->holder_saw(holder_->seen());  // here: whoever signs out is gone before a worker is
  if (holder_ != nullptr) holder_->Destroy();
  if (conversation_) conversation_->detach();
  if (run_ && running_) run_->cancel();
}

HolderFrame& RunPanel::holder() {
  if (holder_ != nullptr) return *holder_;
  holder_ = new HolderFrame(wxGetTopLevelParent(this));
  holder_->answered = [this](sdk::Answers answers) {
    if (conversation_) conversation_->answer(std::move(answers));
    say_progress(say("The holder has answered."));
  };
  holder_->cancelled = [this] { cancel(); };
  holder_->pin_gone = [this](core::PinSeen seen) { pin_is_gone(seen); };
  return *holder_;
}

void RunPanel::pin_is_gone(core::PinSeen seen) {
  if (pin_run_)
    in_background(
        this,
        [run = pin_run_, seen]() -> core::Result<> {
          run->holder_saw(seen);
          return {};
        },
        [this](const core::Result<>&) {
          if (ended) ended();
        });
  if (pin_run_ != run_) return;
  unseen_ = seen == core::PinSeen::no;
  if (unseen_ && !running_) finish(sentence(), good_);
  on_show(unseen_ ? sdk::tr("The holder's window was closed before the PIN was shown.")
          : seen == core::PinSeen::confirmed
              ? sdk::tr("The holder has confirmed that they noted the PIN.")
              : sdk::tr("The PIN is not shown any more; the holder did not confirm that they noted it."));
  focus_on_result();  // the keyboard was the holder's until now
}

void RunPanel::show_part(Part part) {
  form_->Show(part == Part::form);
  progress_->Show(part == Part::progress);
  result_->Show(part == Part::result);
  title_->Show(part != Part::form);
  Layout();
  lay_out_again(this);
}

std::shared_ptr<WindowConversation> RunPanel::begin(const wxString& title) {
  if (conversation_) conversation_->detach();
  conversation_ = std::make_shared<WindowConversation>(*this);
  run_.reset();
  running_ = true;
  cancel_wanted_ = false;
  unseen_ = false;
  set_text(title_, title);
  set_text(notices_, "");
  secret_->forget();
  notices_->Hide();
  secret_->Hide();
  form_->clear();
  say_progress(say("Starting…"));
  return conversation_;
}

void RunPanel::started(std::shared_ptr<core::ActionRun> run) {
  if (!running_) return;
  run_ = std::move(run);
  if (has_pin() && !pin_run_) pin_run_ = run_;
  if (cancel_wanted_) run_->cancel();
}

void RunPanel::not_started(const core::Failure& failure) { finish(shown(failure.sentence), false); }

void RunPanel::say_progress(const wxString& sentence) {
  set_text(progress_text_, sentence);
  abandon_->Hide();
  offer_cancel();
  pulses_ = 0;
  pulse_.Start(pulse_milliseconds);
  show_part(Part::progress);
}

void RunPanel::offer_cancel() {
  const bool offered = !run_ || run_->can_be_cancelled();
  if (cancel_->IsShown() == offered) return;
  cancel_->Show(offered);
  progress_->Layout();
}

void RunPanel::waited_long() {
  ++pulses_;
  if (form_->IsShown()) {  // an answer is on its way; say so when it takes longer than the eye forgives
    if (pulses_ >= 3) show_part(Part::progress);
    return;
  }
  gauge_->Pulse();
  offer_cancel();
  const bool stuck = pulses_ >= (cancel_wanted_ ? after_cancel : cancel_->IsShown() ? long_wait : very_long_wait);
  if (stuck && !abandon_->IsShown() && run_) {
    abandon_->Show();
    progress_->Layout();
  }
}

void RunPanel::cancel() {
  if (!running_ || (run_ && !run_->can_be_cancelled())) return;
  cancel_wanted_ = true;
  form_->clear();
  if (holder_ != nullptr) holder_->close_form();
  if (run_) run_->cancel();
  say_progress(say("Cancelling…"));
}

void RunPanel::abandon() {
  if (!run_ || !running_) return;
  conversation_->detach();
  finish(say("You stopped waiting for the action. The record says “abandoned”; a supervisor can find out what became of it."),
         false);
  in_background(
      this,
      [run = run_]() -> core::Result<> {
        run->abandon();
        return {};
      },
      [this](const core::Result<>&) {
        if (ended) ended();
      });
}

wxString RunPanel::sentence() const {
  return result_->IsShown() ? accessible_name(result_text_) : progress_text_->GetLabelText();
}

void RunPanel::finish(const wxString& said, bool done) {
  const bool good = done && !unseen_;
  const wxString sentence = done && unseen_ ? say("The card has a new PIN, which the holder has not seen: nobody knows it. Unlock the card once more.") : said;
  running_ = false;
  good_ = good;
  pulse_.Stop();
  form_->clear();
  if (holder_ != nullptr) holder_->close_form();
  set_class(result_text_, "good", good);
  set_class(result_text_, "danger", !good);
  set_wrapped(result_text_, (good ? wxString(L"\u2713 ") : wxString(L"\u26a0 ")) + sentence,
              std::max(280, GetClientSize().x - step(4)));
  set_accessible_name(result_text_, sentence);
  show_part(Part::result);
  if (holder_ == nullptr || !holder_->IsShown()) FindWindowByName("run.continue", this)->SetFocus();
}

/// The operator has read the result. While the holder's PIN waits to be seen, nobody goes on without them.
void RunPanel::go_on() {
  if (has_pin()) {
    on_show(sdk::tr("The holder has not confirmed yet that they noted the PIN. It is on their window."));
    return holder_->Raise();
  }
  secret_->forget();
  secret_->Hide();
  if (left) left();
}

void RunPanel::focus_work() {
  if (form_->IsShown()) return form_->focus_again();
  if (wxWindow* press = FindWindowByName(result_->IsShown() ? "run.continue" : "run.cancel", this)) press->SetFocus();
}

void RunPanel::focus_on_result() {
  wxGetTopLevelParent(this)->Raise();
  if (result_->IsShown()) FindWindowByName("run.continue", this)->SetFocus();
}

void RunPanel::on_ask(const sdk::Form& form, const std::vector<core::FieldProblem>& problems) {
  if (!running_ || cancel_wanted_) return;
  pulse_.Stop();
  if (form.holder) {
    say_progress(say("The holder answers on their own window."));
    return holder().ask(form, problems);
  }
  show_part(Part::form);
  form_->show(form, problems);
}

void RunPanel::on_form_closed() { say_progress(say("The time ran out…")); }

void RunPanel::on_show(const sdk::Text& notice) {
  set_wrapped(notices_, shown(notice), std::max(280, GetClientSize().x - step(4)));
  notices_->Show();
  Layout();
}

void RunPanel::on_reveal(const sdk::Secret& secret, sdk::Audience audience) {
  if (audience == sdk::Audience::holder) {
    pin_run_ = run_;
    holder().show_pin(secret);
    return on_show(sdk::tr("It is shown to the holder only."));
  }
  secret_->show(secret);
  secret_->Show();
  Layout();
}

void RunPanel::on_progress(double fraction, const sdk::Text& sentence) {
  if (!running_ || cancel_wanted_) return;
  say_progress(shown(sentence));
  if (fraction >= 0) {
    gauge_->SetValue(static_cast<int>(fraction * 1000));
    pulse_.Stop();
    pulse_.Start(pulse_milliseconds);
  }
}

void RunPanel::on_ended(const core::Result<sdk::Text>& result) {
  if (!running_) return;
  const bool cancelled = !result && result.error().code == core::Code::cancelled;
  finish(shown(result ? *result : result.error().sentence), result.has_value());
  if (ended) ended();
  if (cancelled && left && !has_pin()) left();
}

}  // namespace anahtar::ui
