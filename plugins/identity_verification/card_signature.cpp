// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods.h"

namespace identity_verification {
using namespace anahtar::sdk;

Outcome card_signature(Desk& desk) {
  Text problem;
  while (true) {
    const CardAtDesk card = desk.card().look();
    if (!card.refusal.empty()) return refused(card.refusal);
    if (!card.problem.empty()) {
      desk.ask(Form(tr("Signature with the holder's card"))
                   .problem_is(card.problem)
                   .submit_label(tr("Read the card again")));
      continue;
    }
    const Answers answers = desk.ask(Form(tr("Sign with your card"))
                                         .fact(tr("Card"), verbatim(card.name))
                                         .fact(tr("State"), card.state)
                                         .secret("pin", tr("PIN of the card"))
                                         .max_length(static_cast<std::size_t>(card.longest_pin))
                                         .problem_is(std::move(problem))
                                         .submit_label(tr("Sign"))
                                         .for_holder());
    problem = desk.card().check_signature(answers.secret("pin"));
    if (problem.empty())
      return propose(Change::verify_caller("card_signature"))
          .then_say(tr("Verified: the holder signed with their own card."));
  }
}

}  // namespace identity_verification
