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
constexpr Shortcut shortcuts[] = {{"1 … 9", wxTRANSLATE("Start an action of the ticket (Alt+1 … Alt+9 while typing)")},
                                  {"Enter", wxTRANSLATE("Submit a form; open the chosen row")},
                                  {"Ctrl+Enter", wxTRANSLATE("Submit while writing several lines")},
                                  {"Esc", wxTRANSLATE("Cancel; go back")},
                                  {"F6", wxTRANSLATE("From the queue to the ticket's actions and back")},
                                  {"F5", wxTRANSLATE("Refresh")},
                                  {"F8", wxTRANSLATE("Verify the audit log")},
                                  {"F9", wxTRANSLATE("Show the waiting call")},
                                  {"Ctrl+K", wxTRANSLATE("Find a subscriber, open a ticket")},
                                  {"Ctrl+N", wxTRANSLATE("New ticket")},
                                  {"Ctrl+T", wxTRANSLATE("Take the ticket")},
                                  {"Ctrl+M", wxTRANSLATE("Write a note")},
                                  {"Ctrl+D", wxTRANSLATE("Show the masked data")},
                                  {"Ctrl+J", wxTRANSLATE("Wrong subscriber")},
                                  {"Ctrl+U", wxTRANSLATE("The caller is not the holder")},
                                  {"Ctrl+P", wxTRANSLATE("Priority")},
                                  {"Ctrl+H", wxTRANSLATE("Hand over")},
                                  {"Ctrl+Shift+W", wxTRANSLATE("Wait")},
                                  {"Ctrl+E", wxTRANSLATE("Close the ticket")},
                                  {"Ctrl+L", wxTRANSLATE("Lock the console")},
                                  {"Ctrl+1 … Ctrl+4", wxTRANSLATE("Go to a page")},
                                  {"F1", wxTRANSLATE("This list")}};

}  // namespace

ShortcutsPage::ShortcutsPage(wxWindow* parent, Shell& shell) : Surface(parent, "window") {
  SetName("shortcuts");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  rows->Add(label(this, say("Keys"), "title"), 0, wxBOTTOM, step(3));
  list_ = new RowList(this, "shortcuts.list", say("Keys"), {{say("Key"), 140}, {say("What it does"), 400, wxALIGN_LEFT, true}});
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
