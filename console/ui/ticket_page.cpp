// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ticket_page.h"

#include <algorithm>

#include <wx/menu.h>

#include "core/ticket_rules.h"
#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

/// What is written about a ticket, by who has it.
bool is_work(TicketCommand command) {
  switch (command) {
    case TicketCommand::note:
    case TicketCommand::hand_over:
    case TicketCommand::wait:
    case TicketCommand::close:
    case TicketCommand::show_data:
    case TicketCommand::not_holder:
    case TicketCommand::correct_subscriber:
      return true;
    default:
      return false;
  }
}

}  // namespace

TicketPage::TicketPage(wxWindow* parent, Shell& shell) : Surface(parent, "window"), shell_(shell), second_(this) {
  SetName("ticket");
  build();
  run_->ended = [this] {
    actions_card_->set_heading(say("RESULT"));
    load(false);
    shell_.refresh_queue();
  };
  run_->left = [this] {
    shell_.clear_notice();  // it may have told to finish what is over now
    show_place(actions_place);
    focus_work();
  };
  run_->message_wanted = [this](const std::string& message) { follow(message); };
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) { look_after_messages(); });
  question_->submitted = [this](sdk::Answers answers) { run_prompt(std::move(answers)); };
  question_->cancelled = [this] {
    prompt_.reset();
    show_place(actions_place);
    focus_work();
  };
  actions_->chosen = [this](const core::ActionOffer& offer) { start(offer); };
  header_->command = [this](TicketCommand which) { command(which); };
  header_->more = [this] { more_menu(); };
  subscriber_->show_pressed = [this] { command(TicketCommand::show_data); };
  verification_->ran_out = [this] { load(false); };
  timeline_->scope_chosen = [this](bool history) { choose_scope(history); };
}

void TicketPage::build() {
  auto* outer = new wxBoxSizer(wxVERTICAL);
  empty_ = new Surface(this, "window");
  auto* hint = new wxBoxSizer(wxVERTICAL);
  hint->AddStretchSpacer();
  hint->Add(label(empty_, say("No ticket is open."), "heading"), 0, wxALIGN_CENTER);
  hint->Add(label(empty_, say("Choose one on the left (F6, Enter), or find a subscriber with Ctrl+K."), "muted"), 0,
            wxALIGN_CENTER | wxTOP, step(2));
  hint->AddStretchSpacer();
  empty_->SetSizer(hint);

  full_ = new Surface(this, "window");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  header_ = new TicketHeader(full_);
  hint_bar_ = new Surface(full_, "selected");
  hint_bar_->SetName("hints");
  hint_ = label(hint_bar_, "");
  hint_->SetName("hints.text");
  auto* hint_row = new wxBoxSizer(wxHORIZONTAL);
  hint_row->Add(hint_, 1, wxALL, step(2));
  hint_bar_->SetSizer(hint_row);
  hint_bar_->Hide();
  auto* columns = new wxBoxSizer(wxHORIZONTAL);
  auto* left = new wxBoxSizer(wxVERTICAL);
  subscriber_ = new SubscriberPanel(full_);
  timeline_ = new TimelinePanel(full_);
  left->Add(subscriber_, 0, wxEXPAND);
  left->Add(timeline_, 1, wxEXPAND | wxTOP, step(3));
  auto* right = new wxBoxSizer(wxVERTICAL);
  verification_ = new VerificationBar(full_);
  actions_card_ = new Card(full_, say("ACTIONS"));
  places_ = new wxSimplebook(actions_card_);
  actions_ = new ActionList(places_);
  run_ = new RunPanel(places_);
  question_ = new FormView(places_, "question");
  places_->AddPage(actions_, "");
  places_->AddPage(run_, "");
  places_->AddPage(question_, "");
  actions_card_->content()->Add(places_, 1, wxEXPAND);
  right->Add(verification_, 0, wxEXPAND);
  right->Add(actions_card_, 1, wxEXPAND | wxTOP, step(3));
  columns->Add(left, 42, wxEXPAND);
  columns->Add(right, 58, wxEXPAND | wxLEFT, step(3));
  rows->Add(header_, 0, wxEXPAND | wxALL, step(3));
  rows->Add(hint_bar_, 0, wxEXPAND | wxLEFT | wxRIGHT | wxBOTTOM, step(3));
  rows->Add(columns, 1, wxEXPAND | wxLEFT | wxRIGHT | wxBOTTOM, step(3));
  full_->SetSizer(rows);
  outer->Add(empty_, 1, wxEXPAND);
  outer->Add(full_, 1, wxEXPAND);
  SetSizer(outer);
  full_->Hide();
}

