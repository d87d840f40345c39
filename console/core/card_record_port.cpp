// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/card_ports.h"

namespace anahtar::core {
namespace {

Text word_of_state(const std::string& state) {
  if (state == "active") return tr("active");
  if (state == "locked") return tr("locked");
  if (state == "revoked") return tr("revoked");
  return sdk::verbatim(state);
}

Text puk_of(const Card& card, const CardSecret* puk) {
  if (puk && was_refused(*puk)) return tr("held here, but it does not fit the card");
  if (puk) return puk->spent ? tr("held here, but it was told to somebody: to be replaced") : tr("held here, sealed");
  if (card.produced.empty()) return tr("not known");
  if (was_made_without_puk(card)) return tr("none: produced after 01.01.2011");
  return card.produced < no_puk_from ? tr("the holder was given one; it is not held here") : tr("not known");
}

std::vector<sdk::Fact> state_and_facts_of(const CardFacts& card, Time now) {
  std::vector<sdk::Fact> facts = facts_of(card, now);
  facts.insert(facts.begin(), {tr("Card in the reader"), state_of(card)});
  return facts;
}

Text key_of(const CardSecret* key) {
  if (key && was_refused(*key)) return tr("held here, but it does not fit the card");
  return key ? tr("held here, sealed") : tr("not held here");
}

Text next_step(const Card& card, const CardSecret* puk, const CardSecret* key) {
  if (card.state == "revoked") return tr("This card was taken out of use. The holder needs a new one.");
  if (key && !was_refused(*key)) return tr("A locked PIN can be set anew at a desk, or by telephone if the holder's computer shows a challenge.");
  if (key && was_refused(*key) && (!puk || was_refused(*puk)))
    return tr("The administration key that is held here is not this card's. Ask the authority for the right one, and import it.");
  if (puk && was_refused(*puk))
    return tr("The PUK that is held here is not the card's. The holder's own unlocks the PIN at a desk; without it they apply for a new card.");
  if (puk && puk->spent) return tr("The PUK was told: the holder comes to a desk, where the card gets another one.");
  if (puk) return tr("A locked PIN can be set anew at a desk, or by telephone with the PUK, which is held here.");
  if (was_made_without_puk(card))
    return tr("A locked PIN is set anew at a desk, through the issuer's service: bring the card and an identity card.");
  return tr("The holder's own PUK unlocks the PIN at a desk. Without it the holder applies for a new card.");
}

/// Of a card in the reader that is not registered.
Text next_step_at_desk(const CardFacts& card, const std::vector<CardSecret>& secrets, bool has_keys) {
  if (card.shut_down) return state_of(card);
  if (ways_of(card, secrets, has_keys, {}).empty()) return next_step_of(card, secrets, {});
  return tr("A new PIN can be set at this desk.");
}

}  // namespace

std::vector<sdk::CardInformation> RunCardRecordPort::cards() {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const Ticket ticket = run_.ticket_now(now);
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (!subscriber) throw sdk::Failed(tr("The subscriber is gone."));
  const auto registered = now.cards(subscriber->id);
  const auto secrets = now.card_secrets(subscriber->id);
  std::optional<CardInReader> here;
  if (run_.parts.outside.cards && ticket.channel == Channel::desk) {
    auto found = card_in_reader(*run_.parts.outside.cards, *subscriber, registered);
    if (found && !objection_to_card(found->facts, *subscriber, registered, {true, true, false}, run_.parts.clock.now()))
      here = std::move(*found);
  }

  std::vector<sdk::CardInformation> out;
  for (const Card& card : registered) {
    const CardSecret* puk = secret_of(secrets, card.serial, true);
    const CardSecret* key = secret_of(secrets, card.serial, false);
    sdk::CardInformation information{name_of(card), {}, next_step(card, puk, key)};
    information.facts.push_back({tr("State in the registry"), word_of_state(card.state)});
    if (!card.produced.empty()) information.facts.push_back({tr("Produced"), sdk::verbatim(card.produced)});
    information.facts.push_back({tr("PUK"), puk_of(card, puk)});
    information.facts.push_back({tr("Administration key"), key_of(key)});
    if (here && same_serial(here->facts.serial, card.serial)) {
      for (auto& fact : state_and_facts_of(here->facts, run_.parts.clock.now())) information.facts.push_back(std::move(fact));
      here.reset();
    }
    out.push_back(std::move(information));
  }
  if (here)
    out.push_back({name_of(here->facts), state_and_facts_of(here->facts, run_.parts.clock.now()), next_step_at_desk(here->facts, secrets, run_.parts.outside.card_keys != nullptr)});
  return out;
}

}  // namespace anahtar::core
