// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/simplebook.h>
#include <wx/timer.h>

#include "ui/action_list.h"
#include "ui/run_panel.h"
#include "ui/shell.h"
#include "ui/subscriber_panel.h"
#include "ui/ticket_header.h"
#include "ui/timeline_panel.h"
#include "ui/verification_bar.h"

namespace anahtar::ui {

/// One ticket: who, how well verified, what can be done, what happened. A running action or a question of a command
/// takes the place of the action list; the rest stays visible. [ui]
class TicketPage : public Surface {
 public:
  TicketPage(wxWindow* parent, Shell& shell);

  /// Says why in a notice and gives false when something runs here that would be lost.
  bool may_leave();
  void open(core::TicketNumber ticket);
  void refresh();
  core::TicketNumber ticket() const { return number_; }
  bool running() const { return run_->running(); }

  void command(TicketCommand command);
  /// A digit key: true when it meant an action.
  bool digit(int key);
  void start(const core::ActionOffer& offer);
  void focus_work();

 private:
  struct Loaded {
    core::TicketView view;
    std::vector<core::ActionOffer> offers;
    std::vector<core::Actions::Unfinished> unfinished;
    std::vector<core::Hint> hints;  ///< about the ticket or its subscriber; for supervisors
  };
  enum Place { actions_place, run_place, prompt_place };

  void build();
  void load(bool first_look);
  static core::Result<Loaded> fetch(core::Services& services, const core::Session& session, core::TicketNumber ticket,
                                    bool first_look);
  static std::vector<core::Hint> hints_about(core::Services& services, const core::Session& session,
                                             const core::Ticket& ticket);
  void draw();
  void follow(const std::string& message);
  void look_after_messages();
  void watch_messages();
  void draw_hints();
  void choose_scope(bool history);
  void show_place(Place place);
  void ask(TicketPrompt prompt);
  void run_prompt(sdk::Answers answers);
  void prompt_done(const core::Result<>& result);
  void pick_right_subscriber();
  void more_menu();
  void say_that_it_plays();

  Shell& shell_;
  core::TicketNumber number_ = 0;
  int generation_ = 0;
  std::optional<Loaded> loaded_;
  std::optional<TicketPrompt> prompt_;
  TicketCommand asked_ = TicketCommand::take;  ///< what the prompt is about
  wxTimer second_;
  bool looking_ = false;  ///< after messages, in the background

  wxPanel* empty_;
  wxPanel* full_;
  TicketHeader* header_;
  Surface* hint_bar_;
  wxStaticText* hint_;
  SubscriberPanel* subscriber_;
  TimelinePanel* timeline_;
  VerificationBar* verification_;
  Card* actions_card_;
  wxSimplebook* places_;
  ActionList* actions_;
  RunPanel* run_;
  FormView* question_;
};

}  // namespace anahtar::ui
