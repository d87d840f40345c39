// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/demo_phone_frame.h"

#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

constexpr int width = 280;

}  // namespace

DemoPhoneFrame::DemoPhoneFrame(wxWindow* parent, core::DemoPhone& phone)
    : wxFrame(parent, wxID_ANY, say("Caller's phone (demo)"), wxDefaultPosition, wxDefaultSize,
              wxCAPTION | wxFRAME_TOOL_WINDOW | wxFRAME_FLOAT_ON_PARENT | wxFRAME_NO_TASKBAR, "demo_phone"),
      phone_(phone), tick_(this) {
  auto* page = new Surface(this, "sunken");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  rows->Add(label(page, say("CALLER'S PHONE, DEMO ONLY"), "section"), 0, wxALL, step(3));
  auto* bubble = new Surface(page, "surface", Surface::Kind::card);
  auto* inside = new wxBoxSizer(wxVERTICAL);
  to_ = label(bubble, say("No message yet."), "muted");
  message_ = label(bubble, "", "");
  message_->SetName("phone.message");
  inside->Add(to_, 0, wxLEFT | wxRIGHT | wxTOP, step(3));
  inside->Add(message_, 0, wxALL, step(3));
  bubble->SetSizer(inside);
  rows->Add(bubble, 1, wxEXPAND | wxLEFT | wxRIGHT | wxBOTTOM, step(3));
  page->SetSizer(rows);
  SetClientSize(width + 4 * step(3), scaled(200));
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) { refresh(); });
  Bind(wxEVT_CLOSE_WINDOW, [this](wxCloseEvent& event) {
    if (!event.CanVeto()) return event.Skip();
    Hide();
    event.Veto();
  });
  tick_.Start(500);
}

void DemoPhoneFrame::refresh() {
  const auto messages = phone_.messages();
  if (messages.empty() || messages.front().at == newest_) return;
  const core::PhoneMessage& newest = messages.front();
  newest_ = newest.at;
  set_text(to_, from_utf8(newest.to) + wxString(L"  \u00b7  ") + shown_time(newest.at, newest.at));
  set_wrapped(message_, from_utf8(newest.text), width);
  message_->GetParent()->Layout();
}

}  // namespace anahtar::ui
