// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue_panel.h"

#include <wx/dcclient.h>

#include <algorithm>

#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

constexpr int page_size = 200;
constexpr int refresh_milliseconds = 5000;
constexpr int age_width = 74;  ///< of the second column, at the normal text size

core::TicketFilter::Queue queue_of(QueuePanel::Tab tab) {
  switch (tab) {
    case QueuePanel::Tab::mine: return core::TicketFilter::Queue::mine;
    case QueuePanel::Tab::waiting: return core::TicketFilter::Queue::waiting;
    case QueuePanel::Tab::closed: return core::TicketFilter::Queue::closed;
    case QueuePanel::Tab::all: return core::TicketFilter::Queue::all;
    case QueuePanel::Tab::open:
    case QueuePanel::Tab::hints:
    case QueuePanel::Tab::unfinished: break;
  }
  return core::TicketFilter::Queue::open;
}

core::TicketLine line_of(const core::Actions::Unfinished& run) {
  core::TicketLine line;
  line.number = run.ticket;
  line.cause = run.title;
  line.assignee = run.operator_name;
  line.opened = line.updated = run.started;
  line.unfinished = true;
  return line;
}

core::TicketLine line_of(const core::Hint& hint) {
  core::TicketLine line;
  line.number = hint.ticket;
  line.cause = hint.title;
  line.subscriber = hint.subscriber_name;
  line.assignee = hint.operator_name;
  line.opened = line.updated = hint.at;
  return line;
}

wxString small(const wxString& text) { return "<span alpha=\"75%\" size=\"smaller\">" + text + "</span>"; }

}  // namespace

QueuePanel::QueuePanel(wxWindow* parent, Shell& shell)
    : Surface(parent, "window"), shell_(shell), limit_(page_size), tick_(this) {
  SetName("queue");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  tab_grid_ = new wxGridSizer(3, step(1), step(1));
  add_tab(Tab::mine, "queue.mine");
  add_tab(Tab::waiting, "queue.waiting");
  add_tab(Tab::open, "queue.open");
  add_tab(Tab::unfinished, "queue.unfinished");
  add_tab(Tab::closed, "queue.closed");
  add_tab(Tab::all, "queue.all");
  if (shell_.session().role == core::Role::supervisor && shell_.services().hints != nullptr)
    add_tab(Tab::hints, "queue.hints");
  list_ = new RowList(this, "queue.list", say("Tickets"), {{"", 200, wxALIGN_LEFT, true}, {"", age_width, wxALIGN_RIGHT}}, false);
  list_->activated = [this](int row) {
    if (const auto number = lines_[static_cast<std::size_t>(row)].number; number != 0) shell_.show_ticket(number);
  };
  list_->near_end = [this] { load_more(); };
  nothing_ = label(this, say("No tickets here."), "muted");
  rows->Add(tab_grid_, 0, wxEXPAND | wxALL, step(2));
  rows->Add(nothing_, 0, wxALIGN_CENTER | wxALL, step(3));
  rows->Add(list_, 1, wxEXPAND | wxLEFT | wxRIGHT | wxBOTTOM, step(2));
  SetSizer(rows);
  SetMinSize(wxSize(340, -1));
  nothing_->Hide();
  draw_tabs();
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) {
    if (!loading_ && IsShownOnScreen()) refresh();
  });
  tick_.Start(refresh_milliseconds);
}

void QueuePanel::add_tab(Tab tab, const char* id) {
  tabs_[tab] = button(this, "?", id, [this, tab] { show_tab(tab); }, "tab");
  set_class(tabs_[tab], "narrow");
  tab_grid_->Add(tabs_[tab], 0, wxEXPAND);
}

void QueuePanel::draw_tabs() {
  const auto text = [&](Tab tab) {
    const auto counted = [](const wxString& word, std::int64_t count) { return word + "  " + shown_count(count); };
    switch (tab) {
      case Tab::mine: return counted(say("Mine"), counts_.mine);
      case Tab::waiting: return counted(say("Unassigned"), counts_.waiting);
      case Tab::open: return counted(say("Open"), counts_.open);
      case Tab::unfinished: return counted(say("Unfinished"), unfinished_);
      case Tab::hints: return counted(wxString(L"\u2691 ") + say("To look at"), hints_);
      case Tab::closed: return say("Closed");
      case Tab::all: break;
    }
    return say("All");
  };
  for (auto& [tab, press] : tabs_) {
    set_text(press, text(tab));
    set_accessible_name(press, text(tab));
    set_class(press, "current", tab == tab_);
  }
  fit_tabs();
}

/// Three in a row, where the longest name has room for it.
void QueuePanel::fit_tabs() {
  wxClientDC measure(this);
  measure.SetFont(text_font());
  int widest = 0;
  for (const auto& [tab, press] : tabs_) widest = std::max(widest, measure.GetTextExtent(press->GetLabel()).x + step(3));
  const int room = std::max(GetClientSize().x, GetMinWidth()) - 2 * step(2);
  const int columns = 3 * widest + 2 * step(1) > room ? 2 : 3;
  if (tab_grid_->GetCols() == columns) return;
  tab_grid_->SetCols(columns);
  Layout();
}

void QueuePanel::show_tab(Tab tab) {
  tab_ = tab;
  limit_ = page_size;
  draw_tabs();
  refresh();
}

