// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods.h"

namespace identity_verification {
using namespace anahtar::sdk;

namespace {

Form pin_form(int tries_left, Text problem) {
  return Form(tr("Call PIN"))
      .say_to_caller(tr("Please tell me the call PIN that you chose."))
      .secret("pin", tr("Call PIN"))
      .max_length(8)
      .hint(tr("Tries left: {1}", std::to_string(tries_left)))
      .problem_is(std::move(problem))
      .submit_label(tr("Check"));
}

}  // namespace

Outcome call_pin(Desk& desk) {
  Text problem;
  while (true) {
    const Answers answers = desk.ask(pin_form(desk.call_pin().tries_left(), std::exchange(problem, {})));
    switch (desk.call_pin().check(answers.secret("pin"))) {
      case CodeCheck::right:
        return propose(Change::verify_caller("call_pin")).then_say(tr("Verified: the caller knows the call PIN."));
      case CodeCheck::locked:
        return refused(
            tr("Not verified, and the call PIN is now locked for this subscriber. A supervisor can lift the lock."));
      default:
        problem = tr("That is not the holder's call PIN.");
    }
  }
}

}  // namespace identity_verification
