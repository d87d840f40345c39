// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/subscriber_panel.h"

#include <algorithm>

#include "core/masking.h"
#include "ui/accessible.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

/// Words for the states that the store keeps.
wxString shown_state(const std::string& state) {
  if (state == "active") return say("active");
  if (state == "locked") return say("locked");
  if (state == "revoked") return say("revoked");
  if (state == "not_activated") return say("not activated");
  if (state == "suspended") return say("suspended");
  if (state == "expired") return say("expired");
  return from_utf8(state);
}

}  // namespace

SubscriberPanel::SubscriberPanel(wxWindow* parent) : Card(parent, say("SUBSCRIBER")) {
  SetName("subscriber");
  show_ = button(this, wxControl::RemoveMnemonics(say("&Show…")), "subscriber.show", [this] {
    if (show_pressed) show_pressed();
  });
  show_->SetToolTip(say("Shows the masked data for five minutes. A reason is asked for and recorded. (Ctrl+D)"));
  heading_row()->Add(show_, 0, wxALIGN_CENTER_VERTICAL);
  inside_ = new wxScrolledWindow(this, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxVSCROLL);
  inside_->SetScrollRate(0, 8);
  paint_background(inside_, "surface");
  rows_ = new wxBoxSizer(wxVERTICAL);
  inside_->SetSizer(rows_);
  content()->Add(inside_, 1, wxEXPAND);
}

void SubscriberPanel::show(const core::TicketView& view, const core::Clock& clock) {
  rows_->Clear(true);
  show_->Show(view.subscriber.has_value() && !view.subscriber->opened_until.has_value());
  if (!view.subscriber) {
    rows_->Add(label(inside_, say("Nobody yet. Find the subscriber with Ctrl+J."), "muted"));
  } else {
    const core::SubscriberView& subscriber = *view.subscriber;
    auto* name = label(inside_, from_utf8(subscriber.name), "heading");
    name->SetName("subscriber.name");
    rows_->Add(name, 0, wxBOTTOM, step(1));
    add_blocked(subscriber, clock);
    auto* grid = new wxFlexGridSizer(2, step(1), step(4));
    wxString hidden;
    for (const core::DataRow& row : subscriber.rows) {
      if (row.id == "name" || row.value.empty()) continue;
      if (row.masked && row.value == core::mask_all(row.value))
        hidden += (hidden.empty() ? "" : wxString(L" \u00b7 ")) + shown(row.label);
      else
        add_row(grid, shown(row.label), from_utf8(row.value), row.id, row.masked);
    }
    rows_->Add(grid, 0, wxTOP, step(1));
    add_cards(subscriber);
    if (!hidden.empty()) add_hidden(hidden);
    if (subscriber.opened_until)
      rows_->Add(label(inside_, say("Data open until {1}.", to_utf8(shown_time(*subscriber.opened_until, clock.now()))),
                       "notice"), 0, wxTOP, step(2));
  }
  inside_->FitInside();
  inside_->SetMinSize(wxSize(-1, std::min(rows_->GetMinSize().y + step(2), 300)));
  Layout();
}

void SubscriberPanel::add_blocked(const core::SubscriberView& subscriber, const core::Clock& clock) {
  wxString words = wxString(L"\u25cf ") + say("Portal password active");
  if (subscriber.blocked) {
    words = wxString(L"\u25a0 ") + say("Portal password BLOCKED, {1} wrong entries", std::to_string(subscriber.failed_tries));
    if (subscriber.blocked_at) words += ", " + shown_time(*subscriber.blocked_at, clock.now());
  }
  auto* state = label(inside_, words, subscriber.blocked ? "danger" : "good");
  state->SetName("subscriber.blocked");
  rows_->Add(state, 0, wxBOTTOM, step(1));
}

void SubscriberPanel::add_row(wxFlexGridSizer* grid, const wxString& name, const wxString& value, const std::string& id,
                              bool masked) {
  grid->Add(label(inside_, name, "muted"));
  auto* text = label(inside_, value, "tabular");
  text->SetName("subscriber." + id);
  if (masked) set_accessible_description(text, say("masked"));
  grid->Add(text);
}

/// What shows nothing of itself takes no row of its own: the cards have to be seen.
void SubscriberPanel::add_hidden(const wxString& names) {
  auto* text = label(inside_, "", "muted");
  text->SetName("subscriber.hidden");
  set_wrapped(text, say("Masked:") + " " + names, std::max(340, inside_->GetClientSize().x - step(2)));
  rows_->Add(text, 0, wxTOP, step(3));
}

void SubscriberPanel::add_cards(const core::SubscriberView& subscriber) {
  for (const core::CardLine& card : subscriber.cards) {
    const wxString line = say("Card {1}: {2}", card.serial, to_utf8(shown_state(card.state)));
    rows_->Add(label(inside_, line, card.state == "locked" ? "danger" : ""), 0, wxTOP, step(1));
  }
  for (const core::CertificateLine& certificate : subscriber.certificates) {
    const wxString line = say("Certificate {1}: {2}, until {3}", certificate.serial, to_utf8(shown_state(certificate.state)),
                              certificate.not_after);
    rows_->Add(label(inside_, line, ""), 0, wxTOP, step(1));
  }
}

}  // namespace anahtar::ui
