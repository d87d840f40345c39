// SPDX-License-Identifier: GPL-3.0-or-later
#include <anahtar/sdk/plugin.h>

namespace {
using namespace anahtar::sdk;

Form pin_form(Text problem) {
  return Form(tr("Set call PIN"))
      .say_to_caller(tr("Choose a PIN of 4 to 8 digits. With it you can prove on the telephone who you are."))
      .secret("pin", tr("New call PIN"))
      .max_length(8)
      .secret("again", tr("The same once more"))
      .max_length(8)
      .problem_is(std::move(problem))
      .submit_label(tr("Set the PIN"));
}

Outcome set(Desk& desk) {
  Text problem;
  while (true) {
    const Answers answers = desk.ask(pin_form(std::exchange(problem, {})));
    if (answers.secret("pin").expose() != answers.secret("again").expose()) {
      problem = tr("The two PINs differ. Ask the caller again.");
      continue;
    }
    problem = desk.call_pin().choose(answers.secret("pin"));
    if (problem.empty()) return propose(Change::set_call_pin()).then_say(tr("The call PIN is set. It counts from now on."));
  }
}

Plugin describe() {
  return {.title = tr("Call PIN"),
          .actions = {{.id = "call_pin.set", .title = tr("Set call PIN"), .needs = {Port::call_pin}, .run = set}}};
}

}  // namespace

ANAHTAR_PLUGIN("call-pin", "1.0.0", describe)
