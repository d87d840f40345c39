// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/choice.h>
#include <wx/textctrl.h>

#include "ui/row_list.h"
#include "ui/shell.h"
#include "ui/verify_panel.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// The audit log, a page of it at a time, with its filters, one record in full, and its proof. [ui]
class AuditPage : public Surface {
 public:
  AuditPage(wxWindow* parent, Shell& shell);
  void begin();
  VerifyPanel& verify_panel() { return *verify_; }

 private:
  void build_filters(wxSizer* rows);
  wxTextCtrl* add_filter(wxSizer* row, const wxString& name, const char* id, int width);
  std::optional<core::AuditFilter> filter();
  void load(std::int64_t offset);
  void draw(core::AuditTrail::Page page);
  wxString cell(std::size_t row, unsigned column) const;
  void show_record(std::size_t row);

  Shell& shell_;
  core::AuditTrail::Page page_;
  std::int64_t offset_ = 0;
  int generation_ = 0;
  bool asked_to_correct_ = false;  ///< a notice says that a filter cannot be read
  VerifyPanel* verify_;
  wxTextCtrl* from_;
  wxTextCtrl* to_;
  wxChoice* type_;
  wxTextCtrl* actor_;
  wxTextCtrl* ticket_;
  wxTextCtrl* subscriber_;
  wxStaticText* range_;
  wxButton* newer_;
  wxButton* older_;
  RowList* list_;
  RowList* record_;
  std::vector<std::pair<wxString, wxString>> record_rows_;
};

}  // namespace anahtar::ui
