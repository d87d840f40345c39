// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accessible.h"

#include <gtk/gtk.h>

#include <vector>

#include <wx/utils.h>

namespace anahtar::ui {
namespace {

/// The widget that a screen reader lands on: a text field of several lines sits inside a scrolling one.
GtkWidget* spoken_widget(wxWindow* window) {
  GtkWidget* widget = window->GetHandle();
  if (GTK_IS_SCROLLED_WINDOW(widget)) {
    GtkWidget* child = gtk_bin_get_child(GTK_BIN(widget));
    if (child != nullptr) return child;
  }
  return widget;
}

}  // namespace

void set_accessible_name(wxWindow* window, const wxString& name) {
  const auto utf8 = name.utf8_str();
  atk_object_set_name(gtk_widget_get_accessible(window->GetHandle()), utf8.data());
  GtkWidget* inner = spoken_widget(window);
  if (inner != window->GetHandle()) atk_object_set_name(gtk_widget_get_accessible(inner), utf8.data());
}

void set_accessible_description(wxWindow* window, const wxString& description) {
  atk_object_set_description(gtk_widget_get_accessible(window->GetHandle()), description.utf8_str().data());
}

void set_accessible_as_label(wxWindow* window) {
  atk_object_set_role(gtk_widget_get_accessible(window->GetHandle()), ATK_ROLE_LABEL);
}

wxString accessible_name(wxWindow* window) {
  const char* name = atk_object_get_name(gtk_widget_get_accessible(window->GetHandle()));
  return name == nullptr ? wxString() : wxString::FromUTF8(name);
}

void place_again(wxWindow* window) {
  GtkWidget* widget = window->GetHandle();
  if (!gtk_widget_get_mapped(widget)) return;  // it is placed when it is shown
  GtkAllocation place;
  gtk_widget_get_allocation(widget, &place);
  if (place.width <= 1) return;  // it was not placed yet
  gtk_widget_size_allocate(widget, &place);
}

/// A widget that wished for room hands on no second wish before somebody asked it how much. wx places its windows without
/// asking, so a wish may be stuck anywhere on the way up: all are asked first.
void lay_out_again(wxWindow* window) {
  window->CallAfter([window] {
    int ignored = 0;
    for (GtkWidget* each = window->GetHandle(); each != nullptr; each = gtk_widget_get_parent(each))
      gtk_widget_get_preferred_width(each, &ignored, nullptr);
    gtk_widget_queue_resize(window->GetHandle());
  });
}

void set_class(wxWindow* window, const char* style_class, bool on) {
  std::vector<GtkWidget*> widgets{window->GetHandle()};
  if (spoken_widget(window) != window->GetHandle()) widgets.push_back(spoken_widget(window));
  for (GtkWidget* widget : widgets) {
    GtkStyleContext* style = gtk_widget_get_style_context(widget);
    if (on)
      gtk_style_context_add_class(style, style_class);
    else
      gtk_style_context_remove_class(style, style_class);
  }
  window->InvalidateBestSize();
}

}  // namespace anahtar::ui
