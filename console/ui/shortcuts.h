// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/row_list.h"
#include "ui/shell.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// Every key that does something, on one page (F1). [ui]
class ShortcutsPage : public Surface {
 public:
  ShortcutsPage(wxWindow* parent, Shell& shell);
  void begin() { list_->SetFocus(); }

 private:
  RowList* list_;
};

}  // namespace anahtar::ui
