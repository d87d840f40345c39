// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desk_page.h"

#include <algorithm>

#include "core/masking.h"
#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {

namespace {

constexpr int count_milliseconds = 2000;

/// Whoever pressed a key so lately is about to press the next one, and it was meant for what they saw.
constexpr std::chrono::milliseconds hands_on{1500};

}  // namespace

void show_failure(Shell& shell, const core::Failure& failure) { shell.notice(Notice::stop, shown(failure.sentence)); }

DeskPage::DeskPage(wxWindow* parent, core::Services& services, core::Session session)
    : Surface(parent, "window"), services_(services), session_(std::move(session)), told_until_(services.clock.now()), tick_(this) {
  SetName("desk");
  Bind(wxEVT_CHAR_HOOK, [this](wxKeyEvent& event) {
    last_key_ = std::chrono::steady_clock::now();
    event.Skip();
  });
  Hide();  // until it is laid out: GTK would give each button a pixel, and complain
  auto* rows = new wxBoxSizer(wxVERTICAL);
  build_navigation(rows);
  notice_ = new NoticeBar(this);
  rows->Add(notice_, 0, wxEXPAND);
  views_ = new wxSimplebook(this);
  build_desk(views_);
  if (has_field_desk()) {
    field_desk_ = new FieldDeskPage(views_, *this);
    pages_[View::field_desk] = static_cast<int>(views_->GetPageCount());
    views_->AddPage(field_desk_, "");
  }
  if (session_.role == core::Role::supervisor && services_.approvals != nullptr) {
    approvals_ = new ApprovalsPage(views_, *this);
    approvals_->changed = [this] {
      count_approvals();
      queue_->refresh();
      ticket_->refresh();
    };
    pages_[View::approvals] = static_cast<int>(views_->GetPageCount());
    views_->AddPage(approvals_, "");
  }
  audit_ = new AuditPage(views_, *this);
  pages_[View::audit] = static_cast<int>(views_->GetPageCount());
  views_->AddPage(audit_, "");
  if (session_.role == core::Role::administrator) {
    pages_[View::plugins] = static_cast<int>(views_->GetPageCount());
    views_->AddPage(new PluginsPage(views_, *this), "");
    operators_ = new OperatorsPage(views_, *this);
    pages_[View::operators] = static_cast<int>(views_->GetPageCount());
    views_->AddPage(operators_, "");
  }
  rows->Add(views_, 1, wxEXPAND);
  SetSizer(rows);
  if (services_.approvals == nullptr) return;
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) {
    if (!IsShownOnScreen()) return;
    count_approvals();
    ask_for_outcomes();
  });
  tick_.Start(count_milliseconds);
}

DeskPage::~DeskPage() {
  if (services_.recordings != nullptr) services_.recordings->stop_playing();  // nobody is here to hear it
}

void DeskPage::build_navigation(wxSizer* rows) {
  navigation_ = new Surface(this, "sunken");
  auto* row = new wxBoxSizer(wxHORIZONTAL);
  add_tab(row, View::tickets, say("Tickets"), "nav.tickets");
  if (has_field_desk()) add_tab(row, View::field_desk, say("Field desk"), "nav.field_desk");
  if (session_.role == core::Role::supervisor && services_.approvals != nullptr)
    add_tab(row, View::approvals, say("Approvals"), "nav.approvals");
  add_tab(row, View::audit, say("Audit"), "nav.audit");
  if (session_.role == core::Role::administrator) {
    add_tab(row, View::plugins, say("Plugins"), "nav.plugins");
    add_tab(row, View::operators, say("Operators"), "nav.operators");
  }
  row->AddStretchSpacer();
  row->Add(button(navigation_, say("Find a subscriber") + "   Ctrl+K", "nav.find", [this] { show_find(); }), 0,
           wxALIGN_CENTER_VERTICAL | wxALL, step(1));
  row->AddSpacer(step(2));
  navigation_->SetSizer(row);
  rows->Add(navigation_, 0, wxEXPAND);
}

void DeskPage::add_tab(wxSizer* row, View view, const wxString& text, const char* id) {
  tabs_[view] = button(navigation_, text, id, [this, view] { show(view); }, "tab");
  row->Add(tabs_[view], 0, wxALIGN_CENTER_VERTICAL | wxLEFT | wxTOP | wxBOTTOM, step(1));
}

