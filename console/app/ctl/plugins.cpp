// SPDX-License-Identifier: GPL-3.0-or-later
#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/table.h"

namespace anahtar::app::ctl {
namespace {

Json to_json(const core::PluginCatalogue& plugins) {
  auto loaded = Json::array(), refused = Json::array();
  for (const auto& plugin : plugins.loaded)
    loaded.push_back({{"id", plugin.id}, {"version", plugin.version}, {"title", shown(plugin.plugin.title)},
                      {"file", plugin.file}});
  for (const auto& plugin : plugins.refused)
    refused.push_back({{"file", plugin.file}, {"reason", shown(plugin.reason)}});
  return {{"loaded", loaded}, {"refused", refused}};
}

void print(const core::PluginCatalogue& plugins) {
  Table loaded({{say("Plugin")}, {say("Version")}, {say("Title")}, {say("File")}});
  for (const auto& plugin : plugins.loaded)
    loaded.add({plugin.id, plugin.version, shown(plugin.plugin.title), plugin.file});
  std::cout << (loaded.empty() ? say("No plugin is loaded.") + "\n" : loaded.text());
  if (plugins.refused.empty()) return;
  Table refused({{say("Refused")}, {say("Reason")}});
  for (const auto& plugin : plugins.refused) refused.add({plugin.file, shown(plugin.reason)});
  std::cout << '\n' << refused.text();
}

}  // namespace

void add_plugins(Commands& commands) {
  auto* group = commands.add_group("plugins", tr("The plugins of this program"));
  auto* command = commands.add(group, "list", tr("List what is loaded, and what was refused and why"),
                               "anahtarctl plugins list");
  commands.does(command, [&context = commands.context] {
    const auto& plugins = shipped_plugins();
    context.give(to_json(plugins), [&] { print(plugins); });
    return Exit::done;
  });
}

}  // namespace anahtar::app::ctl
