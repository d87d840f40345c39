// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals_page.h"

#include <algorithm>

#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

constexpr std::size_t long_reason = 500, past_shown = 8;

wxString ticket_number(core::TicketNumber ticket) { return wxString::Format("#%lld", static_cast<long long>(ticket)); }

sdk::Form reason_form() {
  return sdk::Form(sdk::tr("Reject the request"))
      .text("reason", sdk::tr("Why?"))
      .max_length(long_reason)
      .hint(sdk::tr("Whoever asked for it reads this, and it stands in the record."))
      .submit_label(sdk::tr("Reject"));
}

}  // namespace

ApprovalsPage::ApprovalsPage(wxWindow* parent, Shell& shell) : Surface(parent, "window"), shell_(shell) {
  SetName("approvals");
  build();
  list_->chosen = [this](int row) { look(row); };
  list_->activated = [this](int) {
    if (approve_->IsShownOnScreen() && approve_->IsEnabled()) approve_->SetFocus();
  };
  reason_->submitted = [this](sdk::Answers answers) {
    sdk::Form form = reason_form();
    if (const auto problems = core::validate(form, answers); !problems.empty()) return reason_->show(form, problems);
    reject(answers["reason"]);
  };
  reason_->cancelled = [this] {
    show_place(request_place);
    list_->SetFocus();
  };
}

void ApprovalsPage::build() {
  auto* rows = new wxBoxSizer(wxVERTICAL);
  rows->Add(label(this, say("Waiting for approval"), "title"), 0, wxBOTTOM, step(3));
  none_ = label(this, say("Nothing waits for approval."), "muted");
  none_->SetName("approvals.none");
  none_->Hide();
  rows->Add(none_, 0, wxBOTTOM, step(2));
  auto* columns = new wxBoxSizer(wxHORIZONTAL);
  list_ = new RowList(this, "approvals.list", say("Waiting for approval"),
                      {{say("Left"), 64, wxALIGN_RIGHT}, {say("What"), 220, wxALIGN_LEFT, true}});
  card_ = new Card(this, say("REQUEST"));
  places_ = new wxSimplebook(card_);
  auto* nothing = new Surface(places_, "surface");
  auto* centred = new wxBoxSizer(wxVERTICAL);
  hint_ = label(nothing, say("Choose a request to see what it would change."), "muted");
  centred->Add(hint_, 0, wxALL, step(2));
  nothing->SetSizer(centred);

  request_ = new Surface(places_, "surface");
  reading_ = new wxScrolledWindow(request_, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxVSCROLL);  // what decides stays in sight
  reading_->SetScrollRate(0, 8);
  paint_background(reading_, "surface");
  auto* facts = new wxBoxSizer(wxVERTICAL);
  title_ = label(reading_, "", "heading");
  title_->SetName("approvals.title");
  facts_ = new wxFlexGridSizer(2, step(1), step(4));
  facts_->AddGrowableCol(1);
  warning_ = label(reading_, "", "notice_stop");
  warning_->SetName("approvals.warning");
  past_ = label(reading_, "", "muted");
  past_->SetName("approvals.past");
  auto* decide = new wxBoxSizer(wxHORIZONTAL);
  approve_ = button(
      request_, say("&Approve"), "approvals.approve", [this] { approve(); }, "primary");
  reject_ = button(request_, say("&Reject…"), "approvals.reject", [this] { ask_reason(); });
  auto* ticket = button(request_, say("Open the &ticket"), "approvals.ticket", [this] {
    if (view_) shell_.show_ticket(view_->line.ticket);
  });
  decide->Add(approve_, 0, wxRIGHT, step(2));
  decide->Add(reject_, 0, wxRIGHT, step(2));
  decide->Add(ticket);
  facts->Add(title_, 0, wxBOTTOM, step(2));
  facts->Add(facts_, 0, wxEXPAND | wxBOTTOM, step(2));
  facts->Add(warning_, 0, wxBOTTOM, step(2));
  facts->Add(label(reading_, say("LATELY, ABOUT THIS SUBSCRIBER"), "section"), 0, wxBOTTOM, step(1));
  facts->Add(past_, 0, wxEXPAND);
  reading_->SetSizer(facts);
  auto* request = new wxBoxSizer(wxVERTICAL);
  request->Add(reading_, 1, wxEXPAND | wxBOTTOM, step(2));
  request->Add(decide);
  request_->SetSizer(request);

  reason_ = new FormView(places_, "reason");
  places_->AddPage(nothing, "");
  places_->AddPage(request_, "");
  places_->AddPage(reason_, "");
  card_->content()->Add(places_, 1, wxEXPAND);
  columns->Add(list_, 42, wxEXPAND);
  columns->Add(card_, 58, wxEXPAND | wxLEFT, step(3));
  rows->Add(columns, 1, wxEXPAND);
  auto* outer = new wxBoxSizer(wxVERTICAL);
  outer->Add(rows, 1, wxEXPAND | wxALL, step(4));
  SetSizer(outer);
}

