// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/tickets.h"
#include "ui/ticket_prompts.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// Number, cause, state, whose it is, how old; and what can be done with the ticket itself. [ui]
class TicketHeader : public Surface {
 public:
  explicit TicketHeader(wxWindow* parent);
  void show(const core::TicketView& view, const core::Session& session, const core::Clock& clock);

  std::function<void(TicketCommand)> command;
  std::function<void()> more;  ///< the commands that are needed less often

 private:
  void add_command(wxSizer* row, const wxString& text, const char* id, TicketCommand which);

  wxStaticText* title_;
  wxStaticText* state_;
  wxStaticText* call_;
  std::map<TicketCommand, wxButton*> commands_;
};

}  // namespace anahtar::ui
