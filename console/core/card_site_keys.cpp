// SPDX-License-Identifier: GPL-3.0-or-later
// The part of CardRoom that takes the authority's own keys.
#include <algorithm>
#include <map>

#include "core/card_facts.h"
#include "core/card_room.h"
#include "core/commit_unit.h"
#include "core/permission.h"

namespace anahtar::core {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

/// The exclusive or of hexadecimal digits, which `check_value_of_component` found to be such.
Secret combined(const std::vector<Secret>& components) {
  std::string all(components.front().size(), '0');
  for (const Secret& each : components)
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = hex_digits[hex_digits.find(all[i]) ^ hex_digits.find(hex_capital(each.expose()[i]))];
  return Secret(std::move(all));
}

/// How many cards have a key of each version now: a card's key is the newest that was registered.
std::map<std::int64_t, std::int64_t> cards_by_version(Reader& now, std::optional<std::int64_t> key_version) {
  std::map<std::int64_t, std::int64_t> cards;
  for (const SubscriberId holder : now.holders_of_derived_keys(key_version)) {
    const auto secrets = now.card_secrets(holder);
    for (const CardSecret& each : secrets)
      if (each.kind == "derived_key" && &each == secret_of(secrets, each.card_serial, false)) ++cards[each.key_version];
  }
  return cards;
}

Text already_in_use(std::int64_t key_version, std::int64_t cards) {
  return tr("Keys of cards (number: {1}) were derived from this site's own key of version {2}. Give the authority's key another version.",
            std::to_string(cards), std::to_string(key_version));
}

}  // namespace

Result<std::string> CardRoom::check_value_of_component(const Secret& component) {
  if (!keys_) return failure(Code::unavailable, tr("No keys of cards are held here."));
  return keys_->check_value_of_site_key(component);
}

Result<bool> CardRoom::import_site_key(const Session& session, std::int64_t key_version, const std::vector<Secret>& components,
                                       std::string kcv) {
  return guarded([&]() -> Result<bool> {
    const auto may = permitted(reader_, writer_, session, {Role::administrator}, "cards.import_site_key");
    if (!may) return std::unexpected(may.error());
    if (key_version < 1 || components.empty()) return failure(Code::invalid, tr("A site key has a version from 1 up, and a component at least."));
    for (const Secret& each : components) {
      if (const auto check = check_value_of_component(each); !check) return std::unexpected(check.error());
      if (each.size() != components.front().size()) return failure(Code::invalid, tr("The components of a key have the same length."));
    }
    CardSiteKey key;
    key.key_version = key_version;
    key.value = combined(components);
    key.kcv = value_or_throw(keys_->check_value_of_site_key(key.value));
    key.added = clock_.now();
    std::ranges::transform(kcv, kcv.begin(), hex_capital);
    if (kcv != key.kcv)
      return failure(Code::invalid, tr("The key check value is another one: the key was mistyped, or is another version."));

    bool added = false;
    value_or_throw(commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      check_session(tx, session);
      added = false;
      if (const auto known = tx.card_site_key(key_version)) {
        if (known->value.expose() == key.value.expose()) return {};
        return failure(Code::conflict, tr("Version {1} is here already, and is another key (check value {2}).",
                                          std::to_string(key_version), known->kcv));
      }
      if (const auto cards = cards_by_version(tx, key_version)[key_version]; cards > 0)
        return failure(Code::conflict, already_in_use(key_version, cards));
      key.added_by = session.name;
      Record record = record_of(session, record_type::card_site_key_added);
      record.fields[Tag::key_version] = std::to_string(key_version);
      record.fields[Tag::kcv] = key.kcv;
      tx.record(std::move(record));
      tx.save(key);
      added = true;
      return {};
    }));
    return added;
  });
}

Result<std::vector<SiteKeyLine>> CardRoom::site_keys(const Session& session) {
  return guarded([&]() -> Result<std::vector<SiteKeyLine>> {
    const auto may = permitted(reader_, writer_, session, {Role::administrator, Role::supervisor}, "cards.site_keys");
    if (!may) return std::unexpected(may.error());
    std::map<std::int64_t, SiteKeyLine> lines;
    for (const CardSiteKey& each : reader_.card_site_keys()) lines[each.key_version] = {each.key_version, each.kcv, each.added, each.added_by, 0};
    for (const auto& [key_version, cards] : cards_by_version(reader_, {})) {
      lines[key_version].key_version = key_version;
      lines[key_version].cards = cards;
    }
    std::vector<SiteKeyLine> all;
    for (auto& [key_version, line] : lines) all.push_back(std::move(line));
    return all;
  });
}

}  // namespace anahtar::core
