// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/choice.h>
#include <wx/textctrl.h>

#include "ui/row_list.h"
#include "ui/shell.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// Candidates: whom a call may be from, whom the operator looks for, whom a ticket should be about. The program lists,
/// the operator chooses; nobody is chosen by it. [ui]
class FindPage : public Surface {
 public:
  FindPage(wxWindow* parent, Shell& shell);

  void begin_find();
  void begin_call(const core::CallMatch& match);
  void begin_pick(std::function<void(const core::SubscriberLine*)> picked);
  void leave();

  std::function<void(core::CallMatch)> call_put_aside;  ///< the call was left unanswered

 private:
  void build();
  void reset(const wxString& title, const wxString& sentence);
  void put_call_aside();
  void suggest_cause(const core::SubscriberLine* line);
  void open_by_number(const std::string& digits);
  void search();
  void show_lines(std::vector<core::SubscriberLine> lines);
  void draw_buttons();
  wxString cell(std::size_t row, unsigned column) const;
  const core::SubscriberLine* selected() const;
  void primary();
  void new_ticket(const core::SubscriberLine* line);
  void without_subscriber();
  void open_for_call(std::optional<core::SubscriberId> caller, std::optional<core::TicketNumber> existing);
  void opened(const core::Result<core::TicketNumber>& ticket);
  void on_key(wxKeyEvent& event);

  Shell& shell_;
  std::vector<core::SubscriberLine> lines_;
  std::optional<core::CallMatch> call_;
  std::function<void(const core::SubscriberLine*)> picked_;
  int generation_ = 0;
  bool opening_ = false;
  bool cause_chosen_ = false;  ///< by the operator

  wxStaticText* title_;
  wxStaticText* sentence_;
  wxTextCtrl* typed_;
  wxStaticText* found_;
  RowList* list_;
  wxChoice* cause_;
  wxChoice* channel_;
  wxStaticText* channel_label_;
  wxStaticText* cause_label_;
  wxButton* primary_;
  wxButton* another_;
  wxButton* without_;
};

}  // namespace anahtar::ui
