// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline_panel.h"

#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {

TimelinePanel::TimelinePanel(wxWindow* parent) : Card(parent, say("TIMELINE")) {
  list_ = new RowList(this, "timeline", say("Timeline"), {{"", 62}, {"", 200, wxALIGN_LEFT, true}}, false);
  content()->Add(list_, 1, wxEXPAND);
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
  if (!event.since.empty()) text += wxString(L" \u00b7 ") + escaped(shown(event.since));
  if (!event.who.empty()) text += wxString(L" <span alpha=\"75%\">\u00b7 ") + escaped(from_utf8(event.who)) + "</span>";
  if (!event.text.empty()) {
    const int width = std::max(120, list_->GetClientSize().x - 110);
    text += "\n<i>" + escaped(wrapped(list_, from_utf8(event.text), width)) + "</i>";
  }
  return text;
}

}  // namespace anahtar::ui