core::Result<QueuePanel::Loaded> QueuePanel::fetch(core::Services& services, const core::Session& session, Tab tab,
                                                   int limit) {
  Loaded loaded;
  auto counts = services.tickets.counts(session);
  if (!counts) return std::unexpected(counts.error());
  loaded.counts = *counts;
  const auto runs = services.actions.unfinished(session);
  if (!runs) return std::unexpected(runs.error());
  loaded.unfinished = std::ssize(*runs);
  if (tab == Tab::unfinished) {
    for (const auto& run : *runs) loaded.lines.push_back(line_of(run));
    return loaded;
  }
  if (services.hints != nullptr && session.role == core::Role::supervisor) {
    auto lines = lines_to_look_at(services, session);
    if (!lines) return std::unexpected(lines.error());
    loaded.hints = static_cast<std::int64_t>(lines->size());
    if (tab == Tab::hints) {
      loaded.lines = std::move(*lines);
      return loaded;
    }
  }
  core::TicketFilter filter;
  filter.queue = queue_of(tab);
  filter.me = session.operator_id;
  filter.limit = limit;
  auto lines = services.tickets.list(session, filter);
  if (!lines) return std::unexpected(lines.error());
  loaded.lines = std::move(*lines);
  core::Actions::mark_unfinished(loaded.lines, *runs);
  return loaded;
}

core::Result<std::vector<core::TicketLine>> QueuePanel::lines_to_look_at(core::Services& services,
                                                                         const core::Session& session) {
  std::vector<core::TicketLine> lines;
  auto hints = services.hints->current(session);
  if (!hints) return std::unexpected(hints.error());
  for (const core::Hint& hint : *hints) lines.push_back(line_of(hint));
  add_stranded(services, session, lines);
  if (services.recordings == nullptr) return lines;
  const auto missing = services.recordings->missing(session);
  if (!missing) return std::unexpected(missing.error());
  for (const core::TicketNumber number : *missing) {
    core::TicketLine line;
    line.number = number;
    line.cause = core::tr("The recording of the call did not come in time");
    line.opened = line.updated = services.clock.now();
    line.recording_missing = true;
    lines.push_back(std::move(line));
  }
  return lines;
}

void QueuePanel::add_stranded(core::Services& services, const core::Session& session,
                              std::vector<core::TicketLine>& lines) {
  if (services.stranded == nullptr) return;
  const auto stranded = services.stranded->list(session);
  if (!stranded) return;
  for (const core::MessageStatus& message : *stranded) {
    core::TicketLine line;
    line.number = message.ticket;
    line.cause = core::tr("A message waits on a computer that does not send it: {1}", core::term(message.label));
    line.opened = line.updated = message.changed;
    lines.push_back(std::move(line));
  }
}

void QueuePanel::refresh() {
  const int generation = ++generation_;
  loading_ = true;
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), tab = tab_, limit = limit_] {
        return fetch(services, session, tab, limit);
      },
      [this, generation](core::Result<Loaded> loaded) {
        if (generation != generation_) return;
        loading_ = false;
        if (!loaded) return show_failure(shell_, loaded.error());
        draw(std::move(*loaded));
      });
}

void QueuePanel::load_more() {
  if (loading_ || tab_ == Tab::unfinished || tab_ == Tab::hints || static_cast<int>(lines_.size()) < limit_) return;
  limit_ += page_size * std::max(1, limit_ / (page_size * 4));
  refresh();
}

void QueuePanel::draw(Loaded loaded) {
  lines_ = std::move(loaded.lines);
  counts_ = loaded.counts;
  unfinished_ = loaded.unfinished;
  hints_ = loaded.hints;
  draw_tabs();
  const bool none = lines_.empty();
  if (nothing_->IsShown() != none) {
    nothing_->Show(none);
    Layout();
  }
  list_->set_rows(
      lines_.size(), [this](std::size_t row, unsigned column) { return cell(row, column); },
      [this](std::size_t row) { return lines_[row].number; });
  if (to_choose_) to_choose_ = !list_->select_key(open_ticket_);
}

wxString QueuePanel::cell(std::size_t row, unsigned column) const {
  const core::TicketLine& line = lines_[row];
  const core::Time now = shell_.services().clock.now();
  if (column == 1) {
    wxString age = shown_age(line.opened, now);
    wxString below = line.priority == core::Priority::urgent || line.priority == core::Priority::high
                         ? wxString(L"\u25b2 ") + shown(line.priority)
                         : line.state == core::TicketState::open ? wxString() : shown(line.state);
    if (line.state == core::TicketState::waiting && line.priority == core::Priority::normal) below = say("waits");
    return age + "\n" + small(below);
  }
  wxString first = wxString::Format("#%lld  ", static_cast<long long>(line.number)) + shown(line.cause);
  if (tab_ == Tab::hints) first = wrapped(list_, first, std::max(list_->GetClientSize().x - scaled(age_width), scaled(180)) - step(6));
  first = escaped(first);
  if (line.number == open_ticket_) first = "<b>" + first + "</b>";
  wxString whose = line.mine ? say("mine") : line.assignee.empty() ? say("nobody yet") : escaped(from_utf8(line.assignee));
  if (line.unfinished) whose = wxString(L"\u26a0 ") + say("unfinished") + wxString(L" \u00b7 ") + whose;
  if (line.recording_missing && tab_ != Tab::hints)
    whose = wxString(L"\u2691 ") + say("recording missing") + wxString(L" \u00b7 ") + whose;
  if (line.waits_for_approval) whose = say("waits for approval") + wxString(L" \u00b7 ") + whose;
  const wxString who = line.subscriber.empty() ? wxString() : escaped(from_utf8(line.subscriber)) + wxString(L" \u00b7 ");
  return first + "\n" + small(who + whose);
}

void QueuePanel::mark_open(core::TicketNumber ticket) {
  open_ticket_ = ticket;
  list_->Refresh();
  to_choose_ = !list_->select_key(ticket);
}

}  // namespace anahtar::ui
