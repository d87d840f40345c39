// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/notice_bar.h"

#include "ui/accessible.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {

NoticeBar::NoticeBar(wxWindow* parent) : Surface(parent, "notice") {
  SetName("notice");
  auto* row = new wxBoxSizer(wxHORIZONTAL);
  symbol_ = label(this, "", "strong");
  text_ = label(this, "", "");
  action_ = button(this, "?", "notice.action", [this] {
    const auto pressed = pressed_;
    dismiss();
    if (pressed) pressed();
  });
  auto* close = button(this, L"\u2715", "notice.close", [this] { dismiss(); }, "tab");
  set_accessible_name(close, say("Put the notice away"));
  row->Add(symbol_, 0, wxALIGN_CENTER_VERTICAL | wxLEFT, step(4));
  row->Add(text_, 1, wxALIGN_CENTER_VERTICAL | wxLEFT | wxTOP | wxBOTTOM, step(2));
  row->Add(action_, 0, wxALIGN_CENTER_VERTICAL | wxLEFT | wxRIGHT, step(2));
  row->Add(close, 0, wxALIGN_CENTER_VERTICAL | wxRIGHT, step(2));
  SetSizer(row);
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    CallAfter(&NoticeBar::draw);
    event.Skip();
  });
  Hide();
}

void NoticeBar::show(Notice kind, const wxString& sentence) { show(kind, sentence, "", {}); }

void NoticeBar::show(Notice kind, const wxString& sentence, const wxString& button_text, std::function<void()> pressed) {
  kind_ = kind;
  sentence_ = sentence;
  pressed_ = std::move(pressed);
  set_text(action_, button_text);
  set_accessible_name(action_, wxControl::RemoveMnemonics(button_text));
  action_->Show(!button_text.empty());
  for (const char* name : {"notice", "notice_stop", "notice_good"}) {
    const bool on = std::string(name) == (kind == Notice::stop ? "notice_stop" : kind == Notice::good ? "notice_good" : "notice");
    set_class(text_, name, on);
    set_class(symbol_, name, on);
  }
  set_text(symbol_, kind == Notice::stop ? L"\u26a0" : kind == Notice::good ? L"\u2713" : L"\u2139");
  set_fill(kind == Notice::stop ? "stop" : kind == Notice::good ? "good" : "notice");
  set_accessible_name(this, sentence);
  Show();
  draw();
  GetParent()->Layout();
  lay_out_again(this);
}

void NoticeBar::draw() {
  if (sentence_.empty()) return;
  set_wrapped(text_, sentence_, std::max(200, GetClientSize().x - (action_->IsShown() ? 320 : 110)));
  Layout();
}

void NoticeBar::dismiss() {
  if (!IsShown()) return;
  sentence_.clear();
  pressed_ = {};
  Hide();
  GetParent()->Layout();
}

}  // namespace anahtar::ui
