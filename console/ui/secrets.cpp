// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/secrets.h"

#include <gtk/gtk.h>

#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

/// The bytes of the UTF-8 character that begins here.
std::size_t character_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return size;
}

}  // namespace

sdk::Secret typed_secret(wxTextCtrl* field) {
  return sdk::Secret(std::string(gtk_entry_get_text(GTK_ENTRY(field->GetHandle()))));
}

void forget_typed(wxTextCtrl* field) { gtk_entry_set_text(GTK_ENTRY(field->GetHandle()), ""); }

SecretView::SecretView(wxWindow* parent, const char* id, const wxFont& font, std::size_t group)
    : Surface(parent, "surface"), font_(font), group_(group), row_(new wxBoxSizer(wxHORIZONTAL)) {
  SetName(id);
  SetSizer(row_);
}

void SecretView::show(const sdk::Secret& secret) {
  forget();
  std::size_t count = 0;
  for (std::string_view rest = secret.expose(); !rest.empty(); ++count) {
    const auto size = character_size(rest);
    const bool begins_group = group_ != 0 && count > 0 && count % group_ == 0;
    auto* character = label(this, "", "huge");
    character->SetFont(font_);
    character->SetLabelText(from_utf8(rest.substr(0, size)));
    row_->Add(character, 0, wxLEFT, begins_group ? step(4) : 0);
    rest.remove_prefix(size);
  }
  Layout();
}

void SecretView::forget() { row_->Clear(true); }

}  // namespace anahtar::ui
