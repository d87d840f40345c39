// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <deque>
#include <wx/simplebook.h>
#include <wx/timer.h>

#include "ui/approvals_page.h"
#include "ui/audit_page.h"
#include "ui/field_desk_page.h"
#include "ui/find_page.h"
#include "ui/notice_bar.h"
#include "ui/operators_page.h"
#include "ui/plugins_page.h"
#include "ui/queue_panel.h"
#include "ui/shell.h"
#include "ui/shortcuts.h"
#include "ui/ticket_page.h"

namespace anahtar::ui {

/// The desk of one signed-in operator: navigation, queue, ticket, audit, administration. Made anew for every sign-in, so
/// that nothing of one operator is left for the next. [ui]
class DeskPage : public Surface, public Shell {
 public:
  enum class View { tickets, field_desk, approvals, audit, plugins, operators };

  DeskPage(wxWindow* parent, core::Services& services, core::Session session);
  ~DeskPage() override;
  void begin();

  core::Services& services() override { return services_; }
  const core::Session& session() const override { return session_; }
  void notice(Notice kind, const wxString& sentence) override { notice_->show(kind, sentence); }
  void notice(Notice kind, const wxString& sentence, const wxString& button, std::function<void()> pressed) override {
    notice_->show(kind, sentence, button, std::move(pressed));
  }
  void clear_notice() override;
  void show_ticket(core::TicketNumber ticket) override;
  void show_find() override;
  void show_call(const core::CallMatch& match) override;
  void pick_subscriber(std::function<void(const core::SubscriberLine*)> picked) override;
  void back_to_ticket() override;
  void refresh_queue() override { queue_->refresh(); }

  bool offers(View view) const;
  void show(View view);
  void show_shortcuts();
  void refresh();
  void toggle_focus();
  /// A call arrived: shown at once when nothing would be lost, else offered with one key.
  void call_arrived(const core::IncomingCall& call);
  void show_waiting_call();
  void focus_work();  ///< gives the keyboard to what the operator was at
  /// A digit that no text field wants: starts an action. `with_alt` reaches it from a text field too.
  bool digit(int key, bool with_alt);

  std::function<void(View)> view_shown;  ///< the view was changed

  TicketPage& ticket_page() { return *ticket_; }
  /// Whether the desk may go now. False, with a notice, while something would be lost.
  bool may_end();
  AuditPage& audit_page() { return *audit_; }
  core::TicketNumber current_ticket() const { return ticket_->ticket(); }

 private:
  enum Centre { ticket_centre, find_centre, shortcuts_centre };

  void build_navigation(wxSizer* rows);
  void build_desk(wxWindow* parent);
  bool has_field_desk() const { return services_.cards != nullptr && session_.role == core::Role::field; }
  void add_tab(wxSizer* row, View view, const wxString& text, const char* id);
  void show_centre(Centre centre);
  bool may_leave();
  void count_approvals();
  void draw_badge(int to_decide);
  void tell_of_calls();
  void ask_for_outcomes();
  void tell(const std::vector<core::ApprovalLine>& outcomes);

  core::Services& services_;
  core::Session session_;
  std::deque<core::CallMatch> waiting_calls_;
  std::chrono::steady_clock::time_point last_key_{};
  std::deque<core::CallMatch> put_aside_;  ///< calls that were left, the last one last
  std::map<View, wxButton*> tabs_;
  std::map<View, int> pages_;
  int to_decide_ = 0;
  bool counting_ = false;
  core::Time told_until_;  ///< what was decided about this operator's requests until then has been told
  bool asking_ = false;
  wxTimer tick_;
  wxWindow* navigation_;
  NoticeBar* notice_;
  wxSimplebook* views_;
  wxSimplebook* centre_;
  QueuePanel* queue_;
  TicketPage* ticket_;
  FindPage* find_;
  ShortcutsPage* shortcuts_;
  FieldDeskPage* field_desk_ = nullptr;
  ApprovalsPage* approvals_ = nullptr;
  AuditPage* audit_ = nullptr;
  OperatorsPage* operators_ = nullptr;
};

}  // namespace anahtar::ui
