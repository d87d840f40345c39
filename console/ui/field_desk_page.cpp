// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/field_desk_page.h"

#include <algorithm>

#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

using Presence = core::CardReaderState::Presence;

constexpr int bar_width = 460;  // pixels at the normal text size
constexpr int look_milliseconds = 150;  // so that a card is told of within a third of a second
constexpr char identity_action[] = "verification.identity_card", unlock_action[] = "card.unlock";

std::vector<wxString> stage_names() {
  return {say("1  Card"), say("2  Holder"), say("3  Identity card"), say("4  Unlock"), say("5  Done")};
}

}  // namespace

FieldDeskPage::FieldDeskPage(wxWindow* parent, Shell& shell) : Surface(parent, "window"), shell_(shell), tick_(this) {
  SetName("field_desk");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  auto* strip = new wxBoxSizer(wxHORIZONTAL);
  for (const wxString& text : stage_names()) {
    stages_.push_back(label(this, text, "muted"));
    stages_.back()->SetFont(text_font(large_text));
    strip->Add(stages_.back(), 0, wxRIGHT, step(8));
  }
  rows->Add(strip, 0, wxBOTTOM, step(3));
  whose_ = label(this, "", "heading");
  whose_->SetName("field_desk.whose");
  verified_ = new VerificationBar(this, VerificationBar::Countdown::minutes);
  verified_->SetMinSize(wxSize(scaled(bar_width), -1));
  verified_->Hide();
  verified_->ran_out = [this] { look_at_ticket(); };
  auto* about = new wxBoxSizer(wxHORIZONTAL);
  about->Add(whose_, 1, wxALIGN_CENTER_VERTICAL);
  about->Add(verified_, 0, wxALIGN_CENTER_VERTICAL | wxRESERVE_SPACE_EVEN_IF_HIDDEN);
  rows->Add(about, 0, wxEXPAND | wxBOTTOM, step(3));

  auto* card = new Surface(this, "surface", Surface::Kind::card);
  auto* inside = new wxBoxSizer(wxVERTICAL);
  talk_ = new Surface(card, "surface");
  auto* words = new wxBoxSizer(wxVERTICAL);
  heading_ = label(talk_, "", "huge");
  heading_->SetName("field_desk.heading");
  detail_ = label(talk_, "", "");
  detail_->SetFont(text_font(large_text));
  detail_->SetName("field_desk.detail");
  auto* buttons = new wxBoxSizer(wxHORIZONTAL);
  next_ = button(talk_, "", "field_desk.next", [this] { go_on(); }, "primary");
  anew_ = button(talk_, say("Begin with another card") + "  Esc", "field_desk.anew", [this] { put_aside(); });
  elsewhere_ = button(talk_, say("&Open ticket"), "field_desk.elsewhere", [this] { shell_.show_ticket(ticket_); });
  buttons->Add(next_, 0, wxRIGHT, step(2));
  buttons->Add(anew_, 0, wxRIGHT, step(2));
  buttons->Add(elsewhere_);
  words->Add(heading_, 0, wxBOTTOM, step(3));
  words->Add(detail_, 0, wxBOTTOM, step(5));
  words->Add(buttons);
  talk_->SetSizer(words);
  run_ = new RunPanel(card, large_text);
  run_->Hide();
  run_->left = [this] { step_left(); };
  inside->Add(talk_, 1, wxEXPAND | wxALL, step(6));
  inside->Add(run_, 1, wxEXPAND | wxALL, step(6));
  card->SetSizer(inside);
  rows->Add(card, 1, wxEXPAND);
  auto* outer = new wxBoxSizer(wxVERTICAL);
  outer->Add(rows, 1, wxEXPAND | wxALL, step(6));
  SetSizer(outer);

  Bind(wxEVT_TIMER, [this](wxTimerEvent&) {
    if (IsShownOnScreen()) look();
  });
  Bind(wxEVT_CHAR_HOOK, [this](wxKeyEvent& event) {
    const int key = event.GetKeyCode();
    if (run_->IsShown()) return event.Skip();
    if (key == WXK_ESCAPE && anew_->IsShown()) return put_aside();
    if ((key == WXK_RETURN || key == WXK_NUMPAD_ENTER) && next_->IsShown()) return go_on();
    event.Skip();
  });
}

void FieldDeskPage::begin() {
  if (ticket_ != 0 && !running()) look_at_ticket();  // something may have been done about it elsewhere
  draw();
  look();
  tick_.Start(look_milliseconds);
}

bool FieldDeskPage::may_leave() {
  if (!running() && !run_->has_pin()) return true;
  shell_.notice(Notice::stop, running() ? say("An action is running. Finish it, or cancel it with Esc.")
                                        : say("The holder has not confirmed yet that they noted the PIN. It is on their window."));
  return false;
}

void FieldDeskPage::look() {
  if (looking_ || reading_ || running()) return;
  looking_ = true;
  in_background(
      this, [cards = shell_.services().cards] { return cards->readers(); },
      [this](const core::Result<Readers>& readers) {
        looking_ = false;
        saw(readers);
      });
}

