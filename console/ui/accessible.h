// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/window.h>

namespace anahtar::ui {

/// What a screen reader calls it. wxWindow::SetName is not heard outside the program; this is.
void set_accessible_name(wxWindow* window, const wxString& name);
/// The longer words of a custom-drawn window.
void set_accessible_description(wxWindow* window, const wxString& description);
/// Makes a custom-drawn window a label for a screen reader, not a nameless area.
void set_accessible_as_label(wxWindow* window);
wxString accessible_name(wxWindow* window);

/// Adds or removes a style class of console.css, e.g. "muted".
void set_class(wxWindow* window, const char* style_class, bool on = true);

/// Has GTK lay out `window` and all that it is in, after the events at hand: what is shown next would stay blank else.
void lay_out_again(wxWindow* window);
/// Gives what is inside a widget its place at once, where its own size stays.
void place_again(wxWindow* window);

}  // namespace anahtar::ui
