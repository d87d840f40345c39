// SPDX-License-Identifier: GPL-3.0-or-later
// The authority's own keys, as they come from a key ceremony: in components, each typed by who was entrusted with it.
#include <iostream>

#include "app/ctl/cards.h"
#include "app/ctl/table.h"
#include "app/ctl/terminal.h"
#include "app/paths.h"

namespace anahtar::app::ctl {
namespace {

constexpr int most_components = 9;

struct Ceremony {
  std::int64_t key_version = 0;
  std::string kcv, file;
  int components = 1;
};

std::vector<core::Secret> components_in(const std::string& file) {
  const auto whole = value_or_throw(read_private_file(file));
  std::vector<core::Secret> components;
  for (std::string_view rest = whole.expose(); !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!line.empty()) components.emplace_back(std::string(line));
  }
  return components;
}

/// Each check value is shown before the next is asked for, so that a mistyped component is found by the one who typed it.
std::vector<core::Secret> typed_components(core::CardRoom& cards, int count) {
  if (!terminal::can_ask())
    fail(core::Code::invalid, tr("There is no terminal to ask for a key. Put its components into a file that only you may read, each "
                                 "on a line, and name it with --file."));
  std::vector<core::Secret> components;
  for (int i = 1; i <= count; ++i) {
    auto typed = terminal::ask_secret(say("Component {1} of {2} (hexadecimal digits): ", std::to_string(i), std::to_string(count)));
    if (!typed) fail(core::Code::cancelled, tr("No key was typed; nothing was changed."));
    terminal::tell(say("Check value of component {1}: {2}", std::to_string(i), value_or_throw(cards.check_value_of_component(*typed))));
    components.push_back(std::move(*typed));
  }
  return components;
}

int import_site_key(Context& context, const Ceremony& ceremony) {
  const auto& session = context.session();
  auto& cards = card_room(context);
  const auto components = ceremony.file.empty() ? typed_components(cards, ceremony.components) : components_in(ceremony.file);
  const bool added = value_or_throw(cards.import_site_key(session, ceremony.key_version, components, ceremony.kcv));
  context.give({{"key_version", ceremony.key_version}, {"added", added}}, [&] {
    const auto version = std::to_string(ceremony.key_version);
    std::cout << (added ? say("The site key of version {1} is in the vault.", version)
                        : say("The site key of version {1} was in the vault already.", version))
              << '\n';
    if (!ceremony.file.empty()) std::cout << say("Destroy the file: it holds the key.") << '\n';
  });
  return Exit::done;
}

int list_site_keys(Context& context) {
  auto json = Json::array();
  Table table({{say("Version")}, {say("Check value")}, {say("Where it is from")}, {say("Imported")}, {say("Cards")}});
  for (const auto& each : value_or_throw(card_room(context).site_keys(context.session()))) {
    const bool imported = each.added.has_value();
    json.push_back({{"key_version", each.key_version},
                    {"kcv", each.kcv},
                    {"imported", imported ? Json(utc_time(*each.added)) : Json()},
                    {"imported_by", each.added_by},
                    {"cards", each.cards}});
    table.add({std::to_string(each.key_version), each.kcv, imported ? say("the authority") : say("this site's own"),
               imported ? say("{1} by {2}", local_time(*each.added), each.added_by) : std::string(), std::to_string(each.cards)});
  }
  context.give(json, [&] { std::cout << (table.empty() ? say("No keys of cards are derived from a site key here.") + "\n" : table.text()); });
  return Exit::done;
}

}  // namespace

void add_card_site_keys(Commands& commands, CLI::App* cards) {
  auto& context = commands.context;
  auto ceremony = std::make_shared<Ceremony>();
  auto* import_command = commands.add(cards, "import-site-key", tr("Import the authority's key from which keys of its cards were derived; it is never shown"),
                                      "anahtarctl cards import-site-key --version 3 --kcv 7A01FC --components 2 --operator admin");
  import_command->add_option("--version", ceremony->key_version, say("The key's version, as in the file of cards"))->required()->check(positive_number());
  import_command->add_option("--kcv", ceremony->kcv, say("The check value of the whole key, 6 hexadecimal digits"))->required();
  auto* typed = import_command->add_option("--components", ceremony->components, say("How many are typed, 1 to {1}; combined by exclusive or", std::to_string(most_components)))
      ->check(CLI::Range(1, most_components));
  import_command->add_option("--file", ceremony->file, say("A file that only you may read, with a component on each line"))->excludes(typed);
  commands.does(import_command, [&context, ceremony] { return import_site_key(context, *ceremony); });

  auto* list_command = commands.add(cards, "site-keys", tr("List the site keys from which keys of cards are derived"),
                                    "anahtarctl cards site-keys --operator admin");
  commands.does(list_command, [&context] { return list_site_keys(context); });
}

}  // namespace anahtar::app::ctl
