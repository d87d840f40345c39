// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/form_view.h"
#include "ui/row_list.h"
#include "ui/shell.h"

namespace anahtar::ui {

/// Accounts, for administrators. [ui]
class OperatorsPage : public Surface {
 public:
  OperatorsPage(wxWindow* parent, Shell& shell);
  void begin();

 private:
  using Run = std::function<core::Result<>(core::Services&, const core::Session&, const sdk::Answers&)>;

  void load();
  void ask(sdk::Form form, Run run);
  void run(sdk::Answers answers);
  void add();
  void reset_password();
  void unlock();
  void disable();
  std::string selected() const;
  wxString cell(std::size_t row, unsigned column) const;

  Shell& shell_;
  std::vector<core::Operator> operators_;
  std::optional<sdk::Form> form_;
  Run run_;
  RowList* list_;
  Card* card_;
  FormView* question_;
};

}  // namespace anahtar::ui
