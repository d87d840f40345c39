// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
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

  void show(const std::vector<core::ActionOffer>& offers);
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
  int key_of(const std::string& action) const;
  wxString keys_that_supply(const core::ActionOffer& offer) const;
  wxString shortened_missing(const core::ActionOffer& offer) const;

  std::vector<core::ActionOffer> offers_;
  sdk::Text common_;  ///< said once, above
  wxBoxSizer* rows_ = nullptr;
};

}  // namespace anahtar::ui