void DeskPage::build_desk(wxWindow* parent) {
  auto* desk = new Surface(parent, "window");
  auto* columns = new wxBoxSizer(wxHORIZONTAL);
  queue_ = new QueuePanel(desk, *this);
  centre_ = new wxSimplebook(desk);
  ticket_ = new TicketPage(centre_, *this);
  find_ = new FindPage(centre_, *this);
  find_->call_put_aside = [this](core::CallMatch match) { put_aside_.push_back(std::move(match)); };
  shortcuts_ = new ShortcutsPage(centre_, *this);
  centre_->AddPage(ticket_, "");
  centre_->AddPage(find_, "");
  centre_->AddPage(shortcuts_, "");
  columns->Add(queue_, 0, wxEXPAND);
  columns->Add(centre_, 1, wxEXPAND);
  desk->SetSizer(columns);
  pages_[View::tickets] = static_cast<int>(views_->GetPageCount());
  views_->AddPage(desk, "");
}

void DeskPage::begin() {
  show(View::tickets);
  queue_->focus_list();
  count_approvals();
  if (field_desk_ != nullptr) show(View::field_desk);
}

bool DeskPage::offers(View view) const { return pages_.contains(view); }

void DeskPage::show(View view) {
  if (!offers(view)) return;
  if (approvals_ != nullptr && view != View::approvals && !approvals_->may_leave()) return;
  if (field_desk_ != nullptr && view != View::field_desk && !field_desk_->may_leave()) return;
  views_->ChangeSelection(pages_[view]);
  lay_out_again(this);
  for (auto& [each, press] : tabs_) set_class(press, "current", each == view);
  if (view == View::tickets) {
    queue_->refresh();
    if (centre_->GetSelection() == ticket_centre) focus_work();
  }
  if (view == View::field_desk) field_desk_->begin();
  if (view == View::approvals) approvals_->begin();
  if (view == View::audit) audit_->begin();
  if (view == View::operators) operators_->begin();
  if (view_shown) view_shown(view);
}

void DeskPage::count_approvals() {
  if (counting_ || approvals_ == nullptr) return;
  counting_ = true;
  in_background(
      this, [this_services = &services_, session = session_] { return this_services->approvals->count(session); },
      [this](const core::Result<int>& to_decide) {
        counting_ = false;
        if (to_decide) draw_badge(*to_decide);  // else the queue says what is wrong, every five seconds
      });
}

void DeskPage::draw_badge(int to_decide) {
  if (to_decide == to_decide_) return;
  to_decide_ = to_decide;
  wxButton* tab = tabs_[View::approvals];
  set_class(tab, "alert", to_decide > 0);  // bold: it is measured with the text
  set_text(tab, to_decide == 0 ? say("Approvals") : say("Approvals") + wxString::Format("  %d", to_decide));
  tab->InvalidateBestSize();
  set_accessible_name(tab, to_decide == 0 ? say("Approvals") : say("Approvals, {1} to decide", std::to_string(to_decide)));
  navigation_->Layout();
  queue_->refresh();
  if (views_->GetSelection() == pages_[View::approvals]) approvals_->refresh();
}

/// What was decided meanwhile about what this operator asked for.
void DeskPage::ask_for_outcomes() {
  if (asking_) return;
  asking_ = true;
  in_background(
      this,
      [this_services = &services_, session = session_, since = told_until_] {
        return this_services->approvals->outcomes(session, since);
      },
      [this](const core::Result<std::vector<core::ApprovalLine>>& outcomes) {
        asking_ = false;
        if (outcomes && !outcomes->empty()) tell(*outcomes);
      });
}

void DeskPage::tell(const std::vector<core::ApprovalLine>& outcomes) {
  wxString sentences;
  bool good = true;
  for (const core::ApprovalLine& line : outcomes) {
    told_until_ = std::max(told_until_, line.decided.value_or(told_until_));
    good &= line.state == "approved";
    sentences += (sentences.empty() ? "" : "\n") + shown(core::outcome_of(line));
    if (line.ticket == ticket_->ticket()) ticket_->refresh();
  }
  queue_->refresh();
  const core::TicketNumber ticket = outcomes.front().ticket;
  notice_->show(good ? Notice::good : Notice::stop, sentences,
                say("Open ticket #{1}", std::to_string(ticket)), [this, ticket] { show_ticket(ticket); });
}

