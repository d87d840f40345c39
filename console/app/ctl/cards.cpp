// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/ctl/cards.h"
#include "app/ctl/table.h"
#include "app/ctl/terminal.h"
#include "app/ctl/views.h"

namespace anahtar::app::ctl {
namespace {

using namespace std::chrono_literals;
using Presence = core::CardReaderState::Presence;

const char* name_of(Presence presence) {
  switch (presence) {
    case Presence::empty: return "empty";
    case Presence::present: return "present";
    case Presence::mute: return "mute";
    case Presence::in_use: break;
  }
  return "in_use";
}

Json to_json(const std::vector<core::CardReaderState>& readers) {
  auto json = Json::array();
  for (const auto& reader : readers)
    json.push_back({{"reader", reader.name}, {"state", name_of(reader.presence)}, {"atr", reader.atr}});
  return json;
}

std::string text_of(const std::vector<core::CardReaderState>& readers) {
  std::string text;
  for (const auto& reader : readers) text += terminal::harmless(shown(core::sentence_of(reader))) + '\n';
  return text.empty() ? say("No card reader is connected.") + '\n' : text;
}

int list(Context& context) {
  const auto readers = value_or_throw(card_room(context).readers());
  context.give(to_json(readers), [&] { std::cout << text_of(readers); });
  return Exit::done;
}

int watch(Context& context) {
  auto& cards = card_room(context);
  auto readers = value_or_throw(cards.readers());
  terminal::watch_interrupt();
  while (true) {
    context.give(to_json(readers), [&] { std::cout << text_of(readers) << std::endl; });
    const auto told = to_json(readers);
    while (to_json(readers) == told) {
      if (terminal::interrupted()) return Exit::done;
      readers = value_or_throw(cards.wait_for_change(readers, 500ms, {}));
    }
  }
}

Json to_json(const core::IdentifiedCard& card) {
  Json json{{"reader", card.reader}, {"family", card.family}, {"serial", card.serial}, {"state", shown(card.state)}};
  json["facts"] = Json::object();
  for (const auto& fact : card.facts) json["facts"][shown(fact.label)] = shown(fact.value);
  json["holder"] = card.holder ? Json(card.holder->id) : Json();
  json["problem"] = shown(card.problem);
  return json;
}

void print(const core::IdentifiedCard& card) {
  std::cout << terminal::harmless(card.reader + "\n  " + card.name + ": " + shown(card.state)) << '\n';
  for (const auto& fact : card.facts) std::cout << "  " << terminal::harmless(shown(fact.label) + ": " + shown(fact.value)) << '\n';
  if (card.holder) std::cout << "  " << say("Holder: subscriber {1}, {2}", std::to_string(card.holder->id), card.holder->name) << '\n';
  if (!card.problem.empty()) std::cout << "  " << terminal::harmless(shown(card.problem)) << '\n';
}

int show_inserted(Context& context) {
  const auto& session = context.session();
  auto& cards = card_room(context);
  auto json = Json::array();
  std::vector<core::IdentifiedCard> found;
  std::vector<core::CardReaderState> closed;
  for (const auto& reader : value_or_throw(cards.readers())) {
    if (reader.presence == Presence::empty) continue;
    if (reader.presence != Presence::present) {
      closed.push_back(reader);
      json.push_back({{"reader", reader.name}, {"state", nullptr}, {"problem", shown(core::sentence_of(reader))}});
      continue;
    }
    found.push_back(value_or_throw(cards.identify(session, reader.name)));
    json.push_back(to_json(found.back()));
  }
  context.give(json, [&] {
    for (const auto& card : found) print(card);
    if (!closed.empty()) std::cout << text_of(closed);
    if (found.empty() && closed.empty()) std::cout << say("No card is inserted.") << '\n';
  });
  return Exit::done;
}

std::string word(bool held) { return held ? say("yes") : say("no"); }

std::string word_of_puk(const core::RegisteredCard& card) {
  if (card.puk_refused) return say("yes, but it does not fit the card");
  return card.puk_told ? say("told, to be replaced") : word(card.puk_held);
}

int show_registered(Context& context, core::SubscriberId subscriber) {
  const auto& session = context.session();
  auto json = Json::array();
  Table table({{say("Serial number")}, {say("Model")}, {say("State")}, {say("Produced")}, {say("PUK held")}, {say("Key held")}});
  for (const auto& each : value_or_throw(card_room(context).cards_of(session, subscriber))) {
    json.push_back({{"serial", each.card.serial},
                    {"model", each.card.model},
                    {"state", each.card.state},
                    {"produced", each.card.produced},
                    {"puk_held", each.puk_held},
                    {"puk_refused", each.puk_refused},
                    {"puk_told", each.puk_told},
                    {"key_held", each.key_held},
                    {"key_refused", each.key_refused},
                    {"answers", each.answers}});
    table.add({each.card.serial, each.card.model, each.card.state, each.card.produced,
               word_of_puk(each), each.key_refused ? say("yes, but it does not fit the card") : word(each.key_held)});
  }
  context.give(json, [&] { std::cout << (table.empty() ? say("No card is registered to the subscriber.") + "\n" : table.text()); });
  return Exit::done;
}

int import_secrets(Context& context, const std::string& file) {
  const auto& session = context.session();
  std::ifstream csv(file, std::ios::binary);
  if (!csv) fail(core::Code::not_found, tr("{1} cannot be read.", file));
  const auto report = value_or_throw(
      card_room(context).import_secrets(session, csv, std::filesystem::path(file).filename().string()));
  context.give(ctl::to_json(report),
               [&] {
                 for (const auto& row : report.bad)
                   std::cout << say("Line {1}: {2}", std::to_string(row.line), shown(row.reason)) << '\n';
                 std::cout << say("{1} rows: {2} added, {3} unchanged, {4} bad. Destroy the file: it holds secrets.",
                                  std::to_string(report.rows), std::to_string(report.added),
                                  std::to_string(report.unchanged), std::to_string(report.bad_count))
                           << '\n';
               });
  return end_of_import(report);
}

}  // namespace

core::CardRoom& card_room(Context& context) {
  auto* cards = context.services().cards;
  if (!cards) fail(core::Code::unavailable, tr("There are no card readers here."));
  return *cards;
}

void add_cards(Commands& commands) {
  auto& context = commands.context;
  auto* group = commands.add_group("cards", tr("Card readers, and the cards of holders"));
  auto* list_command = commands.add(group, "list", tr("List the readers and what is in them"), "anahtarctl cards list");
  commands.does(list_command, [&context] { return list(context); });

  auto* watch_command = commands.add(group, "watch", tr("Tell each insertion and removal until Ctrl+C"), "anahtarctl cards watch");
  commands.does(watch_command, [&context] { return watch(context); });

  auto subscriber = std::make_shared<core::SubscriberId>(0);
  auto* show_command = commands.add(group, "show", tr("Show the card in the reader and its holder, or a subscriber's registered cards"),
                                    "anahtarctl cards show --subscriber 1 --operator field");
  show_command->add_option("--subscriber", *subscriber, say("The id that subscribers find gives"))->check(positive_number());
  commands.does(show_command, [&context, subscriber] {
    return *subscriber == 0 ? show_inserted(context) : show_registered(context, *subscriber);
  });

  auto file = std::make_shared<std::string>();
  auto* import_command = commands.add(group, "import-secrets", tr("Import PUKs and keys of cards into the vault; they are never shown"),
                                      "anahtarctl cards import-secrets secrets.csv --operator admin");
  import_command
      ->add_option("FILE", *file, say("CSV: national_id, card_serial, family, kind (puk, admin_key, derived_key), value, key_version, kcv"))
      ->required();
  commands.does(import_command, [&context, file] { return import_secrets(context, *file); });
  add_card_site_keys(commands, group);
}

}  // namespace anahtar::app::ctl
