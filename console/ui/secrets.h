// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/textctrl.h>

#include <anahtar/sdk/secret.h>

#include "ui/widgets.h"

/// The toolkit copies every text that it is given or asked for, and wipes no copy. Secrets go past that.
namespace anahtar::ui {

/// What was typed into a field of one line, from where the toolkit keeps it and wipes it when it is deleted.
sdk::Secret typed_secret(wxTextCtrl* field);
/// Empties it. (ChangeValue would first ask for what is there.)
void forget_typed(wxTextCtrl* field);

/// A secret before somebody's eyes. Each character is a label of its own, so no piece of the toolkit's memory ever holds
/// them in a row. [ui]
class SecretView : public Surface {
 public:
  /// `group`: so many characters stand close together; 0: all.
  SecretView(wxWindow* parent, const char* id, const wxFont& font, std::size_t group = 0);

  void show(const sdk::Secret& secret);
  void forget();

 private:
  wxFont font_;
  std::size_t group_;
  wxBoxSizer* row_;
};

}  // namespace anahtar::ui
