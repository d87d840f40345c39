// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <wx/dataview.h>

namespace anahtar::ui {

struct RowColumn {
  wxString title;
  int width = 100;
  wxAlignment align = wxALIGN_LEFT;
  bool stretches = false;  ///< takes what the others leave
};

/// A table of rows that live elsewhere: cells are asked for when they are drawn, as Pango mark-up (escape data).
/// Refreshing keeps the selected row and the place by the rows' keys.
class RowList : public wxDataViewCtrl {
 public:
  using Cell = std::function<wxString(std::size_t row, unsigned column)>;
  using Key = std::function<std::int64_t(std::size_t row)>;

  /// `id` is for tests, `name` for screen readers.
  RowList(wxWindow* parent, const char* id, const wxString& name, const std::vector<RowColumn>& columns,
          bool header = true);

  /// Some rows have more lines than others. Without this all are as high as the first, which lists of thousands need.
  void let_heights_differ();

  void set_rows(std::size_t count, Cell cell, Key key);
  void clear();
  std::size_t count() const { return count_; }
  wxString text(std::size_t row, unsigned column) const { return cell_(row, column); }
  int selected() const;             ///< -1: none
  void select(int row);             ///< without an event
  bool select_key(std::int64_t key);

  std::function<void(int)> chosen;     ///< selection moved to a row
  std::function<void(int)> activated;  ///< Enter or double click
  std::function<void()> near_end;      ///< scrolled to the end: there may be more

 private:
  class Model;
  /// Their widths at the text size of now; the stretching one takes the rest.
  void fit_columns();

  wxObjectDataPtr<Model> model_;
  std::size_t count_ = 0;
  Cell cell_;
  Key key_;
  std::vector<std::int64_t> keys_;
  std::vector<int> widths_;  // as wanted: GTK does not know them before it has drawn
  int stretching_ = -1;
  int fitted_scale_ = 0;  ///< scaled(100) when the columns were fitted last
};

}  // namespace anahtar::ui
