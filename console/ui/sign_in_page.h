// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/textctrl.h>

#include "core/services.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// Who sits down at the console. [ui]
class SignInPage : public Surface {
 public:
  SignInPage(wxWindow* parent, core::Services& services);
  void begin();
  void say_problem(const wxString& sentence);
  void call_waits(bool waits);  ///< says so without a word about whose

  std::function<void(core::Session)> signed_in;

 private:
  void sign_in();
  void set_busy(bool busy);

  core::Services& services_;
  wxTextCtrl* name_;
  wxTextCtrl* password_;
  wxButton* go_;
  wxStaticText* problem_;
  wxStaticText* call_;
  bool busy_ = false;
};

/// A titled card in the middle of an empty page, as the sign-in, the lock and the password page have it.
class CentredCard : public Surface {
 public:
  CentredCard(wxWindow* page, const wxString& title, const wxString& sentence);
  wxTextCtrl* add_field(const wxString& name, const char* id, bool secret);
  wxStaticText* add_text(const char* style_class, const char* id);
  void add_buttons(std::initializer_list<wxButton*> buttons);
  /// A text of add_text comes or goes, and the card grows or shrinks with it.
  static void show_text(wxStaticText* text, bool shown);
  static constexpr int width = 380;

 private:
  wxBoxSizer* rows_;
};

}  // namespace anahtar::ui
