// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/scrolwin.h>
#include <wx/simplebook.h>

#include "ui/form_view.h"
#include "ui/row_list.h"
#include "ui/shell.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// What waits for a second person: the list, and of the chosen request all that is needed to decide. Choosing one is a
/// look at personal data and is recorded; the list alone is not. [ui]
class ApprovalsPage : public Surface {
 public:
  ApprovalsPage(wxWindow* parent, Shell& shell);

  /// Loads the list and gives it the keyboard; chooses `number` when it waits, else the oldest.
  void begin(std::int64_t number = 0);
  /// Loads the list again and leaves the rest as it is.
  void refresh();
  /// False, with a notice, while a reason is being written.
  bool may_leave();

  std::function<void()> changed;  ///< a request was decided

 private:
  enum Place { nothing_place, request_place, reason_place };

  void build();
  void load(std::int64_t choose);
  void draw(std::vector<core::ApprovalLine> lines, std::int64_t choose);
  void look(int row);
  void draw_request();
  void draw_past();
  int room() const;
  void add_fact(const wxString& name, const wxString& value, const char* id, const char* style_class = "");
  wxString line_cell(std::size_t row, unsigned column) const;
  void show_place(Place place);
  void approve();
  void ask_reason();
  void reject(const std::string& reason);
  void decided(Notice kind, const wxString& sentence);

  Shell& shell_;
  std::vector<core::ApprovalLine> lines_;
  std::optional<core::ApprovalView> view_;
  int generation_ = 0;
  bool deciding_ = false;

  RowList* list_;
  wxStaticText* none_;
  Card* card_;
  wxSimplebook* places_;
  wxStaticText* hint_;
  wxPanel* request_;
  wxScrolledWindow* reading_;
  wxStaticText* title_;
  wxFlexGridSizer* facts_;
  wxStaticText* warning_;
  wxStaticText* past_;
  wxButton* approve_;
  wxButton* reject_;
  FormView* reason_;
};

}  // namespace anahtar::ui
