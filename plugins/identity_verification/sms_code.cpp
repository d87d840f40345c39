// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods.h"

namespace identity_verification {
using namespace anahtar::sdk;

namespace {

/// The earlier code is of no use any more: goes on only when the operator wants another one.
SentCode send_another(Desk& desk, Text why) {
  desk.ask(Form(tr("SMS code"))
               .problem_is(std::move(why))
               .say_to_caller(tr("That code is no longer valid. I am sending you a new one."))
               .submit_label(tr("Send a new code")));
  return desk.codes().send();
}

}  // namespace

Outcome sms_code(Desk& desk) {
  SentCode sent = desk.codes().send();
  Text problem;
  while (true) {
    const Answers answers = desk.ask(code_form(tr("SMS code"), sent, desk.codes().tries_left(), std::exchange(problem, {})));
    if (answers.pressed("new_code")) {
      sent = desk.codes().send();
      continue;
    }
    if (answers.expired()) {
      sent = send_another(desk, tr("The time for this code is over."));
      continue;
    }
    switch (desk.codes().check(Secret(answers["code"]))) {
      case CodeCheck::right:
        return propose(Change::verify_caller("sms_code")).then_say(tr("Verified: the caller gave back the SMS code."));
      case CodeCheck::wrong:
        problem = tr("That is not the code that was sent. Ask the caller to read it again.");
        break;
      case CodeCheck::expired:
        sent = send_another(desk, tr("The time for this code is over."));
        break;
      case CodeCheck::used_up:
        sent = send_another(desk, tr("Too many wrong tries: this code is void."));
        break;
      case CodeCheck::locked:
        return refused(
            tr("Not verified, and SMS codes are now locked for this subscriber. A supervisor can lift the lock."));
    }
  }
}

}  // namespace identity_verification