bool FieldDeskPage::is_same_card(const core::CardReaderState& reader) const {
  return seen_ && seen_->name == reader.name && seen_->events == reader.events && seen_->presence == reader.presence;
}

/// Notices insertion, removal, an unplugged reader, and a card that was swapped between two looks.
void FieldDeskPage::saw(const core::Result<Readers>& readers) {
  if (reading_ || running()) return;
  if (!readers) {
    seen_.reset();
    if (ticket_ == 0) say_card(say("The card service does not answer"), shown(readers.error().sentence), true);
    return;
  }
  const auto with_card = std::ranges::find_if(*readers, [](const auto& r) { return r.presence != Presence::empty; });
  if (with_card == readers->end()) {
    seen_.reset();
    if (ticket_ != 0) return;  // it may be taken out between two steps: it is read again before it is changed
    card_.reset();
    stage_ = Stage::card;
    return readers->empty() ? say_card(say("No card reader"), how_to_connect(), true)
                            : say_card(say("Insert the card"), shown(core::sentence_of(readers->front())), false);
  }
  if (is_same_card(*with_card)) return;
  seen_ = *with_card;
  if (with_card->presence == Presence::present) return identify(*with_card);
  if (ticket_ == 0) say_card(shown(core::sentence_of(*with_card)), say("Take the card out and insert it again, chip first."), true);
}

wxString FieldDeskPage::how_to_connect() const {
  wxString how = say("Connect a card reader. It is noticed by itself.");
  if (shell_.services().demo_cards != nullptr) how += "\n" + say("This is a demo: take a card from the menu, Help ▸ Demo cards.");
  return how;
}

void FieldDeskPage::identify(const core::CardReaderState& reader) {
  reading_ = true;
  if (ticket_ == 0) say_card(say("Reading the card…"), from_utf8(reader.name), false);
  in_background(
      this, [&services = shell_.services(), session = shell_.session(), name = reader.name] { return services.cards->identify(session, name); },
      [this](core::Result<core::IdentifiedCard> card) {
        reading_ = false;
        identified(std::move(card));
      });
}

wxString FieldDeskPage::detail_of(const core::IdentifiedCard& card) const {
  wxString text = from_utf8(card.name) + "\n" + shown(card.state);
  for (const sdk::Fact& fact : card.facts) text += "\n" + shown(fact.label) + ": " + shown(fact.value);
  if (const auto ticket = card.holder ? card.holder->open_desk_ticket : std::nullopt) text += "\n\n" + say("Ticket #{1} was begun and goes on.", std::to_string(*ticket));
  return text;
}

void FieldDeskPage::identified(core::Result<core::IdentifiedCard> card) {
  if (ticket_ != 0) {  // a card came back, or another one, in the middle of the work on a ticket
    other_card_ = !(card && card_ && card->serial == card_->serial);
    if (!other_card_) return draw();
    return say_card(say("This is another card"), say("Insert the first card again and go on, or begin with this one."), true);
  }
  if (!card) return say_card(say("The card cannot be read"), shown(card.error().sentence), true);
  card_ = std::move(*card);
  stage_ = Stage::holder;
  draw();
}

void FieldDeskPage::say_card(const wxString& heading, const wxString& detail, bool bad) {
  set_text(heading_, heading);
  set_class(heading_, "danger", bad);
  set_wrapped(detail_, detail, std::max(320, GetClientSize().x - step(24)));
  draw();
}

/// What Enter does next, and whether there is anything to go back from.
void FieldDeskPage::draw() {
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const bool current = i == static_cast<std::size_t>(stage_);
    const wxString name = stage_names()[i];
    set_class(stages_[i], "muted", !current);
    set_text(stages_[i], current ? wxString(L"\u25b8 ") + name : name);
    set_accessible_name(stages_[i], current ? name + ", " + say("current step") : name);
  }
  if (stage_ == Stage::holder && card_) {
    set_text(heading_, card_->holder ? from_utf8(card_->holder->name) : shown(card_->problem));
    set_class(heading_, "danger", !card_->holder);
    set_wrapped(detail_, detail_of(*card_), std::max(320, GetClientSize().x - step(24)));
  }
  const bool holder_known = card_ && card_->holder;
  set_text(whose_, ticket_ != 0 && holder_known ? from_utf8(card_->holder->name) + wxString(L"  \u00b7  ") + from_utf8(card_->name) +
                                                      wxString(L"  \u00b7  ") + say("ticket #{1}", std::to_string(ticket_))
                                                : wxString());
  wxString next;
  if ((stage_ == Stage::holder && holder_known) || stage_ == Stage::identity) next = say("Check the identity card");
  if (stage_ == Stage::unlock) next = say("Try again");
  if (stage_ == Stage::done) next = say("Close the ticket, next holder");
  set_text(next_, next + wxString(L"  \u21b5"));
  set_accessible_name(next_, next);
  next_->Show(!next.empty());
  const bool stuck = ticket_ != 0 && stage_ != Stage::done;
  verified_->Show(ticket_ != 0 && verified_->look() != VerificationBar::Look::none);
  anew_->Show(stuck);
  elsewhere_->Show(stuck);
  if (!run_->IsShown() && IsShownOnScreen()) (next_->IsShown() ? next_ : anew_)->SetFocus();
  Layout();
  talk_->Layout();
  lay_out_again(this);
}

