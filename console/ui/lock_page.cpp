// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lock_page.h"

#include "ui/background.h"
#include "ui/secrets.h"
#include "ui/sign_in_page.h"
#include "ui/text.h"

namespace anahtar::ui {

LockPage::LockPage(wxWindow* parent, core::Services& services) : Surface(parent, "window"), services_(services) {
  SetName("lock");
  auto* card = new CentredCard(this, say("Locked"), say("The console is locked. Your work is where you left it."));
  who_ = card->add_text("strong", "lock.who");
  who_->Show();
  password_ = card->add_field(say("Password"), "lock.password", true);
  problem_ = card->add_text("problem", "lock.problem");
  call_ = card->add_text("strong", "lock.call");
  card->add_buttons({button(card, say("Unlock") + wxString(L"  \u21b5"), "lock.unlock", [this] { unlock(); }, "primary"),
                     button(card, say("Sign &out"), "lock.sign_out", [this] { sign_out(); })});
  Bind(wxEVT_CHAR_HOOK, [this](wxKeyEvent& event) {
    const bool enter = event.GetKeyCode() == WXK_RETURN || event.GetKeyCode() == WXK_NUMPAD_ENTER;
    if (!enter || wxWindow::FindFocus() != password_) return event.Skip();
    unlock();
  });
}

void LockPage::begin(const core::Session& session) {
  session_ = session;
  busy_ = false;
  set_text(who_, from_utf8(session.display_name));
  forget_typed(password_);
  CentredCard::show_text(problem_, false);
  call_waits(false);
  password_->SetFocus();
}

void LockPage::call_waits(bool waits) {
  set_text(call_, wxString(L"\u260e ") + say("A call is waiting. Unlock to see it."));
  CentredCard::show_text(call_, waits);
}

void LockPage::unlock() {
  if (busy_) return;
  busy_ = true;
  auto password = std::make_shared<sdk::Secret>(typed_secret(password_));
  forget_typed(password_);
  in_background(
      this, [&services = services_, session = session_, password] { return services.sign_in.unlock(session, *password); },
      [this](const core::Result<>& result) {
        busy_ = false;
        if (result) return unlocked();
        set_wrapped(problem_, wxString(L"\u26a0 ") + shown(result.error().sentence), CentredCard::width);
        CentredCard::show_text(problem_, true);
        password_->SetFocus();
      });
}

}  // namespace anahtar::ui
