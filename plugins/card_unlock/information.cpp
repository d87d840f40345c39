// SPDX-License-Identifier: GPL-3.0-or-later
#include "actions.h"

namespace card_unlock {
using namespace anahtar::sdk;

Outcome information(Desk& desk) {
  const auto cards = desk.card_record().cards();
  if (cards.empty()) return done(tr("No card is registered to the subscriber."));
  for (const CardInformation& card : cards) {
    Form form(tr("PIN/PUK information"));
    form.fact(tr("Card"), verbatim(card.name));
    for (const Fact& fact : card.facts) form.fact(fact.label, fact.value);
    form.fact(tr("Next step"), card.next_step);
    desk.ask(std::move(form.submit_label(tr("Continue"))));
  }
  return done(tr("The information was given."));
}

}  // namespace card_unlock