void ApprovalsPage::begin(std::int64_t number) {
  load(number != 0 ? number : view_ ? view_->line.number : -1);
  list_->SetFocus();
}

void ApprovalsPage::refresh() { load(0); }

bool ApprovalsPage::may_leave() {
  if (places_->GetSelection() != reason_place || !reason_->typed()) return true;
  shell_.notice(Notice::plain,
                say("You began to write why a request is rejected. Save it or cancel it with Esc first."));
  return false;
}

/// `choose`: the request to look at once it is loaded; -1 for the oldest, 0 for none.
void ApprovalsPage::load(std::int64_t choose) {
  const int generation = ++generation_;
  in_background(
      this, [&services = shell_.services(), session = shell_.session()] { return services.approvals->list(session); },
      [this, generation, choose](core::Result<std::vector<core::ApprovalLine>> lines) {
        if (generation != generation_) return;
        if (!lines) return show_failure(shell_, lines.error());
        draw(std::move(*lines), choose);
      });
}

void ApprovalsPage::draw(std::vector<core::ApprovalLine> lines, std::int64_t choose) {
  lines_ = std::move(lines);
  list_->set_rows(
      lines_.size(), [this](std::size_t row, unsigned column) { return line_cell(row, column); },
      [this](std::size_t row) { return lines_[row].number; });
  none_->Show(lines_.empty());
  const auto waits = [this](std::int64_t number) {
    return std::ranges::any_of(lines_, [&](const core::ApprovalLine& line) { return line.number == number; });
  };
  if (view_ && !waits(view_->line.number) && !deciding_) {
    view_.reset();
    show_place(nothing_place);
  }
  Layout();
  if (choose != 0 && !lines_.empty()) {
    if (!list_->select_key(choose)) list_->select(0);
    if (places_->GetSelection() != reason_place) look(list_->selected());
  }
}

wxString ApprovalsPage::line_cell(std::size_t row, unsigned column) const {
  const core::ApprovalLine& line = lines_[row];
  const core::Time now = shell_.services().clock.now();
  if (column == 0) return shown_time_left(line.expires, now);
  const wxString dot = wxString(L" \u00b7 ");
  wxString below = ticket_number(line.ticket) + dot + escaped(from_utf8(line.subscriber)) + dot +
                   (line.mine ? "<i>" + say("asked for by you") + "</i>" : escaped(from_utf8(line.requested_by)));
  return "<b>" + escaped(shown(line.title)) + "</b>\n<span alpha=\"75%\" size=\"smaller\">" + below + "</span>";
}

void ApprovalsPage::look(int row) {
  if (row < 0 || row >= static_cast<int>(lines_.size())) return;
  const core::ApprovalLine line = lines_[static_cast<std::size_t>(row)];
  if (view_ && view_->line.number == line.number && places_->GetSelection() == request_place) return;
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), number = line.number] {
        return services.approvals->view(session, number);
      },
      [this, number = line.number](core::Result<core::ApprovalView> view) {
        const int chosen = list_->selected();
        if (chosen < 0 || lines_[static_cast<std::size_t>(chosen)].number != number) return;  // another one by now
        if (!view) return show_failure(shell_, view.error());
        view_ = std::move(*view);
        draw_request();
        show_place(request_place);
      });
}

/// For text, beside the scrollbar. The book has its size before the page in it has been shown.
int ApprovalsPage::room() const { return std::max(260, places_->GetClientSize().x - step(6)); }

void ApprovalsPage::add_fact(const wxString& name, const wxString& value, const char* id, const char* style_class) {
  facts_->Add(label(reading_, name, "muted"));
  auto* what = label(reading_, "", style_class);
  what->SetName(id);
  set_wrapped(what, value, std::max(220, room() - scaled(180)));
  facts_->Add(what, 1, wxEXPAND);
}

