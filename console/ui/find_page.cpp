// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/find_page.h"

#include <algorithm>

#include "core/causes.h"
#include "core/masking.h"
#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

/// Whether the open ticket can be continued by whoever looks.
bool goes_on(const core::SubscriberLine* line) {
  return line != nullptr && line->open_ticket && line->open_ticket_with.empty();
}

constexpr core::Channel channels[] = {core::Channel::call, core::Channel::desk, core::Channel::email, core::Channel::other};

}  // namespace

FindPage::FindPage(wxWindow* parent, Shell& shell) : Surface(parent, "window"), shell_(shell) {
  SetName("find");
  build();
  list_->chosen = [this](int) { draw_buttons(); };
  list_->activated = [this](int) { primary(); };
  Bind(wxEVT_CHAR_HOOK, &FindPage::on_key, this);
}

void FindPage::build() {
  auto* rows = new wxBoxSizer(wxVERTICAL);
  title_ = label(this, "", "title");
  title_->SetName("find.title");
  sentence_ = label(this, "", "muted");
  sentence_->SetName("find.sentence");
  auto* search_row = new wxBoxSizer(wxHORIZONTAL);
  typed_ = new TextField(this, "find.typed");
  typed_->SetHint(say("T.C. Kimlik No, telephone, e-mail, name, or #ticket"));
  set_accessible_name(typed_, say("Find a subscriber"));
  search_row->Add(typed_, 1, wxALIGN_CENTER_VERTICAL);
  search_row->Add(button(this, say("&Find"), "find.search", [this] { search(); }), 0, wxLEFT, step(2));
  found_ = label(this, "", "muted");
  found_->SetName("find.found");
  list_ = new RowList(this, "find.list", say("Subscribers"),
                      {{say("Name"), 150, wxALIGN_LEFT, true},
                       {say("T.C. Kimlik No"), 150},
                       {say("Mobile"), 150},
                       {say("Portal"), 110},
                       {say("Open ticket"), 190}});
  list_->Bind(wxEVT_CHAR, [this](wxKeyEvent& event) {  // who types on means another search, not the row that was found
    const wxChar typed = event.GetUnicodeKey();
    if (typed == WXK_SPACE) return;
    if (typed == WXK_NONE || !wxIsprint(typed) || event.ControlDown() || event.AltDown()) return event.Skip();
    typed_->SetFocus();
    typed_->SetValue(typed);
    typed_->SetInsertionPointEnd();
  });
  auto* choices = new wxBoxSizer(wxHORIZONTAL);
  cause_label_ = label(this, say("Cause"), "muted");
  cause_ = new wxChoice(this, wxID_ANY, wxDefaultPosition, wxDefaultSize, 0, nullptr, 0, wxDefaultValidator, "find.cause");
  for (const core::Cause& cause : core::causes()) cause_->Append(shown(cause.label));
  set_accessible_name(cause_, say("Cause"));
  cause_->Bind(wxEVT_CHOICE, [this](wxCommandEvent&) { cause_chosen_ = true; });
  channel_label_ = label(this, say("Reached us by"), "muted");
  channel_ = new wxChoice(this, wxID_ANY, wxDefaultPosition, wxDefaultSize, 0, nullptr, 0, wxDefaultValidator, "find.channel");
  for (const core::Channel channel : channels) channel_->Append(shown(channel));
  set_accessible_name(channel_, say("Reached us by"));
  choices->Add(cause_label_, 0, wxALIGN_CENTER_VERTICAL | wxRIGHT, step(2));
  choices->Add(cause_, 0, wxALIGN_CENTER_VERTICAL | wxRIGHT, step(4));
  choices->Add(channel_label_, 0, wxALIGN_CENTER_VERTICAL | wxRIGHT, step(2));
  choices->Add(channel_, 0, wxALIGN_CENTER_VERTICAL);
  auto* buttons = new wxBoxSizer(wxHORIZONTAL);
  primary_ = button(this, "?", "find.primary", [this] { primary(); }, "primary");
  another_ = button(this, say("&New ticket"), "find.new", [this] { new_ticket(selected()); });
  without_ = button(this, say("Ticket &without subscriber"), "find.without", [this] { without_subscriber(); });
  auto* back = button(this, say("Back") + "  Esc", "find.back", [this] { leave(); });
  for (wxButton* each : {primary_, another_, without_, back}) buttons->Add(each, 0, wxRIGHT, step(2));
  rows->Add(title_, 0, wxBOTTOM, step(1));
  rows->Add(sentence_, 0, wxBOTTOM, step(3));
  rows->Add(search_row, 0, wxEXPAND | wxBOTTOM, step(2));
  rows->Add(found_, 0, wxBOTTOM, step(2));
  rows->Add(list_, 1, wxEXPAND | wxBOTTOM, step(3));
  rows->Add(choices, 0, wxBOTTOM, step(3));
  rows->Add(buttons, 0);
  auto* outer = new wxBoxSizer(wxVERTICAL);
  outer->Add(rows, 1, wxEXPAND | wxALL, step(4));
  SetSizer(outer);
}

