// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/driver.h"

#include <wx/app.h>
#include <wx/choice.h>
#include <wx/evtloop.h>
#include <wx/textctrl.h>

#include "ui/background.h"
#include "ui/row_list.h"
#include "ui/text.h"
#include "ui/widgets.h"

namespace anahtar::ui {
namespace {

void live_a_little() {
  wxEventLoopBase* loop = wxEventLoopBase::GetActive();
  while (loop->Pending()) loop->Dispatch();
  loop->ProcessIdle();
  wxTheApp->ProcessPendingEvents();
  wxMilliSleep(5);
}

wxWindow* find(const std::string& name, wxWindow* below) {
  if (!below->IsShown()) return nullptr;
  if (below->GetName() == name) return below;
  for (wxWindow* child : below->GetChildren())
    if (wxWindow* found = find(name, child)) return found;
  return nullptr;
}

}  // namespace

bool Driver::wait(const std::function<bool()>& come_about, Seconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  for (;;) {
    live_a_little();
    if (come_about()) return true;
    if (std::chrono::steady_clock::now() > end) return false;
  }
}

bool Driver::settle(Seconds longest) {
  const bool idle = wait([] { return Background::instance() == nullptr || Background::instance()->idle(); }, longest);
  for (int i = 0; i < 8; ++i) live_a_little();
  return idle;
}

wxWindow* Driver::visible(const std::string& name) {
  for (wxWindow* top : wxTopLevelWindows)
    if (wxWindow* found = find(name, top); found != nullptr && found->IsShownOnScreen()) return found;
  return nullptr;
}

wxWindow* Driver::appears(const std::string& name, Seconds longest) {
  wait([&] { return visible(name) != nullptr; }, longest);
  return visible(name);
}

bool Driver::type(const std::string& field, const std::string& text) {
  auto* found = dynamic_cast<wxTextCtrl*>(appears(field));
  if (found == nullptr) return false;
  found->SetFocus();
  found->SetValue(from_utf8(text));
  return true;
}

bool Driver::choose(const std::string& field, int answer) {
  auto* found = dynamic_cast<wxChoice*>(appears(field));
  if (found == nullptr || answer >= static_cast<int>(found->GetCount())) return false;
  found->SetFocus();
  found->SetSelection(answer);
  return true;
}

bool Driver::press(const std::string& button) {
  const auto ready = [&] {
    wxWindow* found = visible(button);
    return found != nullptr && found->IsEnabled();
  };
  if (!wait(ready)) return false;
  wxWindow* found = visible(button);
  wxCommandEvent event(wxEVT_BUTTON, found->GetId());
  event.SetEventObject(found);
  found->GetEventHandler()->ProcessEvent(event);
  return true;
}

bool Driver::choose_row(const std::string& list, int row) {
  const auto ready = [&] {
    auto* found = dynamic_cast<RowList*>(visible(list));
    return found != nullptr && static_cast<int>(found->count()) > row;
  };
  if (!wait(ready)) return false;
  auto* found = dynamic_cast<RowList*>(visible(list));
  found->select(row);
  if (found->chosen) found->chosen(row);
  return true;
}

std::string Driver::text(const std::string& name) {
  wxWindow* found = visible(name);
  if (found == nullptr) return {};
  if (auto* label = dynamic_cast<wxStaticText*>(found)) return to_utf8(label->GetLabelText());
  if (auto* field = dynamic_cast<wxTextCtrl*>(found)) return to_utf8(field->GetValue());
  return to_utf8(found->GetLabel());
}

}  // namespace anahtar::ui