void ApprovalsPage::draw_request() {
  const core::ApprovalView& view = *view_;
  const core::Time now = shell_.services().clock.now();
  const wxString dot = wxString(L" \u00b7 ");
  set_text(title_, shown(view.line.title));
  facts_->Clear(true);
  for (const auto& [name, value] : view.change) {
    const std::string id = "approvals.change." + name.id;
    add_fact(shown(name), shown(value), id.c_str(), "heading");
  }
  add_fact(say("Subscriber"), from_utf8(view.line.subscriber), "approvals.subscriber");
  add_fact(say("Ticket"), ticket_number(view.line.ticket), "approvals.on_ticket");
  add_fact(say("Asked for by"), from_utf8(view.line.requested_by) + dot + shown_time(view.line.requested, now),
           "approvals.requested_by");
  wxString verified = view.method_label.empty() ? say("nobody was verified")
                                                : say("level {1}", std::to_string(view.level)) + dot + shown(view.method_label);
  if (view.verified)
    verified += dot + shown_ago(*view.verified, now) + dot + from_utf8(view.verified_by);
  add_fact(say("Caller verified"), verified, "approvals.verified");
  add_fact(say("Call"), shown(view.call), "approvals.call");
  if (view.recorded) {
    const auto seconds = std::to_string(std::chrono::round<std::chrono::seconds>(*view.recorded).count());
    add_fact(say("Recording"), view.recorded_by_asker ? say("{1} seconds, attached by {2}, who asks for this", seconds, view.recorded_by)
                                                      : say("{1} seconds, attached by {2}", seconds, view.recorded_by),
             "approvals.recorded");
  }
  const wxString since = shown_time(view.number_since, now);
  add_fact(say("Mobile"), view.mobile.empty() ? say("none is registered")
                          : from_utf8(view.mobile) + dot +
                                (view.number_at_least ? say("since {1} or longer", to_utf8(since)) : say("since {1}", to_utf8(since))),
           "approvals.mobile");
  add_fact(say("Expires at"), shown_time(view.line.expires, now), "approvals.expires");

  draw_past();

  wxString warning;
  if (view.cooling_off)
    warning = wxString(L"\u26a0 ") + say("The subscriber's number was changed a short while ago.");
  if (!view.line.objection.empty()) warning = wxString(L"\u2715 ") + shown(view.line.objection);
  if (view.line.mine)
    warning = wxString(L"\u2715 ") + say("You asked for this yourself. Another supervisor must decide.");
  set_wrapped(warning_, warning, room());
  warning_->Show(!warning.empty());
  approve_->Enable(!view.line.mine && !deciding_);
  set_accessible_name(request_, shown(view.line.title) + ". " + verified);
}

/// What a supervisor wants to know of this subscriber before deciding; newest first, as far as there is room.
void ApprovalsPage::draw_past() {
  const core::Time now = shell_.services().clock.now();
  wxString lines;
  for (std::size_t i = 0; i < view_->past.size() && i < past_shown; ++i) {
    const core::ApprovalPast& event = view_->past[i];
    lines += (lines.empty() ? "" : "\n") + shown_time(event.at, now) + wxString(L"  \u00b7  ") +
             (event.ticket != 0 ? ticket_number(event.ticket) + "  " : wxString()) + shown(event.what);
  }
  if (lines.empty()) lines = say("Nothing in the last 30 days.");
  set_wrapped(past_, lines, room());
}

void ApprovalsPage::show_place(Place place) {
  places_->ChangeSelection(place);
  reading_->FitInside();
  card_->Layout();
  lay_out_again(this);
}

void ApprovalsPage::approve() {
  if (!view_ || deciding_) return;
  deciding_ = true;
  approve_->Disable();
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), number = view_->line.number] {
        return services.approvals->approve(session, number);
      },
      [this](const core::Result<core::Text>& said) {
        if (said) return decided(Notice::good, say("Approved. {1}", to_utf8(shown(*said))));
        decided(Notice::stop, shown(said.error().sentence));
      });
}

void ApprovalsPage::ask_reason() {
  if (!view_ || deciding_) return;
  shell_.clear_notice();
  show_place(reason_place);
  reason_->show(reason_form(), {});
  reason_->focus_first();
}

void ApprovalsPage::reject(const std::string& reason) {
  if (!view_ || deciding_) return;
  deciding_ = true;
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), number = view_->line.number, reason] {
        return services.approvals->reject(session, number, reason);
      },
      [this](const core::Result<>& done) {
        if (done) return decided(Notice::good, say("The request was rejected."));
        decided(Notice::stop, shown(done.error().sentence));
      });
}

/// Whatever came of it, the request is looked at anew: it may have been decided by somebody else.
void ApprovalsPage::decided(Notice kind, const wxString& sentence) {
  deciding_ = false;
  shell_.notice(kind, sentence);
  if (changed) changed();
  view_.reset();
  reason_->clear();
  show_place(nothing_place);
  load(-1);
  list_->SetFocus();
}

}  // namespace anahtar::ui
