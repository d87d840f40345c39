// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/row_list.h"

#include <gtk/gtk.h>

#include <algorithm>
#include <utility>

#include "ui/accessible.h"
#include "ui/theme.h"

namespace anahtar::ui {

class RowList::Model : public wxDataViewVirtualListModel {
 public:
  explicit Model(RowList& list) : wxDataViewVirtualListModel(0), list_(list) {}
  void GetValueByRow(wxVariant& value, unsigned row, unsigned column) const override {
    value = row < list_.count_ ? list_.cell_(row, column) : wxString();
  }
  bool SetValueByRow(const wxVariant&, unsigned, unsigned) override { return false; }

 private:
  RowList& list_;
};

namespace {

void scrolled(GtkAdjustment* adjustment, RowList* list) {
  const double bottom = gtk_adjustment_get_value(adjustment) + gtk_adjustment_get_page_size(adjustment);
  if (list->near_end && list->count() > 0 && bottom >= gtk_adjustment_get_upper(adjustment) - 40) list->near_end();
}

}  // namespace

RowList::RowList(wxWindow* parent, const char* id, const wxString& name, const std::vector<RowColumn>& columns,
                 bool header)
    : wxDataViewCtrl(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize,
                     wxDV_SINGLE | (header ? 0 : wxDV_NO_HEADER) | wxBORDER_THEME, wxDefaultValidator, id),
      model_(new Model(*this)) {
  AssociateModel(model_.get());
  unsigned index = 0;
  for (const RowColumn& column : columns) {
    auto* renderer = new wxDataViewTextRenderer("string", wxDATAVIEW_CELL_INERT, column.align | wxALIGN_CENTER_VERTICAL);
    renderer->EnableMarkup();
    renderer->EnableEllipsize(wxELLIPSIZE_END);
    AppendColumn(new wxDataViewColumn(column.title, renderer, index, scaled(column.width), column.align,
                                      wxDATAVIEW_COL_RESIZABLE));
    widths_.push_back(column.width);
    if (column.stretches) stretching_ = static_cast<int>(index);
    ++index;
  }
  set_accessible_name(this, name);
  GtkWidget* tree = gtk_bin_get_child(GTK_BIN(GetHandle()));
  if (GTK_IS_TREE_VIEW(tree)) {
    atk_object_set_name(gtk_widget_get_accessible(tree), name.utf8_str().data());
    gtk_tree_view_set_enable_search(GTK_TREE_VIEW(tree), FALSE);
  }
  g_signal_connect(gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(GetHandle())), "value-changed",
                   G_CALLBACK(scrolled), this);
  Bind(wxEVT_DATAVIEW_SELECTION_CHANGED, [this](wxDataViewEvent&) {
    if (chosen && selected() >= 0) chosen(selected());
    if (near_end && selected() + 1 == static_cast<int>(count_)) near_end();
  });
  Bind(wxEVT_DATAVIEW_ITEM_ACTIVATED, [this](wxDataViewEvent&) {
    if (activated && selected() >= 0) activated(selected());
  });
  Bind(wxEVT_SIZE, [this](wxSizeEvent& event) {
    CallAfter(&RowList::fit_columns);  // GTK forgets a resize that is asked for while it allocates
    event.Skip();
  });
}

void RowList::let_heights_differ() {
  if (GtkWidget* tree = gtk_bin_get_child(GTK_BIN(GetHandle())); GTK_IS_TREE_VIEW(tree))
    gtk_tree_view_set_fixed_height_mode(GTK_TREE_VIEW(tree), FALSE);
}

void RowList::fit_columns() {
  const bool rescaled = std::exchange(fitted_scale_, scaled(100)) != scaled(100);
  int others = 30;  // scrollbar and borders
  for (unsigned i = 0; i < GetColumnCount(); ++i) {
    if (static_cast<int>(i) == stretching_) continue;
    others += scaled(widths_[i]);
    if (rescaled) GetColumn(i)->SetWidth(scaled(widths_[i]));
  }
  if (stretching_ < 0) return;
  const int wanted = std::max(80, GetClientSize().x - others);
  wxDataViewColumn* column = GetColumn(static_cast<unsigned>(stretching_));
  if (column->GetWidth() != wanted) column->SetWidth(wanted);
}

void RowList::set_rows(std::size_t count, Cell cell, Key key) {
  const int before = selected();
  const bool had = before >= 0 && before < static_cast<int>(keys_.size());
  const std::int64_t selected_key = had ? keys_[static_cast<std::size_t>(before)] : 0;
  const double place = gtk_adjustment_get_value(gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(GetHandle())));

  std::vector<std::int64_t> keys(count);
  for (std::size_t row = 0; row < count; ++row) keys[row] = key(row);
  const bool same_rows = keys == keys_;
  cell_ = std::move(cell);
  key_ = std::move(key);
  count_ = count;
  keys_ = std::move(keys);
  if (same_rows) {
    for (std::size_t row = 0; row < count; ++row) model_->RowChanged(static_cast<unsigned>(row));
    return;
  }
  model_->Reset(static_cast<unsigned>(count));
  if (had) select_key(selected_key);
  if (place > 0) {
    CallAfter([this, place] {
      gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(GetHandle())), place);
    });
  }
}

void RowList::clear() {
  set_rows(0, [](std::size_t, unsigned) { return wxString(); }, [](std::size_t) { return 0; });
}

int RowList::selected() const {
  const wxDataViewItem item = GetSelection();
  return item.IsOk() ? static_cast<int>(model_->GetRow(item)) : -1;
}

void RowList::select(int row) {
  if (row < 0 || row >= static_cast<int>(count_)) return UnselectAll();
  const wxDataViewItem item = model_->GetItem(static_cast<unsigned>(row));
  Select(item);
  SetCurrentItem(item);
}

bool RowList::select_key(std::int64_t key) {
  const auto found = std::find(keys_.begin(), keys_.end(), key);
  if (found == keys_.end()) return false;
  select(static_cast<int>(found - keys_.begin()));
  return true;
}

}  // namespace anahtar::ui