bool TicketPage::may_leave() {
  if (run_->running()) {
    shell_.notice(Notice::plain, say("An action is running on ticket {1}. Finish it or cancel it with Esc first.",
                                     std::to_string(number_)));
    return false;
  }
  if (run_->has_pin()) {
    shell_.notice(Notice::plain, say("The holder has not confirmed yet that they noted the PIN. It is on their window."));
    return false;
  }
  if (prompt_ && question_->typed()) {
    shell_.notice(Notice::plain, say("You began to write on ticket {1}. Save it or cancel it with Esc first.",
                                     std::to_string(number_)));
    return false;
  }
  return true;
}

void TicketPage::open(core::TicketNumber ticket) {
  if (ticket != number_ && !may_leave()) return;
  const bool another = ticket != number_;
  number_ = ticket;
  if (another) {
    timeline_->set_scope(false, false);
    prompt_.reset();
    show_place(actions_place);
  }
  load(another || !loaded_);
}

void TicketPage::refresh() {
  if (number_ != 0) load(false);
}

core::Result<TicketPage::Loaded> TicketPage::fetch(core::Services& services, const core::Session& session,
                                                   core::TicketNumber ticket, bool first_look) {
  Loaded loaded;
  auto view = services.tickets.view(session, ticket, first_look);
  if (!view) return std::unexpected(view.error());
  loaded.view = std::move(*view);
  auto offers = services.actions.offers(session, ticket);
  if (!offers) return std::unexpected(offers.error());
  loaded.offers = std::move(*offers);
  if (auto unfinished = services.actions.unfinished(session))
    for (auto& run : *unfinished)
      if (run.ticket == ticket) loaded.unfinished.push_back(std::move(run));
  loaded.hints = hints_about(services, session, loaded.view.ticket);
  return loaded;
}

std::vector<core::Hint> TicketPage::hints_about(core::Services& services, const core::Session& session,
                                                const core::Ticket& ticket) {
  if (services.hints == nullptr || session.role != core::Role::supervisor) return {};
  std::vector<core::Hint> about;
  for (core::Hint& hint : services.hints->current(session).value_or(std::vector<core::Hint>()))
    if (hint.ticket == ticket.number || (hint.subscriber != 0 && hint.subscriber == ticket.subscriber))
      about.push_back(std::move(hint));
  return about;
}

void TicketPage::draw_hints() {
  wxString words;
  if (loaded_->view.not_holder_on)
    words = wxString(L"\u26a0 ") + say("Within the last day somebody else was calling for this subscriber (ticket {1}). Be sure who is speaking.",
                                       std::to_string(*loaded_->view.not_holder_on));
  for (const core::Hint& hint : loaded_->hints) {
    if (!words.empty()) words += "\n";
    words += wxString(L"\u2691 ") + shown(hint.title);
    if (!hint.operator_name.empty()) words += wxString(L" \u00b7 ") + from_utf8(hint.operator_name);
  }
  set_text(hint_, words);
  hint_bar_->Show(!words.empty());
}

void TicketPage::choose_scope(bool history) {
  if (!loaded_) return;
  timeline_->set_scope(history, loaded_->view.subscriber.has_value());
  if (!history) return timeline_->show(loaded_->view.timeline, shell_.services().clock);
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), subscriber = loaded_->view.subscriber->id] {
        return services.tickets.history(session, subscriber);
      },
      [this, ticket = number_](const core::Result<std::vector<core::TimelineEvent>>& events) {
        if (ticket != number_ || !timeline_->shows_history()) return;
        if (!events) return show_failure(shell_, events.error());
        timeline_->show(*events, shell_.services().clock);
      });
}

void TicketPage::load(bool first_look) {
  const int generation = ++generation_;
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), ticket = number_, first_look] {
        return fetch(services, session, ticket, first_look);
      },
      [this, generation](core::Result<Loaded> loaded) {
        if (generation != generation_) return;  // another one is on its way
        if (!loaded) return show_failure(shell_, loaded.error());
        const bool fresh = !loaded_ || loaded_->view.ticket.number != loaded->view.ticket.number;
        loaded_ = std::move(*loaded);
        draw();
        const wxWindow* focus = wxWindow::FindFocus();
        const bool lost = focus == nullptr || !focus->IsShownOnScreen();
        if ((fresh || lost) && places_->GetSelection() == actions_place) focus_work();
      });
}

