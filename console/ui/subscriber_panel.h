// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/scrolwin.h>

#include "core/tickets.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// Whom the ticket is about: masked until a reason opened it; a blocked password is said plainly. [ui]
class SubscriberPanel : public Card {
 public:
  explicit SubscriberPanel(wxWindow* parent);
  void show(const core::TicketView& view, const core::Clock& clock);

  std::function<void()> show_pressed;  ///< the operator wants to see the data

 private:
  void add_row(wxFlexGridSizer* grid, const wxString& name, const wxString& value, const std::string& id, bool masked);
  void add_blocked(const core::SubscriberView& subscriber, const core::Clock& clock);
  void add_hidden(const wxString& names);
  void add_cards(const core::SubscriberView& subscriber);

  wxScrolledWindow* inside_;
  wxBoxSizer* rows_;
  wxButton* show_;
};

}  // namespace anahtar::ui