void FindPage::reset(const wxString& title, const wxString& sentence) {
  ++generation_;
  opening_ = false;
  put_call_aside();
  picked_ = {};
  set_text(title_, title);
  set_text(sentence_, sentence);
  typed_->ChangeValue("");
  cause_chosen_ = false;
  const auto usual = shell_.session().role == core::Role::field ? core::Channel::desk : core::Channel::call;
  channel_->SetSelection(static_cast<int>(std::ranges::find(channels, usual) - std::begin(channels)));
  set_text(found_, "");
  show_lines({});
}

void FindPage::begin_find() {
  reset(say("Find a subscriber"), say("The data stay masked. Every look is recorded."));
  draw_buttons();
  typed_->SetFocus();
}

void FindPage::begin_pick(std::function<void(const core::SubscriberLine*)> picked) {
  reset(say("Whom is the ticket about?"), say("Find and choose the right subscriber."));
  picked_ = std::move(picked);
  draw_buttons();
  typed_->SetFocus();
}

void FindPage::begin_call(const core::CallMatch& match) {
  const wxString number = match.call.number.empty() ? say("number withheld") : from_utf8(core::mask_mobile(match.call.number));
  reset(say("Incoming call: {1}", to_utf8(number)),
        match.call.proven ? say("The telephone system proved the number. Who it is, the caller has to show.")
                          : say("The number is not proven: it finds records and verifies nobody."));
  call_ = match;
  auto lines = match.callers;
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) {
    return a.open_ticket.has_value() && !b.open_ticket.has_value();
  });
  const bool unknown = lines.empty();
  set_text(found_, unknown ? say("Unknown caller. Ask who is speaking and search, or take the call without a subscriber.")
                           : say("This number belongs to {1} subscribers. Ask who is speaking.", std::to_string(lines.size())));
  if (lines.size() == 1) set_text(found_, say("This number belongs to one subscriber. Ask who is speaking."));
  show_lines(std::move(lines));
  draw_buttons();
  typed_->SetFocus();  // a list that gets the focus chooses its first row by itself; Down goes there
  if (!match.recognised) return;
  const auto line = std::ranges::find(lines_, *match.recognised, &core::SubscriberLine::id);
  if (line == lines_.end()) return;
  suggest_cause(&*line);
  open_for_call(line->id, goes_on(&*line) ? line->open_ticket : std::nullopt);
}

void FindPage::leave() {
  ++generation_;
  put_call_aside();
  const auto picked = std::move(picked_);
  picked_ = {};
  shell_.back_to_ticket();
  if (picked) picked(nullptr);
}

void FindPage::put_call_aside() {
  if (call_ && call_put_aside) call_put_aside(std::move(*call_));
  call_.reset();
}

/// Everywhere in the window a number after # is a ticket's.
void FindPage::open_by_number(const std::string& digits) {
  const bool number = !digits.empty() && digits.size() <= 18 && digits.find_first_not_of("0123456789") == std::string::npos;
  if (!number) return set_text(found_, say("Write a ticket's number as # and digits, for example #12."));
  if (picked_ || call_) return set_text(found_, say("A number after # is a ticket's. Find the subscriber by name, telephone or T.C. Kimlik No."));
  const core::TicketNumber ticket = std::stoll(digits);
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), ticket] { return services.tickets.view(session, ticket, false); },
      [this, ticket, generation = ++generation_](const core::Result<core::TicketView>& view) {
        if (generation != generation_) return;
        if (!view) return set_text(found_, shown(view.error().sentence));
        shell_.show_ticket(ticket);
      });
}

void FindPage::search() {
  const std::string typed = to_utf8(typed_->GetValue().Strip(wxString::both));
  if (typed.empty()) return;
  if (typed.front() == '#') return open_by_number(typed.substr(1));
  const int generation = ++generation_;
  set_text(found_, say("Searching…"));
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), typed] { return services.directory.find(session, typed); },
      [this, generation](core::Result<std::vector<core::SubscriberLine>> found) {
        if (generation != generation_) return;
        if (!found) {
          set_text(found_, shown(found.error().sentence));
          return show_lines({});
        }
        set_text(found_, found->empty() ? say("Nobody fits. Try another number or spelling.")
                                        : say("{1} found.", to_utf8(shown_count(static_cast<std::int64_t>(found->size())))));
        show_lines(std::move(*found));
        if (lines_.size() == 1) list_->select(0);
        if (!lines_.empty()) list_->SetFocus();
        draw_buttons();
      });
}

void FindPage::show_lines(std::vector<core::SubscriberLine> lines) {
  lines_ = std::move(lines);
  list_->UnselectAll();
  list_->set_rows(
      lines_.size(), [this](std::size_t row, unsigned column) { return cell(row, column); },
      [this](std::size_t row) { return lines_[row].id; });
  draw_buttons();
}

