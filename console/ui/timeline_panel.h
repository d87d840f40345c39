// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/tickets.h"
#include "ui/row_list.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// What happened on the ticket, newest first, notes with their text. [ui]
class TimelinePanel : public Card {
 public:
  explicit TimelinePanel(wxWindow* parent);
  void show(const std::vector<core::TimelineEvent>& events, const core::Clock& clock);

 private:
  wxString cell(std::size_t row, unsigned column, core::Time now) const;

  RowList* list_;
  std::vector<core::TimelineEvent> events_;
};

}  // namespace anahtar::ui
