// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shortcuts.h"

#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

struct Shortcut {
  const char* keys;
  const char* what;
};
/// None uses AltGr or Ctrl+Alt: on a Turkish Q keyboard those write letters and signs.
constexpr Shortcut shortcuts[] = {{"1 … 9", "Start an action of the ticket (Alt+1 … Alt+9 while typing)"},
                                  {"Enter", "Submit a form; open the chosen row"},
                                  {"Ctrl+Enter", "Submit while writing several lines"},
                                  {"Esc", "Cancel; go back"},
                                  {"F6", "From the queue to the ticket's actions and back"},
                                  {"F5", "Refresh"},
                                  {"F8", "Verify the audit log"},
                                  {"F9", "Show the waiting call"},
                                  {"Ctrl+K", "Find a subscriber, open a ticket"},
                                  {"Ctrl+N", "New ticket"},
                                  {"Ctrl+T", "Take the ticket"},
                                  {"Ctrl+M", "Write a note"},
                                  {"Ctrl+D", "Show the masked data"},
                                  {"Ctrl+J", "Wrong subscriber"},
                                  {"Ctrl+U", "The caller is not the holder"},
                                  {"Ctrl+P", "Priority"},
                                  {"Ctrl+H", "Hand over"},
                                  {"Ctrl+Shift+W", "Wait"},
                                  {"Ctrl+E", "Close the ticket"},
                                  {"Ctrl+L", "Lock the console"},
                                  {"Ctrl+1 … Ctrl+4", "Go to a page"},
                                  {"F1", "This list"}};

}  // namespace

ShortcutsPage::ShortcutsPage(wxWindow* parent, Shell& shell) : Surface(parent, "window") {
  SetName("shortcuts");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  rows->Add(label(this, say("Keys"), "title"), 0, wxBOTTOM, step(3));
  list_ = new RowList(this, "shortcuts.list", say("Keys"), {{say("Key"), 180}, {say("What it does"), 400, wxALIGN_LEFT, true}});
  list_->set_rows(
      std::size(shortcuts),
      [](std::size_t row, unsigned column) {
        return column == 0 ? "<b>" + escaped(from_utf8(shortcuts[row].keys)) + "</b>" : escaped(say(shortcuts[row].what));
      },
      [](std::size_t row) { return static_cast<std::int64_t>(row); });
  rows->Add(list_, 1, wxEXPAND | wxBOTTOM, step(3));
  rows->Add(button(this, say("Back") + "  Esc", "shortcuts.back", [&shell] { shell.back_to_ticket(); }));
  auto* outer = new wxBoxSizer(wxVERTICAL);
  outer->Add(rows, 1, wxEXPAND | wxALL, step(4));
  SetSizer(outer);
  Bind(wxEVT_CHAR_HOOK, [&shell](wxKeyEvent& event) {
    if (event.GetKeyCode() != WXK_ESCAPE) return event.Skip();
    shell.back_to_ticket();
  });
}

}  // namespace anahtar::ui
