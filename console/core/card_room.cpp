// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/card_room.h"

#include "core/card_facts.h"
#include "core/commit_unit.h"
#include "core/permission.h"

namespace anahtar::core {
namespace {

using Trust = HolderCertificate::Trust;

Text why_no_holder(const CardFacts& card) {
  if (!card.certificate) return tr("The card shows no certificate. Find the holder by name or number.");
  switch (card.certificate->trust) {
    case Trust::no_roots:
      return tr("The card's certificate cannot be judged: no trusted root certificates are installed here.");
    case Trust::untrusted:
      return tr("The card's certificate does not come from an authority that is trusted here.");
    case Trust::trusted:
    case Trust::revoked:
      break;
  }
  if (card.certificate->national_id.empty()) return tr("The card's certificate does not name its holder's number.");
  return {};
}

}  // namespace

Text sentence_of(const CardReaderState& reader) {
  switch (reader.presence) {
    case CardReaderState::Presence::empty:
      return tr("{1}: no card", reader.name);
    case CardReaderState::Presence::present:
      return tr("{1}: card", reader.name);
    case CardReaderState::Presence::mute:
      return tr("{1}: the card does not answer", reader.name);
    case CardReaderState::Presence::in_use:
      break;
  }
  return tr("{1}: in use by another program", reader.name);
}

Result<IdentifiedCard> CardRoom::identify(const Session& session, const std::string& reader) {
  return guarded([&]() -> Result<IdentifiedCard> {
    const auto may = permitted(reader_, writer_, session, {Role::operator_, Role::supervisor, Role::field}, "cards.identify");
    if (!may) return std::unexpected(may.error());
    auto open = desk_.open(reader);
    if (!open) return std::unexpected(open.error());
    const auto facts = (*open)->look();
    if (!facts) return std::unexpected(facts.error());
    open->reset();
    IdentifiedCard found{reader, name_of(*facts), facts->family, facts->serial, state_of(*facts), facts_of(*facts, clock_.now()),
                         {}, why_no_holder(*facts)};
    if (found.problem.empty()) {
      const auto lines = directory_.find(session, facts->certificate->national_id, 1);
      if (!lines) return std::unexpected(lines.error());
      if (lines->empty())
        found.problem = tr("The holder named by the card's certificate is no subscriber here.");
      else
        found.holder = lines->front();
    }
    value_or_throw(commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      check_session(tx, session);
      Record record = record_of(session, found.holder ? record_type::card_found : record_type::card_read);
      if (found.holder)
        if (const auto holder = tx.subscriber(found.holder->id)) record.subject = holder->pseudonym;
      record.fields[Tag::card_family] = found.family;
      record.fields[Tag::card_serial] = found.serial;
      tx.record(std::move(record));
      return {};
    }));
    return found;
  });
}

Result<std::vector<RegisteredCard>> CardRoom::cards_of(const Session& session, SubscriberId id) {
  return guarded([&]() -> Result<std::vector<RegisteredCard>> {
    const auto may = permitted(reader_, writer_, session,
                               {Role::operator_, Role::supervisor, Role::field, Role::administrator}, "cards.list");
    if (!may) return std::unexpected(may.error());
    std::vector<RegisteredCard> found;
    value_or_throw(commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      check_session(tx, session);
      found.clear();
      const auto holder = tx.subscriber(id);
      if (!holder) return failure(Code::not_found, tr("There is no subscriber #{1}.", std::to_string(id)));
      const auto secrets = tx.card_secrets(id);
      for (Card& card : tx.cards(id)) {
        const CardSecret* key = secret_of(secrets, card.serial, false);
        const CardSecret* puk = secret_of(secrets, card.serial, true);
        found.push_back({.card = std::move(card),
                         .puk_held = puk != nullptr,
                         .key_held = key != nullptr,
                         .puk_refused = puk != nullptr && was_refused(*puk),
                         .puk_told = puk != nullptr && puk->spent,
                         .key_refused = key != nullptr && was_refused(*key),
                         .answers = key ? key->answers : 0});
      }
      Record record = record_of(session, record_type::card_listed);
      record.subject = holder->pseudonym;
      record.fields[Tag::count] = std::to_string(found.size());
      tx.record(std::move(record));
      return {};
    }));
    return found;
  });
}

}  // namespace anahtar::core