void TicketPage::draw() {
  const core::TicketView& view = loaded_->view;
  const core::Clock& clock = shell_.services().clock;
  const bool first = !full_->IsShown();
  if (first) {
    empty_->Hide();
    full_->Show();
    Layout();
  }
  header_->show(view, shell_.session(), clock);
  subscriber_->show(view, clock);
  verification_->show(view.verification, shell_.services().verification.policy().verification_life, clock);
  draw_hints();
  full_->Layout();
  const bool subscriber_known = view.subscriber.has_value();
  timeline_->set_scope(timeline_->shows_history() && subscriber_known, subscriber_known);
  if (!timeline_->shows_history()) timeline_->show(view.timeline, clock);
  actions_->show(number_, loaded_->offers);
  watch_messages();
  lay_out_again(this);
  if (!loaded_->unfinished.empty())
    shell_.notice(Notice::stop, say("An action on this ticket began and never ended: {1}. A supervisor can say what became "
                                    "of it (More).", to_utf8(shown(loaded_->unfinished.front().title))));
}

/// What became of a message while its form is open.
void TicketPage::follow(const std::string& message) {
  core::Outbox* const outbox = shell_.services().outbox;
  if (outbox == nullptr) return;
  in_background(
      this,
      [outbox, message]() -> core::Result<std::optional<core::MessageStatus>> {
        return core::guarded([&]() -> core::Result<std::optional<core::MessageStatus>> { return outbox->status(message); });
      },
      [this](const core::Result<std::optional<core::MessageStatus>>& status) {
        if (status && *status) run_->show_message(**status);
      });
}

/// The timeline tells what became of the ticket's messages, so it is drawn again when one of them has moved on.
void TicketPage::look_after_messages() {
  core::Outbox* const outbox = shell_.services().outbox;
  if (outbox == nullptr || !loaded_ || !IsShownOnScreen() || run_->running() || looking_) return;
  looking_ = true;
  in_background(
      this,
      [outbox, ticket = number_]() -> core::Result<std::vector<core::MessageStatus>> {
        return core::guarded([&]() -> core::Result<std::vector<core::MessageStatus>> { return outbox->of_ticket(ticket); });
      },
      [this, ticket = number_](const core::Result<std::vector<core::MessageStatus>>& messages) {
        looking_ = false;
        if (!messages || !loaded_ || ticket != loaded_->view.ticket.number) return;
        const auto same = [](const core::MessageStatus& a, const core::MessageStatus& b) {
          return a.id == b.id && a.state == b.state && a.changed == b.changed;
        };
        if (!std::ranges::equal(*messages, loaded_->view.messages, same)) load(false);
      });
}

/// While a message may still move on: one that was sent long ago does not.
void TicketPage::watch_messages() {
  const core::Time now = shell_.services().clock.now();
  const bool moving = std::ranges::any_of(loaded_->view.messages, [&](const core::MessageStatus& message) {
    return !core::is_settled(message.state) ||
           (message.state == core::MessageState::sent && now - message.changed < std::chrono::minutes(10));
  });
  if (moving == second_.IsRunning()) return;
  if (moving)
    second_.Start(1000);
  else
    second_.Stop();
}

void TicketPage::show_place(Place place) {
  places_->ChangeSelection(place);
  actions_card_->set_heading(place == actions_place ? say("ACTIONS") : place == run_place ? say("ACTION RUNNING")
                                                                                            : say("TICKET"));
  actions_card_->Layout();
  lay_out_again(this);
}

void TicketPage::focus_work() {
  switch (places_->GetSelection()) {
    case run_place: return run_->focus_work();
    case prompt_place: return question_->focus_again();
    default: actions_->focus_first();
  }
}

bool TicketPage::digit(int key) {
  if (!loaded_ || !full_->IsShown() || places_->GetSelection() != actions_place) return false;
  const core::ActionOffer* offer = actions_->at_key(key);
  if (offer == nullptr) return false;
  start(core::ActionOffer(*offer));
  return true;
}

