// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plugins_page.h"

#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {

PluginsPage::PluginsPage(wxWindow* parent, Shell& shell)
    : Surface(parent, "window"), shell_(shell), actions_(shell.services().actions.catalogue()) {
  SetName("plugins");
  const core::PluginCatalogue& plugins = shell.services().plugins;
  auto* rows = new wxBoxSizer(wxVERTICAL);
  rows->Add(label(this, say("Plugins"), "title"), 0, wxBOTTOM, step(3));
  auto* list = new RowList(this, "plugins.list", say("Plugins"),
                           {{say("State"), 130}, {say("Plugin"), 260}, {say("Version"), 90}, {say("Reason"), 300, wxALIGN_LEFT, true}});
  const std::size_t count = plugins.refused.size() + plugins.loaded.size();
  list->set_rows(count, [this](std::size_t row, unsigned column) { return cell(row, column); },
                 [](std::size_t row) { return static_cast<std::int64_t>(row); });
  auto* actions = new RowList(this, "plugins.actions", say("Actions"),
                              {{say("Action"), 260, wxALIGN_LEFT, true}, {say("Plugin"), 200}, {say("Policy"), 160},
                               {say("Level needed"), 120, wxALIGN_RIGHT}});
  actions->set_rows(
      actions_.size(),
      [this](std::size_t row, unsigned column) -> wxString {
        const core::ActionEntry& entry = actions_[row];
        if (column == 0) return escaped(shown(entry.title));
        if (column == 1) return escaped(title_of(entry.plugin));
        if (column == 2) return entry.in_policy ? say("allowed") : say("not in the policy");
        return entry.verifies.empty() ? wxString::Format("%d", entry.level) : say("gives {1}", std::to_string(entry.level));
      },
      [](std::size_t row) { return static_cast<std::int64_t>(row); });
  rows->Add(list, 1, wxEXPAND | wxBOTTOM, step(4));
  rows->Add(label(this, say("Actions"), "heading"), 0, wxBOTTOM, step(2));
  rows->Add(actions, 1, wxEXPAND);
  auto* outer = new wxBoxSizer(wxVERTICAL);
  outer->Add(rows, 1, wxEXPAND | wxALL, step(4));
  SetSizer(outer);
}

wxString PluginsPage::title_of(const std::string& plugin) const {
  for (const core::LoadedPlugin& each : shell_.services().plugins.loaded)
    if (each.id == plugin) return shown(each.plugin.title);
  return from_utf8(plugin);
}

wxString PluginsPage::cell(std::size_t row, unsigned column) const {
  const core::PluginCatalogue& plugins = shell_.services().plugins;
  if (row < plugins.refused.size()) {
    const core::RefusedPlugin& refused = plugins.refused[row];
    if (column == 0) return wxString(L"\u26a0 <b>") + say("refused") + "</b>";
    if (column == 1) return escaped(from_utf8(refused.file));
    return column == 3 ? escaped(shown(refused.reason)) : wxString();
  }
  const core::LoadedPlugin& loaded = plugins.loaded[row - plugins.refused.size()];
  if (column == 0) return wxString(L"\u2713 ") + say("loaded");
  if (column == 1) return escaped(shown(loaded.plugin.title));
  return column == 2 ? escaped(from_utf8(loaded.version)) : wxString();
}

}  // namespace anahtar::ui