void FieldDeskPage::go_on() {
  switch (stage_) {
    case Stage::card:
      return;
    case Stage::holder:
      if (card_ && card_->holder) open_ticket();
      return;
    case Stage::identity:
    case Stage::unlock:
      return start(stage_);
    case Stage::done:
      return close_ticket();
  }
}

/// The ticket stays open: nothing that was begun is lost.
void FieldDeskPage::put_aside() {
  if (running() || ticket_ == 0) return;
  shell_.notice(Notice::plain, say("Ticket #{1} stays open. It goes on when this card is inserted again.", std::to_string(ticket_)));
  if (other_card_) seen_.reset();
  wait_for_next_card();
}

/// The card of before does not begin anew by lying there.
void FieldDeskPage::wait_for_next_card() {
  ticket_ = 0;
  verified_->show({}, {}, shell_.services().clock);
  card_.reset();
  other_card_ = false;
  stage_ = Stage::card;
  shell_.refresh_queue();
  seen_ ? say_card(say("Take the card out"), say("Then insert the next one."), false) : say_card(say("Insert the card"), "", false);
  look();
}

void FieldDeskPage::open_ticket() {
  if (ticket_ != 0) return;
  if (const auto begun = card_->holder->open_desk_ticket) {
    ticket_ = *begun;
    shell_.clear_notice();  // it may still say that this ticket waits
    return start(Stage::identity);
  }
  next_->Disable();
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), holder = card_->holder->id] {
        return services.tickets.open(session, {holder, core::Channel::desk, core::Priority::normal, "card_locked", ""});
      },
      [this](const core::Result<core::TicketNumber>& opened) {
        next_->Enable();
        if (!opened) return show_failure(shell_, opened.error());
        ticket_ = *opened;
        shell_.refresh_queue();
        start(Stage::identity);
      });
}

void FieldDeskPage::start(Stage stage) {
  stage_ = stage;
  const std::string action = stage == Stage::identity ? identity_action : unlock_action;
  auto conversation = run_->begin(stage == Stage::identity ? say("Identity card") : say("Unlock card"));
  talk_->Hide();
  run_->Show();
  draw();
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), ticket = ticket_, action, conversation] {
        return services.actions.start(session, ticket, action, conversation);
      },
      [this](core::Result<std::shared_ptr<core::ActionRun>> run) {
        run ? run_->started(std::move(*run)) : run_->not_started(run.error());
      });
}

void FieldDeskPage::step_left() {
  run_->Hide();
  talk_->Show();
  if (!run_->good()) return step_failed();
  look_at_ticket();
  if (stage_ == Stage::identity) return start(Stage::unlock);
  stage_ = Stage::done;
  say_card(say("Done"), run_->sentence() + "\n" + say("Give the card back."), false);
}

/// How well the holder is known to be themselves, and for how long.
void FieldDeskPage::look_at_ticket() {
  in_background(
      this, [&services = shell_.services(), session = shell_.session(), ticket = ticket_] { return services.tickets.view(session, ticket, false); },
      [this, ticket = ticket_](const core::Result<core::TicketView>& view) {
        if (!view || ticket != ticket_) return;
        if (view->ticket.state == core::TicketState::closed && !running()) return wait_for_next_card();
        const auto& services = shell_.services();
        verified_->show(view->verification, services.verification.policy().verification_life, services.clock);
        draw();
      });
}

/// Without a verification that still stands, trying the unlock again would be refused again: the identity card comes first.
void FieldDeskPage::step_failed() {
  say_card(run_->sentence(), say("Try again, begin with another card, or open the ticket: everything else that it allows is there."), true);
  if (stage_ != Stage::unlock) return;
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), ticket = ticket_] { return services.actions.offers(session, ticket); },
      [this, ticket = ticket_](const core::Result<std::vector<core::ActionOffer>>& offers) {
        if (!offers || ticket != ticket_ || stage_ != Stage::unlock || running()) return;
        const auto unlock = std::ranges::find(*offers, unlock_action, &core::ActionOffer::id);
        if (unlock == offers->end() || unlock->possible || unlock->supplied_by.empty()) return;
        stage_ = Stage::identity;
        draw();
      });
}

void FieldDeskPage::close_ticket() {
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), ticket = ticket_, what = to_utf8(run_->sentence())] {
        return services.tickets.close(session, ticket, what);
      },
      [this](const auto& closed) {
        if (!closed) return show_failure(shell_, closed.error());
        wait_for_next_card();
      });
}

}  // namespace anahtar::ui
