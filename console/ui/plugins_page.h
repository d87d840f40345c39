// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/row_list.h"
#include "ui/shell.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// Which plugins were loaded, which were refused and why, and what policy makes of their actions. [ui]
class PluginsPage : public Surface {
 public:
  PluginsPage(wxWindow* parent, Shell& shell);

 private:
  wxString title_of(const std::string& plugin) const;
  wxString cell(std::size_t row, unsigned column) const;

  Shell& shell_;
  std::vector<core::ActionEntry> actions_;
};

}  // namespace anahtar::ui