wxString FindPage::cell(std::size_t row, unsigned column) const {
  const core::SubscriberLine& line = lines_[row];
  switch (column) {
    case 0: return escaped(from_utf8(line.name));
    case 1: return escaped(from_utf8(line.national_id));
    case 2: return escaped(from_utf8(line.mobile));
    case 3: return line.blocked ? "<b>" + say("BLOCKED") + "</b>" : say("active");
    default:
      if (!line.open_ticket) return {};
      return wxString::Format("#%lld", static_cast<long long>(*line.open_ticket)) +
             (line.open_ticket_with.empty() ? wxString() : wxString(L" \u00b7 ") + escaped(from_utf8(line.open_ticket_with)));
  }
}

const core::SubscriberLine* FindPage::selected() const {
  const int row = list_->selected();
  return row < 0 ? nullptr : &lines_[static_cast<std::size_t>(row)];
}

/// What is known of the subscriber says why they may be calling; else the operator has to.
void FindPage::suggest_cause(const core::SubscriberLine* line) {
  if (cause_chosen_) return;
  const char* const likely = line != nullptr && line->blocked ? "password_blocked" : "other";
  const auto found = std::ranges::find(core::causes(), likely, &core::Cause::id);
  cause_->SetSelection(static_cast<int>(found - core::causes().begin()));
}

void FindPage::draw_buttons() {
  const core::SubscriberLine* line = selected();
  suggest_cause(line);
  const bool picking = static_cast<bool>(picked_);
  wxString text = say("&Open ticket");
  if (picking) text = say("&Choose this subscriber");
  else if (goes_on(line)) text = say("&Continue ticket #{1}", std::to_string(*line->open_ticket));
  text += wxString(L"  \u21b5");
  set_text(primary_, text);
  set_accessible_name(primary_, wxControl::RemoveMnemonics(text));
  primary_->Enable(line != nullptr);
  another_->Show(!picking && goes_on(line));
  without_->Show(!picking);
  cause_->Show(!picking);
  cause_label_->Show(!picking);
  channel_->Show(!picking && !call_);
  channel_label_->Show(!picking && !call_);
  Layout();
}

void FindPage::primary() {
  const core::SubscriberLine* line = selected();
  if (line == nullptr || opening_) return;
  if (picked_) {
    const auto picked = std::move(picked_);
    picked_ = {};
    const core::SubscriberLine chosen = *line;
    shell_.back_to_ticket();
    return picked(&chosen);
  }
  if (!goes_on(line)) return new_ticket(line);
  if (call_) return open_for_call(line->id, line->open_ticket);
  shell_.show_ticket(*line->open_ticket);
}

void FindPage::new_ticket(const core::SubscriberLine* line) {
  if (opening_) return;
  if (call_) return open_for_call(line != nullptr ? std::optional(line->id) : std::nullopt, std::nullopt);
  core::NewTicket wanted;
  if (line != nullptr) wanted.subscriber = line->id;
  wanted.channel = channels[std::max(0, channel_->GetSelection())];
  wanted.cause = core::causes()[static_cast<std::size_t>(std::max(0, cause_->GetSelection()))].id;
  opening_ = true;
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), wanted] { return services.tickets.open(session, wanted); },
      [this](const core::Result<core::TicketNumber>& ticket) { opened(ticket); });
}

void FindPage::without_subscriber() {
  if (!opening_) new_ticket(nullptr);
}

void FindPage::open_for_call(std::optional<core::SubscriberId> caller, std::optional<core::TicketNumber> existing) {
  opening_ = true;
  const std::string cause = core::causes()[static_cast<std::size_t>(std::max(0, cause_->GetSelection()))].id;
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), call = call_->call, caller, existing, cause] {
        return services.tickets.open_for_call(session, call, caller, existing, cause);
      },
      [this](const core::Result<core::TicketNumber>& ticket) { opened(ticket); });
}

void FindPage::opened(const core::Result<core::TicketNumber>& ticket) {
  opening_ = false;
  if (!ticket) return show_failure(shell_, ticket.error());
  call_.reset();
  shell_.refresh_queue();
  shell_.show_ticket(*ticket);
}

void FindPage::on_key(wxKeyEvent& event) {
  const int key = event.GetKeyCode();
  if (key == WXK_ESCAPE) return leave();
  const bool enter = key == WXK_RETURN || key == WXK_NUMPAD_ENTER;
  wxWindow* focus = wxWindow::FindFocus();
  if (enter && focus == typed_) return search();
  if (enter && (focus == cause_ || focus == channel_)) return selected() != nullptr ? primary() : void();
  if (key == WXK_DOWN && focus == typed_ && !lines_.empty()) {
    list_->SetFocus();
    if (list_->selected() < 0) list_->select(0);
    return draw_buttons();
  }
  event.Skip();
}

}  // namespace anahtar::ui
