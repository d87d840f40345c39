// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods.h"

namespace identity_verification {
using namespace anahtar::sdk;

namespace {

Form card_form(Text problem) {
  return Form(tr("Identity card"))
      .text("document", tr("Serial number on the card"))
      .max_length(20)
      .choice("photo", tr("Is the person in front of you the one on the photo?"),
              {{"same", tr("Yes, I have compared them")}, {"other", tr("No, or I am not sure")}})
      .nothing_chosen()
      .problem_is(std::move(problem))
      .submit_label(tr("Check"));
}

}  // namespace

Outcome identity_card(Desk& desk) {
  Text problem;
  while (true) {
    const Answers answers = desk.ask(card_form(std::exchange(problem, {})));
    if (answers["photo"] != "same") return refused(tr("Not verified: the photo does not show this person."));
    if (desk.identity_document().seen(answers["document"]))
      return propose(Change::verify_caller("identity_card")).then_say(tr("Verified: the identity card was seen."));
    problem = tr("That is not the serial number in the record. Read it again from the card.");
  }
}

}  // namespace identity_verification
