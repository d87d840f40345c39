// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/password_page.h"

#include "ui/background.h"
#include "ui/secrets.h"
#include "ui/sign_in_page.h"
#include "ui/text.h"

namespace anahtar::ui {

PasswordPage::PasswordPage(wxWindow* parent, core::Services& services) : Surface(parent, "window"), services_(services) {
  SetName("password");
  auto* card = new CentredCard(this, say("Choose a new password"),
                               say("Only you know it. At least 10 characters; a sentence is easier to remember than signs."));
  current_ = card->add_field(say("Password until now"), "password.current", true);
  fresh_ = card->add_field(say("New password"), "password.fresh", true);
  again_ = card->add_field(say("New password once more"), "password.again", true);
  problem_ = card->add_text("problem", "password.problem");
  card->add_buttons({button(card, say("Change the password") + wxString(L"  \u21b5"), "password.go", [this] { change(); },
                            "primary"),
                     button(card, say("Cancel"), "password.cancel", [this] { left(); })});
  Bind(wxEVT_CHAR_HOOK, [this](wxKeyEvent& event) {
    if (event.GetKeyCode() == WXK_ESCAPE) return left();
    if (event.GetKeyCode() != WXK_RETURN && event.GetKeyCode() != WXK_NUMPAD_ENTER) return event.Skip();
    if (wxWindow::FindFocus() == current_) return fresh_->SetFocus();
    if (wxWindow::FindFocus() == fresh_) return again_->SetFocus();
    if (wxWindow::FindFocus() == again_) return change();
    event.Skip();
  });
}

void PasswordPage::begin(const core::Session& session) {
  session_ = session;
  busy_ = false;
  for (wxTextCtrl* each : {current_, fresh_, again_}) forget_typed(each);
  CentredCard::show_text(problem_, false);
  current_->SetFocus();
}

void PasswordPage::say_problem(const wxString& sentence) {
  set_wrapped(problem_, wxString(L"\u26a0 ") + sentence, CentredCard::width);
  CentredCard::show_text(problem_, true);
}

void PasswordPage::change() {
  if (busy_) return;
  if (typed_secret(fresh_).expose() != typed_secret(again_).expose()) return say_problem(say("The new passwords are not the same. Type both again."));
  busy_ = true;
  auto current = std::make_shared<sdk::Secret>(typed_secret(current_));
  auto fresh = std::make_shared<sdk::Secret>(typed_secret(fresh_));
  in_background(
      this,
      [&services = services_, session = session_, current, fresh] {
        return services.sign_in.change_password(session, *current, *fresh);
      },
      [this](core::Result<core::Session> session) {
        busy_ = false;
        if (!session) return say_problem(shown(session.error().sentence));
        for (wxTextCtrl* each : {current_, fresh_, again_}) forget_typed(each);
        changed(std::move(*session));
      });
}

}  // namespace anahtar::ui
