// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/textctrl.h>

#include "core/services.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// A first or reset password has to be replaced before anything else; or somebody wants a new one. [ui]
class PasswordPage : public Surface {
 public:
  PasswordPage(wxWindow* parent, core::Services& services);
  void begin(const core::Session& session);

  std::function<void(core::Session)> changed;
  std::function<void()> left;

 private:
  void change();
  void say_problem(const wxString& sentence);

  core::Services& services_;
  core::Session session_;
  wxTextCtrl* current_;
  wxTextCtrl* fresh_;
  wxTextCtrl* again_;
  wxStaticText* problem_;
  bool busy_ = false;
};

}  // namespace anahtar::ui
