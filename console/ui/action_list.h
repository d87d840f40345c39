// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>
#include <string>
#include <vector>

#include <wx/scrolwin.h>

#include "core/actions.h"

namespace anahtar::ui {

/// What can be done on the ticket now, numbered: how the caller is verified, and once they are, what they call for first.
/// What cannot be done says what is missing and which key supplies it.
/// Buttons are named "action.<id>". [ui]
class ActionList : public wxScrolledWindow {
 public:
  explicit ActionList(wxWindow* parent);

  void show(core::TicketNumber ticket, const std::vector<core::ActionOffer>& offers);
  /// The action of a digit key; nullptr when there is none.
  const core::ActionOffer* at_key(int digit) const;
  const core::ActionOffer* offer(const std::string& id) const;
  wxString missing_text(const core::ActionOffer& offer) const;
  void focus_first();
  void focus(const std::string& action);

  std::function<void(const core::ActionOffer&)> chosen;

 private:
  bool verified_for_the_first_service() const;
  sdk::Text what_all_miss() const;
  void add_common();
  void add_section(bool methods);
  void add_row(std::size_t index);
  void give_keys(core::TicketNumber ticket);
  int key_of(const core::ActionOffer& offer) const;
  wxString keys_that_supply(const core::ActionOffer& offer) const;
  wxString shortened_missing(const core::ActionOffer& offer) const;

  std::vector<core::ActionOffer> offers_;
  core::TicketNumber ticket_ = 0;
  std::map<std::string, int> keys_;  ///< by action, 1 to 10; each keeps its own as long as the ticket is open here
  sdk::Text common_;  ///< said once, above
  wxBoxSizer* rows_ = nullptr;
};

}  // namespace anahtar::ui