void DeskPage::show_centre(Centre centre) {
  if (views_->GetSelection() != pages_[View::tickets]) show(View::tickets);
  centre_->ChangeSelection(centre);
  lay_out_again(this);
}

bool DeskPage::may_leave() { return ticket_->may_leave(); }

bool DeskPage::may_end() { return may_leave() && (field_desk_ == nullptr || field_desk_->may_leave()); }

void DeskPage::show_ticket(core::TicketNumber ticket) {
  if (ticket != ticket_->ticket() && !may_leave()) return show_centre(ticket_centre);
  clear_notice();
  show_centre(ticket_centre);
  queue_->mark_open(ticket);
  ticket_->open(ticket);
}

void DeskPage::show_find() {
  if (!may_leave()) return show_centre(ticket_centre);
  clear_notice();
  show_centre(find_centre);
  find_->begin_find();
}

void DeskPage::pick_subscriber(std::function<void(const core::SubscriberLine*)> picked) {
  show_centre(find_centre);
  find_->begin_pick(std::move(picked));
}

void DeskPage::show_call(const core::CallMatch& match) {
  show_centre(find_centre);
  clear_notice();
  find_->begin_call(match);
}

void DeskPage::back_to_ticket() {
  show_centre(ticket_centre);
  focus_work();
}

void DeskPage::focus_work() {
  ticket_->ticket() != 0 ? ticket_->focus_work() : queue_->focus_list();
}

void DeskPage::show_shortcuts() {
  show_centre(shortcuts_centre);
  shortcuts_->begin();
}

void DeskPage::refresh() {
  queue_->refresh();
  ticket_->refresh();
  count_approvals();
  if (approvals_ != nullptr && views_->GetSelection() == pages_[View::approvals]) approvals_->refresh();
  if (views_->GetSelection() == pages_[View::audit]) audit_->begin();
}

void DeskPage::toggle_focus() {
  wxWindow* focus = wxWindow::FindFocus();
  while (focus != nullptr && focus != queue_) focus = focus->GetParent();
  focus == queue_ ? focus_work() : queue_->focus_list();
}

void DeskPage::call_arrived(const core::IncomingCall& call) {
  in_background(
      this, [this_services = &services_, session = session_, call] { return this_services->tickets.match_call(session, call); },
      [this](core::Result<core::CallMatch> match) {
        if (!match) return show_failure(*this, match.error());
        const bool occupied = ticket_->running() || centre_->GetSelection() == find_centre ||
                              typing_into(wxWindow::FindFocus()) || std::chrono::steady_clock::now() - last_key_ < hands_on;
        if (!occupied) return show_call(*match);
        waiting_calls_.push_back(std::move(*match));
        tell_of_calls();
      });
}

void DeskPage::tell_of_calls() {
  if (waiting_calls_.empty()) return;
  const std::string first = core::mask_mobile(waiting_calls_.front().call.number);
  const wxString sentence = waiting_calls_.size() == 1
                                ? say("A call is waiting: {1}", first)
                                : say("{1} calls are waiting, the first: {2}", std::to_string(waiting_calls_.size()), first);
  notice_->show(Notice::plain, sentence, say("Show the call") + "  F9", [this] { show_waiting_call(); });
}

/// What waits; else the one that was put aside last.
void DeskPage::show_waiting_call() {
  if (waiting_calls_.empty() && put_aside_.empty()) return;
  if (!may_leave()) return;
  const bool waits = !waiting_calls_.empty();
  core::CallMatch next = std::move(waits ? waiting_calls_.front() : put_aside_.back());
  waits ? waiting_calls_.pop_front() : put_aside_.pop_back();
  show_call(next);
}

void DeskPage::clear_notice() {
  notice_->dismiss();
  tell_of_calls();
}

bool DeskPage::digit(int key, bool with_alt) {
  if (views_->GetSelection() != pages_[View::tickets] || centre_->GetSelection() != ticket_centre) return false;
  if (!with_alt && typing_into(wxWindow::FindFocus())) return false;
  return ticket_->digit(key);
}

}  // namespace anahtar::ui
