// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/action_list.h"

#include <algorithm>
#include <utility>

#include "ui/accessible.h"
#include "ui/text.h"
#include "ui/theme.h"
#include "ui/widgets.h"

namespace anahtar::ui {
namespace {

constexpr int row_width = 292, least_beside = 160;  ///< pixels at the normal text size
constexpr int keys = 10;  ///< 1 to 9, and 0

bool is_service(const core::ActionOffer& offer) { return offer.verifies.empty(); }

/// Whatever is done on this ticket, such an action is not for it: it needs no key.
bool is_out_of_place(const core::ActionOffer& offer) {
  return offer.refusal == "role" || offer.refusal == "channel" || offer.refusal == "port";
}

}  // namespace

ActionList::ActionList(wxWindow* parent)
    : wxScrolledWindow(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxTAB_TRAVERSAL | wxVSCROLL, "actions") {
  paint_background(this, "surface");
  SetScrollRate(0, 8);
  rows_ = new wxBoxSizer(wxVERTICAL);
  SetSizer(rows_);
  set_accessible_name(this, say("Actions"));
}

void ActionList::show(core::TicketNumber ticket, const std::vector<core::ActionOffer>& offers) {
  wxString focused;
  if (wxWindow* focus = wxWindow::FindFocus(); focus != nullptr && focus->GetParent() == this) focused = focus->GetName();
  offers_ = offers;
  std::ranges::stable_partition(offers_, [](const core::ActionOffer& offer) { return !is_out_of_place(offer); });
  give_keys(ticket);
  rows_->Clear(true);
  common_ = what_all_miss();
  if (!common_.empty()) add_common();
  const bool services_first = verified_for_the_first_service();
  add_section(!services_first);
  add_section(services_first);
  if (offers_.empty()) rows_->Add(label(this, say("No plugin offers an action."), "muted"));
  FitInside();
  Layout();
  if (!focused.empty())
    if (wxWindow* again = FindWindowByName(focused, this)) again->SetFocus();
}

/// The lowest that is free, to what has none yet: a finger that knows the key of an action finds it after a verification too.
void ActionList::give_keys(core::TicketNumber ticket) {
  if (std::exchange(ticket_, ticket) != ticket) keys_.clear();
  for (const core::ActionOffer& offer : offers_) {
    if (is_out_of_place(offer) || keys_.contains(offer.id)) continue;
    int key = 1;
    while (std::ranges::any_of(keys_, [key](const auto& taken) { return taken.second == key; })) ++key;
    if (key <= keys) keys_[offer.id] = key;
  }
}

/// The one sentence that stands against everything that is for this ticket; empty: there is no such one.
sdk::Text ActionList::what_all_miss() const {
  constexpr std::ptrdiff_t too_often = 3;
  const auto end = std::ranges::find_if(offers_, is_out_of_place);
  const auto same = [&](const core::ActionOffer& offer) { return !offer.possible && offer.missing == offers_.front().missing; };
  return end - offers_.begin() >= too_often && std::all_of(offers_.begin(), end, same) ? offers_.front().missing : sdk::Text();
}

void ActionList::add_common() {
  auto* what = label(this, "");
  what->SetName("missing.all");
  set_wrapped(what, wxString(L"\u26a0 ") + shown(common_), std::max(GetClientSize().x, row_width) - step(8));
  rows_->Add(what, 0, wxTOP | wxBOTTOM, step(2));
}

/// Then that is what the operator needs next.
bool ActionList::verified_for_the_first_service() const {
  const auto first = std::ranges::find_if(offers_, is_service);
  return first != offers_.end() && first->possible;
}

void ActionList::add_section(bool methods) {
  bool any = false;
  for (std::size_t i = 0; i < offers_.size(); ++i) {
    if (is_service(offers_[i]) == methods) continue;
    if (!any) rows_->Add(label(this, methods ? say("VERIFY THE CALLER") : say("SERVICES"), "section"), 0, wxTOP | wxBOTTOM, step(1));
    any = true;
    add_row(i);
  }
  if (any) rows_->AddSpacer(step(2));
}

void ActionList::add_row(std::size_t index) {
  const core::ActionOffer& offer = offers_[index];
  const int scrollbar = step(4);  // it comes when the rows are there, and takes room from them
  const int room = std::max(GetClientSize().x, row_width + 140 + step(6)) - scrollbar;  // before the first layout too
  const int beside_width = room - scaled(row_width) - step(6);
  const bool below = beside_width < scaled(least_beside);  // large text on a small screen
  auto* row = new wxBoxSizer(below ? wxVERTICAL : wxHORIZONTAL);
  const wxString title = shown(offer.title);
  const int number = key_of(offer);
  const wxString key = number > 0 ? wxString::Format("%d   ", number % keys) : wxString("     ");
  auto* press = new wxButton(this, wxID_ANY, wxControl::EscapeMnemonics(key + title), wxDefaultPosition, wxDefaultSize,
                             wxBU_LEFT, wxDefaultValidator, "action." + offer.id);
  set_class(press, "row");
  set_class(press, "blocked", !offer.possible);
  press->SetMinSize(wxSize(scaled(row_width), -1));
  const wxString beside = offer.possible
                              ? (is_service(offer) ? wxString() : say("level {1}", std::to_string(offer.level_given)))
                              : shortened_missing(offer);
  const wxString whole = offer.possible ? beside : missing_text(offer);
  set_accessible_name(press, offer.possible ? title : title + ". " + whole);
  set_accessible_description(press, whole);
  press->SetToolTip(whole);
  press->Bind(wxEVT_BUTTON, [this, id = offer.id](wxCommandEvent&) {
    const core::ActionOffer* found = this->offer(id);
    if (found != nullptr && chosen) chosen(core::ActionOffer(*found));
  });
  auto* what = label(this, "", "muted");
  what->SetName("missing." + offer.id);
  set_wrapped(what, !common_.empty() && offer.missing == common_ ? wxString() : beside, below ? room - step(8) : beside_width);
  row->Add(press, 0, below ? wxALIGN_LEFT : wxALIGN_CENTER_VERTICAL);
  row->Add(what, below ? 0 : 1, below ? wxLEFT | wxBOTTOM : wxALIGN_CENTER_VERTICAL | wxLEFT, step(below ? 2 : 3));
  rows_->Add(row, 0, wxEXPAND | wxBOTTOM, step(1));
}

/// The methods that supply a level stand above with their keys: here the keys are enough.
wxString ActionList::shortened_missing(const core::ActionOffer& offer) const {
  const wxString named = keys_that_supply(offer);
  return named.empty() ? shown(offer.missing) : say("Verify first: press {1}.", to_utf8(named));
}

wxString ActionList::keys_that_supply(const core::ActionOffer& offer) const {
  std::vector<int> found;
  for (const std::string& method : offer.supplied_by)
    for (const core::ActionOffer& each : offers_)
      if (const int key = key_of(each); key != 0 && (each.id == method || each.verifies == method)) found.push_back(key % keys);
  std::ranges::sort(found, {}, [](int key) { return key == 0 ? keys : key; });
  wxString named;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool last = i + 1 == found.size();
    named += (i == 0 ? wxString() : last ? say(" or ") : wxString(", ")) + wxString::Format("%d", found[i]);
  }
  return named;
}

