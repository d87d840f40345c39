// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// One sentence across the page, with what may be done about it. Never in the way, never a dialog.
class NoticeBar : public Surface {
 public:
  explicit NoticeBar(wxWindow* parent);

  void show(Notice kind, const wxString& sentence);
  /// With a button, e.g. "Show the call (F9)".
  void show(Notice kind, const wxString& sentence, const wxString& button_text, std::function<void()> pressed);
  void dismiss();
  wxString sentence() const { return sentence_; }

 private:
  void draw();

  Notice kind_ = Notice::plain;
  wxString sentence_;
  std::function<void()> pressed_;
  wxStaticText* symbol_;
  wxStaticText* text_;
  wxButton* action_;
};

}  // namespace anahtar::ui
