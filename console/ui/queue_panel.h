// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>

#include <wx/timer.h>

#include "ui/row_list.h"
#include "ui/shell.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// The left column: whose turn it is. Refreshes by itself and keeps its place; more tickets come as it is scrolled. [ui]
class QueuePanel : public Surface {
 public:
  enum class Tab { mine, waiting, open, unfinished, closed, all, hints };

  QueuePanel(wxWindow* parent, Shell& shell);
  void refresh();
  void show_tab(Tab tab);
  void mark_open(core::TicketNumber ticket);
  void focus_list() { list_->SetFocus(); }

 private:
  struct Loaded {
    std::vector<core::TicketLine> lines;
    core::TicketCounts counts;
    std::int64_t unfinished = 0, hints = 0;
  };
  static core::Result<Loaded> fetch(core::Services& services, const core::Session& session, Tab tab, int limit);
  /// What a supervisor should look at: the policy's patterns and the recordings that did not come.
  static core::Result<std::vector<core::TicketLine>> lines_to_look_at(core::Services& services,
                                                                      const core::Session& session);
  static void add_stranded(core::Services& services, const core::Session& session, std::vector<core::TicketLine>& lines);
  void add_tab(Tab tab, const char* id);
  void draw_tabs();
  void fit_tabs();
  void draw(Loaded loaded);
  wxString cell(std::size_t row, unsigned column) const;
  void load_more();

  Shell& shell_;
  Tab tab_ = Tab::open;
  std::vector<core::TicketLine> lines_;
  core::TicketCounts counts_;
  std::int64_t unfinished_ = 0, hints_ = 0;
  core::TicketNumber open_ticket_ = 0;
  bool to_choose_ = false;  ///< it was not in the list yet when it was opened
  int limit_;
  int generation_ = 0;
  bool loading_ = false;
  std::map<Tab, wxButton*> tabs_;
  wxGridSizer* tab_grid_;
  RowList* list_;
  wxStaticText* nothing_;
  wxTimer tick_;
};

}  // namespace anahtar::ui
