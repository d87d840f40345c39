// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline_panel.h"

#include "ui/accessible.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {

TimelinePanel::TimelinePanel(wxWindow* parent) : Card(parent, say("TIMELINE")) {
  const auto choose = [this](bool history) {
    if (history != history_ && scope_chosen) scope_chosen(history);
  };
  of_ticket_ = button(this, say("This ticket"), "timeline.ticket", [choose] { choose(false); }, "tab");
  of_subscriber_ = button(this, say("All of the subscriber"), "timeline.history", [choose] { choose(true); }, "tab");
  auto* scopes = new wxBoxSizer(wxHORIZONTAL);  // a row of its own: beside the heading it would widen the column
  scopes->Add(of_ticket_);
  scopes->Add(of_subscriber_, 0, wxLEFT, step(1));
  content()->Add(scopes, 0, wxBOTTOM, step(1));
  set_scope(false, false);
  list_ = new RowList(this, "timeline", say("Timeline"), {{"", 62}, {"", 200, wxALIGN_LEFT, true}}, false);
  list_->let_heights_differ();  // a note has a line of its own
  content()->Add(list_, 1, wxEXPAND);
}

void TimelinePanel::set_scope(bool history, bool possible) {
  history_ = history;
  of_subscriber_->Enable(possible);
  set_class(of_ticket_, "current", !history);
  set_class(of_subscriber_, "current", history);
}

void TimelinePanel::show(const std::vector<core::TimelineEvent>& events, const core::Clock& clock) {
  events_.assign(events.rbegin(), events.rend());
  const core::Time now = clock.now();
  const auto count = static_cast<std::int64_t>(events_.size());
  list_->set_rows(
      events_.size(), [this, now](std::size_t row, unsigned column) { return cell(row, column, now); },
      [count](std::size_t row) { return count - static_cast<std::int64_t>(row); });
}

wxString TimelinePanel::cell(std::size_t row, unsigned column, core::Time now) const {
  const core::TimelineEvent& event = events_[row];
  if (column == 0) return "<span alpha=\"75%\">" + shown_time(event.at, now) + "</span>";
  wxString text = escaped(shown(event.what));
  if (event.ticket != 0)
    text = wxString::Format("#%lld  ", static_cast<long long>(event.ticket)) + text;
  if (!event.since.empty()) text += wxString(L" \u00b7 ") + escaped(shown(event.since));
  if (!event.who.empty()) text += wxString(L" <span alpha=\"75%\">\u00b7 ") + escaped(from_utf8(event.who)) + "</span>";
  if (!event.text.empty()) {
    const int width = std::max(120, list_->GetClientSize().x - 110);
    text += "\n<i>" + escaped(wrapped(list_, from_utf8(event.text), width)) + "</i>";
  }
  return text;
}

}  // namespace anahtar::ui