void TicketPage::start(const core::ActionOffer& offer) {
  if (run_->running() || places_->GetSelection() != actions_place) return;
  shell_.clear_notice();
  if (offer.possible) show_place(run_place);
  auto conversation = run_->begin(shown(offer.title));
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), ticket = number_, id = offer.id, conversation] {
        return services.actions.start(session, ticket, id, conversation);
      },
      [this, offer](core::Result<std::shared_ptr<core::ActionRun>> run) {
        if (run) {
          show_place(run_place);
          return run_->started(std::move(*run));
        }
        run_->not_started(run.error());
        show_place(actions_place);
        shell_.notice(Notice::stop, shown(run.error().sentence));
        load(false);
        if (offer.supplied_by.empty()) return;
        for (const core::ActionOffer& each : loaded_->offers)
          if (each.id == offer.supplied_by.front() || each.verifies == offer.supplied_by.front()) actions_->focus(each.id);
      });
}

void TicketPage::command(TicketCommand command) {
  if (!loaded_ || !may_leave()) return;
  if (is_work(command))  // before anybody writes for nothing
    if (const auto no = core::objection_to_work(shell_.session(), loaded_->view.ticket)) return show_failure(shell_, no->why);
  if (command == TicketCommand::correct_subscriber) return pick_right_subscriber();
  const PromptData data{&loaded_->view, &shell_.services().verification.policy(), loaded_->unfinished, {}};
  asked_ = command;
  ask(prompt_for(command, data));
}

void TicketPage::say_that_it_plays() {
  shell_.notice(Notice::plain, say("The recording is being played. That it was played is recorded."), say("Stop"), [this] {
    shell_.services().recordings->stop_playing();
    shell_.clear_notice();
  });
}

void TicketPage::pick_right_subscriber() {
  shell_.pick_subscriber([this](const core::SubscriberLine* line) {
    if (line == nullptr || !loaded_) return;
    const PromptData data{&loaded_->view, &shell_.services().verification.policy(), {}, *line};
    asked_ = TicketCommand::correct_subscriber;
    ask(prompt_for(TicketCommand::correct_subscriber, data));
  });
}

void TicketPage::ask(TicketPrompt prompt) {
  shell_.clear_notice();
  prompt_ = std::move(prompt);
  if (prompt_->form.fields.empty()) return run_prompt({});
  show_place(prompt_place);
  question_->show(prompt_->form, {});
}

void TicketPage::run_prompt(sdk::Answers answers) {
  if (const auto problems = core::validate(prompt_->form, answers); !problems.empty())
    return question_->show(prompt_->form, problems);
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), run = prompt_->run,
       given = std::make_shared<sdk::Answers>(std::move(answers))] { return run(services, session, *given); },
      [this](const core::Result<>& result) { prompt_done(result); });
}

void TicketPage::prompt_done(const core::Result<>& result) {
  if (!prompt_) return;
  if (!result && !prompt_->form.fields.empty()) {
    sdk::Form again = prompt_->form;
    again.problem = result.error().sentence;
    return question_->show(again, {});
  }
  if (!result) show_failure(shell_, result.error());
  if (result && asked_ == TicketCommand::play_recording) say_that_it_plays();
  prompt_.reset();
  show_place(actions_place);
  load(false);
  focus_work();
  shell_.refresh_queue();
}

void TicketPage::more_menu() {
  if (!loaded_) return;
  wxMenu menu;
  const auto add = [&](const wxString& text, TicketCommand which, bool enabled = true) {
    wxMenuItem* item = menu.Append(wxID_ANY, text);
    item->Enable(enabled);
    menu.Bind(wxEVT_MENU, [this, which](wxCommandEvent&) { CallAfter([this, which] { command(which); }); }, item->GetId());
  };
  const bool supervisor = shell_.session().role == core::Role::supervisor;
  add(say("&Priority…"), TicketCommand::priority);
  add(say("Wrong &subscriber…"), TicketCommand::correct_subscriber);
  add(say("Caller is not the &holder…"), TicketCommand::not_holder, loaded_->view.subscriber.has_value());
  if (shell_.services().recordings != nullptr)
    add(say("Attach the call's &recording…"), TicketCommand::attach_recording, loaded_->view.subscriber.has_value());
  if (supervisor) {
    menu.AppendSeparator();
    const bool has_file = std::ranges::any_of(loaded_->view.recordings, [](const auto& each) { return !each.file.empty(); });
    add(say("Pla&y a recording…"), TicketCommand::play_recording, has_file);
    add(say("E&xport a recording…"), TicketCommand::export_recording, has_file);
    add(say("&Lift a lock…"), TicketCommand::lift_lock, !loaded_->view.verification.locked_methods.empty());
    add(say("What &became of it…"), TicketCommand::resolve, !loaded_->unfinished.empty());
  }
  PopupMenu(&menu);
}

}  // namespace anahtar::ui
