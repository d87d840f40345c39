// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods.h"

namespace identity_verification {
using namespace anahtar::sdk;

namespace {

constexpr std::size_t longest_typed = 127;  // a PIN that exists may be longer than what a new one may be

Form about(const CardAtDesk& card, Text title, Text problem) {
  return Form(std::move(title)).fact(tr("Card"), verbatim(card.name)).fact(tr("State"), card.state).problem_is(std::move(problem));
}

/// What is typed on the reader passes through no computer.
Text signed_on_pad(Desk& desk, const CardAtDesk& card, Text problem) {
  desk.ask(about(card, tr("Signature with the holder's card"), std::move(problem))
               .say_to_caller(tr("Please type the PIN of your card on the reader's keypad."))
               .submit_label(tr("Ask for the PIN on the reader")));
  desk.progress(-1, tr("The holder types the PIN on the reader's keypad. The C key there stops it."));
  return desk.card().check_signature_on_pad();
}

Text signed_in_window(Desk& desk, const CardAtDesk& card, Text problem) {
  const Answers answers = desk.ask(about(card, tr("Sign with your card"), std::move(problem))
                                       .secret("pin", tr("PIN of the card"))
                                       .max_length(longest_typed)
                                       .submit_label(tr("Sign"))
                                       .for_holder());
  return desk.card().check_signature(answers.secret("pin"));
}

}  // namespace

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
    problem = card.pad ? signed_on_pad(desk, card, std::move(problem)) : signed_in_window(desk, card, std::move(problem));
    if (problem.empty())
      return propose(Change::verify_caller("card_signature"))
          .then_say(tr("Verified: the holder signed with their own card."));
  }
}

}  // namespace identity_verification
