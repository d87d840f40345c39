// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/textctrl.h>

#include "core/services.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// The locked console: nothing of the desk is seen; the same operator's password opens it. [ui]
class LockPage : public Surface {
 public:
  LockPage(wxWindow* parent, core::Services& services);
  void begin(const core::Session& session);
  void call_waits(bool waits);

  std::function<void()> unlocked;
  std::function<void()> sign_out;

 private:
  void unlock();

  core::Services& services_;
  core::Session session_;
  wxStaticText* who_;
  wxTextCtrl* password_;
  wxStaticText* problem_;
  wxStaticText* call_;
  bool busy_ = false;
};

}  // namespace anahtar::ui
