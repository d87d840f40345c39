// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sign_in_page.h"

#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/secrets.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {

CentredCard::CentredCard(wxWindow* page, const wxString& title, const wxString& sentence)
    : Surface(page, "surface", Kind::card) {
  rows_ = new wxBoxSizer(wxVERTICAL);
  rows_->Add(label(this, title, "title"), 0, wxBOTTOM, step(1));
  auto* explains = label(this, "", "muted");
  set_wrapped(explains, sentence, width);
  rows_->Add(explains, 0, wxBOTTOM, step(5));
  auto* inside = new wxBoxSizer(wxVERTICAL);
  inside->Add(rows_, 1, wxEXPAND | wxALL, step(8));
  SetSizer(inside);
  SetMinSize(wxSize(width + 2 * step(8), -1));
  auto* across = new wxBoxSizer(wxVERTICAL);
  across->AddStretchSpacer(2);
  across->Add(this, 0, wxALIGN_CENTER);
  across->AddStretchSpacer(3);
  page->SetSizer(across);
}

wxTextCtrl* CentredCard::add_field(const wxString& name, const char* id, bool secret) {
  rows_->Add(label(this, name, "muted"), 0, wxBOTTOM, step(1));
  auto* field = new TextField(this, id, secret ? wxTE_PASSWORD : 0);
  set_accessible_name(field, wxControl::RemoveMnemonics(name));
  rows_->Add(field, 0, wxEXPAND | wxBOTTOM, step(3));
  return field;
}

wxStaticText* CentredCard::add_text(const char* style_class, const char* id) {
  auto* text = label(this, "", style_class);
  text->SetName(id);
  rows_->Add(text, 0, wxBOTTOM, step(3));
  text->Hide();
  return text;
}

void CentredCard::show_text(wxStaticText* text, bool shown) {
  text->Show(shown);
  wxWindow* const card = text->GetParent();
  text->InvalidateBestSize();  // hidden, it needed no room
  card->GetParent()->Layout();
  lay_out_again(card);
}

void CentredCard::add_buttons(std::initializer_list<wxButton*> buttons) {
  auto* row = new wxBoxSizer(wxHORIZONTAL);
  for (wxButton* each : buttons) row->Add(each, 0, wxRIGHT, step(2));
  rows_->Add(row, 0, wxTOP, step(2));
}

SignInPage::SignInPage(wxWindow* parent, core::Services& services) : Surface(parent, "window"), services_(services) {
  SetName("sign_in");
  auto* card = new CentredCard(this, "Anahtar", say("Operator console. Sign in with your own account; what you do is recorded."));
  name_ = card->add_field(say("User name"), "sign_in.name", false);
  password_ = card->add_field(say("Password"), "sign_in.password", true);
  problem_ = card->add_text("problem", "sign_in.problem");
  call_ = card->add_text("strong", "sign_in.call");
  go_ = button(card, say("Sign in") + wxString(L"  \u21b5"), "sign_in.go", [this] { sign_in(); }, "primary");
  card->add_buttons({go_});
  Bind(wxEVT_CHAR_HOOK, [this](wxKeyEvent& event) {
    if (event.GetKeyCode() != WXK_RETURN && event.GetKeyCode() != WXK_NUMPAD_ENTER) return event.Skip();
    if (wxWindow::FindFocus() == name_ && password_->IsEmpty()) return password_->SetFocus();
    sign_in();
  });
}

void SignInPage::begin() {
  forget_typed(password_);
  CentredCard::show_text(problem_, false);
  set_busy(false);
  name_->SetFocus();
  name_->SelectAll();
}

void SignInPage::say_problem(const wxString& sentence) {
  set_wrapped(problem_, wxString(L"\u26a0 ") + sentence, CentredCard::width);
  CentredCard::show_text(problem_, true);
}

void SignInPage::call_waits(bool waits) {
  set_text(call_, wxString(L"\u260e ") + say("A call is waiting. Sign in to see it."));
  CentredCard::show_text(call_, waits);
}

void SignInPage::set_busy(bool busy) {
  busy_ = busy;
  for (wxWindow* each : {static_cast<wxWindow*>(name_), static_cast<wxWindow*>(password_), static_cast<wxWindow*>(go_)})
    each->Enable(!busy);
  set_text(go_, (busy ? say("Signing in…") : say("Sign in")) + wxString(L"  \u21b5"));
}

void SignInPage::sign_in() {
  if (busy_) return;
  if (name_->IsEmpty()) return say_problem(say("Type your user name first.")), name_->SetFocus();
  auto password = std::make_shared<sdk::Secret>(typed_secret(password_));
  set_busy(true);
  in_background(
      this,
      [&services = services_, name = to_utf8(name_->GetValue()), password] {
        return services.sign_in.sign_in(name, *password);
      },
      [this](core::Result<core::Session> session) {
        set_busy(false);
        forget_typed(password_);
        if (session) {
          problem_->Hide();
          return signed_in(std::move(*session));
        }
        say_problem(shown(session.error().sentence));
        password_->SetFocus();
      });
}

}  // namespace anahtar::ui
