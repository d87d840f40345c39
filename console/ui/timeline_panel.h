// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/tickets.h"
#include "ui/row_list.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// What happened on the ticket, or to its subscriber over all tickets, newest first, notes with their text. [ui]
class TimelinePanel : public Card {
 public:
  explicit TimelinePanel(wxWindow* parent);
  /// The operator chose the subscriber's history (true) or the ticket's own timeline.
  std::function<void(bool)> scope_chosen;
  bool shows_history() const { return history_; }
  /// Draws the choice; `possible`: there is a subscriber.
  void set_scope(bool history, bool possible);
  void show(const std::vector<core::TimelineEvent>& events, const core::Clock& clock);

 private:
  wxString cell(std::size_t row, unsigned column, core::Time now) const;

  wxButton* of_ticket_;
  wxButton* of_subscriber_;
  bool history_ = false;
  RowList* list_;
  std::vector<core::TimelineEvent> events_;
};

}  // namespace anahtar::ui
