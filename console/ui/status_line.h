// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/timer.h>

#include "core/services.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// The last line of the window: database, gateways, refused plugins, whether something is being worked on, who sits here,
/// the time.
class StatusLine : public Surface {
 public:
  StatusLine(wxWindow* parent, core::Services& services);
  void show_session(const core::Session* session);

 private:
  void tick();
  bool draw_gateways();
  void look_at_readers();

  core::Services& services_;
  wxStaticText* database_;
  std::vector<wxStaticText*> gateways_;
  int ticks_ = 0;
  wxStaticText* readers_ = nullptr;
  bool looking_ = false;
  wxStaticText* plugins_;
  wxStaticText* working_;
  wxStaticText* who_;
  wxStaticText* time_;
  wxTimer tick_;
};

}  // namespace anahtar::ui
