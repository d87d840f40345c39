// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ticket_header.h"

#include "core/ticket_rules.h"
#include "ui/accessible.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {

TicketHeader::TicketHeader(wxWindow* parent) : Surface(parent, "window") {
  SetName("ticket.header");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  auto* first = new wxBoxSizer(wxHORIZONTAL);
  title_ = label(this, "", "title");
  title_->SetName("ticket.title");
  first->Add(title_, 1, wxALIGN_CENTER_VERTICAL);
  add_command(first, say("&Take"), "ticket.take", TicketCommand::take);
  add_command(first, say("N&ote"), "ticket.note", TicketCommand::note);
  add_command(first, say("&Wait"), "ticket.wait", TicketCommand::wait);
  add_command(first, say("Hand o&ver"), "ticket.hand_over", TicketCommand::hand_over);
  add_command(first, say("&Close"), "ticket.close", TicketCommand::close);
  add_command(first, say("Open a&gain"), "ticket.reopen", TicketCommand::reopen);
  first->Add(button(this, say("&More…"), "ticket.more", [this] {
    if (more) more();
  }), 0, wxLEFT | wxALIGN_CENTER_VERTICAL, step(1));
  auto* second = new wxBoxSizer(wxHORIZONTAL);
  state_ = label(this, "", "muted");
  state_->SetName("ticket.state");
  call_ = label(this, "", "muted");
  call_->SetName("ticket.call");
  second->Add(state_, 0);
  second->Add(call_, 0, wxLEFT, step(4));
  rows->Add(first, 0, wxEXPAND);
  rows->Add(second, 0, wxEXPAND | wxTOP, step(1));
  SetSizer(rows);
}

void TicketHeader::add_command(wxSizer* row, const wxString& text, const char* id, TicketCommand which) {
  // Each has a key of its own with Ctrl; with Alt its letter would keep a menu from opening.
  auto* made = button(this, wxControl::RemoveMnemonics(text), id, [this, which] {
    if (command) command(which);
  });
  commands_[which] = made;
  row->Add(made, 0, wxLEFT | wxALIGN_CENTER_VERTICAL, step(1));
}

void TicketHeader::show(const core::TicketView& view, const core::Session& session, const core::Clock& clock) {
  const bool mine = view.ticket.assignee == session.operator_id;
  const bool may_take = !view.ticket.assignee || session.role == core::Role::supervisor;
  const core::Ticket& ticket = view.ticket;
  const bool closed = ticket.state == core::TicketState::closed;
  set_text(title_, wxString::Format("#%lld  ", static_cast<long long>(ticket.number)) + shown(view.cause));
  const wxString whose = mine ? say("mine")
                              : view.assignee.empty() ? say("nobody has taken it") : say("with {1}", view.assignee);
  const wxString dot = wxString(L"  \u00b7  ");
  wxString state = wxString(closed ? L"\u25a1 " : L"\u25cf ") + shown(ticket.state) + dot + whose + dot +
                   say("opened {1}", to_utf8(shown_ago(ticket.opened, clock.now())));
  if (ticket.priority != core::Priority::normal) state += dot + say("priority {1}", to_utf8(shown(ticket.priority)));
  set_text(state_, state);
  wxString call;
  if (!view.call.empty())
    call = wxString(L"\u260e ") + (view.call_is_registered_mobile
               ? say("{1}, the registered mobile (proven)", view.call)
               : ticket.call_proven ? say("{1}, proven, not the registered mobile", view.call)
                                    : say("{1}, not proven", view.call));
  if (!ticket.caller_is.empty()) call += dot + say("caller is not the holder");
  set_text(call_, call);
  commands_[TicketCommand::take]->Show(!closed && !mine && may_take);
  const bool may_work = !core::objection_to_work(session, ticket);
  for (const auto which : {TicketCommand::note, TicketCommand::wait, TicketCommand::hand_over, TicketCommand::close})
    commands_[which]->Enable(may_work);
  commands_[TicketCommand::note]->Show(!closed);
  commands_[TicketCommand::hand_over]->Show(!closed);
  commands_[TicketCommand::wait]->Show(!closed && ticket.state == core::TicketState::open);
  commands_[TicketCommand::close]->Show(!closed);
  commands_[TicketCommand::reopen]->Show(closed);
  Layout();
}

}  // namespace anahtar::ui