wxString ActionList::missing_text(const core::ActionOffer& offer) const {
  const wxString text = shown(offer.missing), named = keys_that_supply(offer);
  return named.empty() ? text : text + "  " + say("Press {1}.", to_utf8(named));
}

/// 1 to 10; 0: none.
int ActionList::key_of(const core::ActionOffer& offer) const {
  const auto found = keys_.find(offer.id);
  return found == keys_.end() || is_out_of_place(offer) ? 0 : found->second;
}

const core::ActionOffer* ActionList::at_key(int digit) const {
  const auto found = std::ranges::find(offers_, digit == 0 ? keys : digit, [this](const core::ActionOffer& each) { return key_of(each); });
  return found == offers_.end() ? nullptr : &*found;
}

const core::ActionOffer* ActionList::offer(const std::string& id) const {
  for (const core::ActionOffer& each : offers_)
    if (each.id == id) return &each;
  return nullptr;
}

void ActionList::focus(const std::string& action) {
  if (wxWindow* press = FindWindowByName("action." + action, this)) press->SetFocus();
}

void ActionList::focus_first() {
  const bool services = verified_for_the_first_service();
  for (const core::ActionOffer& each : offers_)
    if (each.possible && (is_service(each) || !services)) return focus(each.id);
  if (!offers_.empty()) focus(offers_.front().id);  // keys need somebody who hears them
}

}  // namespace anahtar::ui
