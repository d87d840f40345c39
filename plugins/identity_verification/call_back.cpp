// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods.h"

namespace identity_verification {
using namespace anahtar::sdk;

namespace {

Form dial_form(const std::string& mobile, Text problem) {
  return Form(tr("Call-back to the registered number"))
      .say_to_caller(tr("I am calling you back at once on your registered number {1}. Please hang up.", mobile))
      .problem_is(std::move(problem))
      .submit_label(tr("Dial"));
}

Form reached_form(const PlacedCall& call, Text problem) {
  return Form(tr("Calling {1}", call.masked_to))
      .choice("reached", tr("Who answered?"),
              {{"holder", tr("The holder, who knows of the call")}, {"other", tr("Somebody else")}})
      .nothing_chosen()
      .hint(tr("It counts only if the telephone system reports that the call was answered."))
      .problem_is(std::move(problem))
      .countdown_to(call.expires)
      .button("again", tr("Dial again"))
      .submit_label(tr("Confirm"));
}

}  // namespace

Outcome call_back(Desk& desk) {
  const std::string mobile = desk.subscriber().mobile;
  desk.ask(dial_form(mobile, {}));
  PlacedCall call = desk.call_back().dial();
  Text problem;
  while (true) {
    const Answers answers = desk.ask(reached_form(call, std::exchange(problem, {})));
    if (answers.expired()) desk.ask(dial_form(mobile, tr("The time for this call is over.")));
    if (answers.expired() || answers.pressed("again")) {
      call = desk.call_back().dial();
      continue;
    }
    if (answers["reached"] != "holder") {
      desk.call_back().not_the_holder();
      return refused(tr("Not verified: somebody else answered at the registered number."));
    }
    switch (desk.call_back().confirm()) {
      case CallBackCheck::confirmed:
        return propose(Change::verify_caller("call_back"))
            .then_say(tr("Verified: the holder answered at the registered number."));
      case CallBackCheck::not_answered:
        problem = tr("The telephone system has not reported that the call was answered. Wait a moment and confirm again.");
        break;
      case CallBackCheck::expired:
        desk.ask(dial_form(mobile, tr("This call does not count any more.")));
        call = desk.call_back().dial();
    }
  }
}

}  // namespace identity_verification
