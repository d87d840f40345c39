// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/status_line.h"

#include <wx/datetime.h>

#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

constexpr int gateway_ticks = 5;  // of 100 ms
constexpr int reader_ticks = 10;

}  // namespace

StatusLine::StatusLine(wxWindow* parent, core::Services& services)
    : Surface(parent, "sunken"), services_(services), tick_(this) {
  SetName("status");
  auto* row = new wxBoxSizer(wxHORIZONTAL);
  database_ = label(this, wxString(L"\u25cf ") + from_utf8(services.database_label), "muted");
  plugins_ = label(this, "", "danger");
  plugins_->SetName("status.plugins");
  working_ = label(this, "", "muted");
  who_ = label(this, "", "muted");
  who_->SetName("status.who");
  time_ = label(this, "", "muted");
  const auto refused = services.plugins.refused.size();
  if (refused > 0)
    set_text(plugins_, wxString(L"\u26a0 ") + (refused == 1 ? say("1 plugin refused") : say("{1} plugins refused", std::to_string(refused))));
  plugins_->Show(refused > 0);
  row->Add(database_, 0, wxALIGN_CENTER_VERTICAL | wxLEFT, step(4));
  if (services.gateways != nullptr)
    for (const core::GatewayLine& line : services.gateways->lines()) {
      gateways_.push_back(label(this, "", "muted"));
      gateways_.back()->SetName("status." + line.id);
      row->Add(gateways_.back(), 0, wxALIGN_CENTER_VERTICAL | wxLEFT, step(4));
    }
  if (services.cards != nullptr) {
    readers_ = label(this, "", "muted");
    readers_->SetName("status.readers");
    row->Add(readers_, 0, wxALIGN_CENTER_VERTICAL | wxLEFT, step(4));
  }
  row->Add(plugins_, 0, wxALIGN_CENTER_VERTICAL | wxLEFT, step(5));
  row->Add(working_, 0, wxALIGN_CENTER_VERTICAL | wxLEFT, step(5));
  row->AddStretchSpacer();
  row->Add(who_, 0, wxALIGN_CENTER_VERTICAL | wxRIGHT, step(5));
  row->Add(time_, 0, wxALIGN_CENTER_VERTICAL | wxRIGHT, step(4));
  auto* rows = new wxBoxSizer(wxVERTICAL);
  rows->Add(row, 1, wxEXPAND | wxTOP | wxBOTTOM, step(1));
  SetSizer(rows);
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) { tick(); });
  tick_.Start(100);
  tick();
}

void StatusLine::show_session(const core::Session* session) {
  set_text(who_, session == nullptr ? wxString()
                                    : from_utf8(session->display_name) + wxString(L"  \u00b7  ") + shown(session->role));
  Layout();
}

/// A full mark for what works, an empty one with words for what does not. Whether anything changed.
bool StatusLine::draw_gateways() {
  using Health = core::GatewayState::Health;
  bool changed = false;
  if (gateways_.empty()) return changed;
  const auto lines = services_.gateways->lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool good = lines[i].state.health == Health::ok;
    wxString text = (good ? wxString(L"\u25cf ") : wxString(L"\u25cb ")) + shown(lines[i].label);
    if (!good) text += " (" + shown(lines[i].sentence) + ")";
    if (text == gateways_[i]->GetLabelText()) continue;
    changed = true;
    set_text(gateways_[i], text);
    set_class(gateways_[i], "danger", !good && lines[i].state.health != Health::not_set_up);
    gateways_[i]->SetToolTip(shown(lines[i].state.sentence));
  }
  return changed;
}

/// A filled mark for a card, an empty one for none, a dotted one for no reader: never alike.
void StatusLine::look_at_readers() {
  if (readers_ == nullptr || looking_) return;
  looking_ = true;
  in_background(
      this, [cards = services_.cards] { return cards->readers(); },
      [this](const core::Result<std::vector<core::CardReaderState>>& readers) {
        looking_ = false;
        using Presence = core::CardReaderState::Presence;
        wxString text;
        const bool none = !readers || readers->empty();
        if (none) text = wxString(L"\u25cc ") + (readers ? say("no card reader") : say("no card service"));
        if (readers)
          for (const core::CardReaderState& reader : *readers) {
            if (!text.empty()) text += "   ";
            text += reader.presence == Presence::empty ? L"\u25cb " : reader.presence == Presence::present ? L"\u25cf " : L"\u26a0 ";
            text += shown(core::sentence_of(reader));
          }
        if (text == readers_->GetLabelText()) return;
        set_text(readers_, text);
        Layout();
      });
}

void StatusLine::tick() {
  if (ticks_ % reader_ticks == 0) look_at_readers();
  const wxString time = wxDateTime::Now().Format("%H:%M");
  const Background* background = Background::instance();
  const bool slow = background != nullptr && background->busy_for() > std::chrono::milliseconds(100);
  const bool moved = ticks_++ % gateway_ticks == 0 && draw_gateways();
  const wxString working = slow ? say("Working…") : wxString();
  if (!moved && time == time_->GetLabelText() && working == working_->GetLabelText()) return;
  set_text(time_, time);
  set_text(working_, working);
  Layout();
}

}  // namespace anahtar::ui
