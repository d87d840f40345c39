// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <string>

#include <wx/button.h>
#include <wx/panel.h>
#include <wx/sizer.h>
#include <wx/stattext.h>
#include <wx/textctrl.h>

/// The few things that every page is made of, so that they look and are named alike.
namespace anahtar::ui {

/// A text; `style_class` is a label class of console.css ("title", "muted", …) or empty.
wxStaticText* label(wxWindow* parent, const wxString& text, const char* style_class = "");
/// Sets the text only when it differs, without flicker; the accessible name follows.
void set_text(wxStaticText* label, const wxString& text);
/// A text that breaks into lines at `width`.
void set_wrapped(wxStaticText* label, const wxString& text, int width);
wxString wrapped(const wxWindow* measure, const wxString& text, int width);

/// `id` is the name that tests and the tour find it by; the accessible name is the label without its mnemonic.
wxButton* button(wxWindow* parent, const wxString& text, const char* id, std::function<void()> pressed,
                 const char* style_class = "");
/// GTK makes a new label of it, which stays blank where nothing else places the button anew.
void set_text(wxButton* button, const wxString& text);

/// Gives the keyboard back to it. GTK chooses all of a text that gets it, and the next letter would replace what is there.
void go_on_typing(wxWindow* window);

/// A line to type into, as tall as its text needs: wx measures before the style sheet has spoken.
class TextField : public wxTextCtrl {
 public:
  /// `scale` is the size of its letters, as console.css has it for the field's class.
  TextField(wxWindow* parent, const char* id, long style = 0, double scale = 1.0);

 private:
  wxSize DoGetBestSize() const override;

  double scale_;
};

/// A panel filled with a theme's colour, with rounded corners and a border when it is a card.
class Surface : public wxPanel {
 public:
  enum class Kind { plain, card };
  Surface(wxWindow* parent, const char* fill, Kind kind = Kind::plain);
  void set_fill(const char* fill);

 private:
  void paint();

  std::string fill_;
  Kind kind_;
};

/// A card with an upper-case section heading; put the content into `content()`.
class Card : public Surface {
 public:
  Card(wxWindow* parent, const wxString& heading);
  wxBoxSizer* content() { return content_; }
  wxBoxSizer* heading_row() { return heading_row_; }
  void set_heading(const wxString& heading);

 private:
  wxStaticText* heading_ = nullptr;
  wxBoxSizer* heading_row_ = nullptr;
  wxBoxSizer* content_ = nullptr;
};

/// The window of this name below `parent`, as its type; nullptr when there is none.
template <class Window>
Window* find_window(wxWindow* parent, const char* id) {
  return dynamic_cast<Window*>(wxWindow::FindWindowByName(id, parent));
}

/// Fills a window that is not a Surface (a scrolled one, mostly).
void paint_background(wxWindow* window, const char* fill);

/// True for keys that a text field wants for itself.
bool typing_into(wxWindow* focused);

}  // namespace anahtar::ui
