// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/timer.h>

#include "ui/run_panel.h"
#include "ui/shell.h"
#include "ui/verification_bar.h"

namespace anahtar::ui {

/// A registration desk in one view, card first: insert the card, its holder is found by the certificate, the identity card
/// is seen, the card is unlocked, the next one comes. Enter goes on, Esc begins anew; no mouse is needed. [ui]
class FieldDeskPage : public Surface {
 public:
  FieldDeskPage(wxWindow* parent, Shell& shell);
  void begin();
  bool running() const { return run_->running(); }
  /// False, with a notice, while an action runs.
  bool may_leave();

 private:
  enum class Stage { card, holder, identity, unlock, done };
  using Readers = std::vector<core::CardReaderState>;

  void look();
  void saw(const core::Result<Readers>& readers);
  void identify(const core::CardReaderState& reader);
  void identified(core::Result<core::IdentifiedCard> card);
  void go_on();
  void put_aside();
  void wait_for_next_card();
  void open_ticket();
  void start(Stage stage);
  void step_left();
  void step_failed();
  void look_at_ticket();
  void close_ticket();
  void draw();
  void say_card(const wxString& heading, const wxString& detail, bool bad);
  bool is_same_card(const core::CardReaderState& reader) const;
  wxString how_to_connect() const;
  wxString detail_of(const core::IdentifiedCard& card) const;

  Shell& shell_;
  Stage stage_ = Stage::card;
  wxTimer tick_;
  bool looking_ = false, reading_ = false;
  bool other_card_ = false;  ///< lies in the reader now than the one that was begun with
  std::optional<core::CardReaderState> seen_;
  std::optional<core::IdentifiedCard> card_;
  core::TicketNumber ticket_ = 0;
  std::vector<wxStaticText*> stages_;
  wxStaticText* whose_;
  VerificationBar* verified_;
  Surface* talk_;
  wxStaticText* heading_;
  wxStaticText* detail_;
  wxButton* next_;
  wxButton* anew_;
  wxButton* elsewhere_;
  RunPanel* run_;
};

}  // namespace anahtar::ui
