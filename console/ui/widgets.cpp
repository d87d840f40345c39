// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets.h"

#include <wx/combobox.h>
#include <wx/dcbuffer.h>
#include <wx/graphics.h>
#include <wx/textctrl.h>

#include "ui/accessible.h"
#include "ui/theme.h"

namespace anahtar::ui {

namespace {

struct Lettering {
  const char* style_class;
  double scale;
  bool bold;
};
/// Sizes and weights are wx's business, so that it measures what will be drawn; console.css gives the colours.
constexpr Lettering letterings[] = {{"title", 1.5, true},    {"heading", 1.15, true}, {"section", 0.88, true},
                                    {"strong", 1.0, true},   {"danger", 1.0, true},   {"small", 0.9, false},
                                    {"spoken", 1.12, false}, {"huge", 1.9, true},     {"verdict", 1.5, true}};

}  // namespace

wxStaticText* label(wxWindow* parent, const wxString& text, const char* style_class) {
  auto* made = new wxStaticText(parent, wxID_ANY, wxString());
  if (*style_class != '\0') set_class(made, style_class);
  for (const Lettering& each : letterings)
    if (std::string(each.style_class) == style_class) made->SetFont(text_font(each.scale, each.bold));
  made->SetLabelText(text);
  return made;
}

void set_text(wxStaticText* label, const wxString& text) {
  if (label->GetLabelText() != text) label->SetLabelText(text);
}

wxString wrapped(const wxWindow* measure, const wxString& text, int width) {
  wxString out, line;
  const auto width_of = [&](const wxString& s) {
    int w = 0;
    measure->GetTextExtent(s, &w, nullptr);
    return w;
  };
  wxString rest = text;
  while (!rest.empty()) {
    wxString word = rest.BeforeFirst(' ');
    rest = rest.Mid(std::min(word.length() + 1, rest.length()));
    const wxString longer = line.empty() ? word : line + " " + word;
    if (!line.empty() && width_of(longer) > width) {
      out += line + "\n";
      line = word;
    } else {
      line = longer;
    }
    if (const auto breaks = line.rfind('\n'); breaks != wxString::npos) {
      out += line.Left(breaks + 1);
      line = line.Mid(breaks + 1);
    }
  }
  return out + line;
}

void set_wrapped(wxStaticText* label, const wxString& text, int width) {
  label->SetLabelText(wrapped(label, text, width));
}

TextField::TextField(wxWindow* parent, const char* id, long style, double scale)
    : wxTextCtrl(parent, wxID_ANY, "", wxDefaultPosition, wxDefaultSize, style, wxDefaultValidator, id), scale_(scale) {
  InvalidateBestSize();  // it was asked for while this was a wxTextCtrl
  SetInitialSize();
}

wxSize TextField::DoGetBestSize() const {
  return {wxTextCtrl::DoGetBestSize().x, text_font(scale_).GetPixelSize().y + step(4)};
}

wxButton* button(wxWindow* parent, const wxString& text, const char* id, std::function<void()> pressed,
                 const char* style_class) {
  auto* made = new wxButton(parent, wxID_ANY, text, wxDefaultPosition, wxDefaultSize, 0, wxDefaultValidator, id);
  if (*style_class != '\0') set_class(made, style_class);
  set_accessible_name(made, wxControl::RemoveMnemonics(text));
  made->Bind(wxEVT_BUTTON, [pressed = std::move(pressed)](wxCommandEvent&) { pressed(); });
  return made;
}

void set_text(wxButton* button, const wxString& text) {
  if (button->GetLabel() == text) return;
  button->SetLabel(text);
  place_again(button);
}

Surface::Surface(wxWindow* parent, const char* fill, Kind kind) : fill_(fill), kind_(kind) {
  SetBackgroundStyle(wxBG_STYLE_PAINT);
  Create(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxTAB_TRAVERSAL | wxFULL_REPAINT_ON_RESIZE);
  Bind(wxEVT_PAINT, [this](wxPaintEvent&) { paint(); });
}

void Surface::set_fill(const char* fill) {
  fill_ = fill;
  Refresh();
}

void Surface::paint() {
  wxAutoBufferedPaintDC dc(this);
  const wxSize size = GetClientSize();
  if (kind_ == Kind::plain) {
    dc.SetBackground(wxBrush(colour(fill_.c_str())));
    dc.Clear();
    return;
  }
  dc.SetBackground(wxBrush(colour("window")));
  dc.Clear();
  const std::unique_ptr<wxGraphicsContext> gc(wxGraphicsContext::Create(dc));
  gc->SetBrush(wxBrush(colour(fill_.c_str())));
  gc->SetPen(wxPen(colour("border"), 1));
  gc->DrawRoundedRectangle(0.5, 0.5, size.x - 1.0, size.y - 1.0, 6);
}

Card::Card(wxWindow* parent, const wxString& heading) : Surface(parent, "surface", Kind::card) {
  auto* outer = new wxBoxSizer(wxVERTICAL);
  heading_row_ = new wxBoxSizer(wxHORIZONTAL);
  heading_ = label(this, heading, "section");
  heading_row_->Add(heading_, 1, wxALIGN_CENTER_VERTICAL);
  content_ = new wxBoxSizer(wxVERTICAL);
  outer->Add(heading_row_, 0, wxEXPAND | wxLEFT | wxRIGHT | wxTOP, step(3));
  outer->Add(content_, 1, wxEXPAND | wxALL, step(3));
  SetSizer(outer);
}

void Card::set_heading(const wxString& heading) { set_text(heading_, heading); }

void paint_background(wxWindow* window, const char* fill) {
  window->SetBackgroundStyle(wxBG_STYLE_PAINT);
  window->Bind(wxEVT_PAINT, [window, fill](wxPaintEvent&) {
    wxPaintDC dc(window);
    dc.SetBackground(wxBrush(colour(fill)));
    dc.Clear();
  });
}

bool typing_into(wxWindow* focused) {
  return dynamic_cast<wxTextEntry*>(focused) != nullptr || dynamic_cast<wxComboBox*>(focused) != nullptr;
}

void go_on_typing(wxWindow* window) {
  window->SetFocus();
  if (auto* text = dynamic_cast<wxTextCtrl*>(window)) text->SetInsertionPointEnd();
}

}  // namespace anahtar::ui
