// SPDX-License-Identifier: GPL-3.0-or-later
#include <anahtar/sdk/plugin.h>

namespace {
using namespace anahtar::sdk;

std::string ask_number(Desk& desk) {
  Text problem;
  while (true) {
    const Answers answers = desk.ask(Form(tr("Update phone number"))
                                         .text("mobile", tr("New mobile number"))
                                         .hint(tr("As the caller says it, e.g. 0532 123 45 67"))
                                         .max_length(30)
                                         .problem_is(std::exchange(problem, {}))
                                         .submit_label(tr("Send a confirmation code")));
    if (const auto number = desk.new_number().normalised(answers["mobile"])) return *number;
    problem = tr("This is no Turkish mobile number.");
  }
}

void confirm(Desk& desk, const std::string& number) {
  SentCode sent = desk.new_number().send(number);
  Text problem;
  while (true) {
    const Answers answers = desk.ask(
        code_form(tr("Confirm the new number"), sent, desk.new_number().tries_left(), std::exchange(problem, {})));
    const CodeCheck checked =
        wants_another_code(answers) ? CodeCheck::expired : desk.new_number().check(Secret(answers["code"]));
    if (checked == CodeCheck::right) return;
    if (checked == CodeCheck::wrong)
      problem = tr("That is not the code that was sent. Ask the caller to read it again.");
    else
      sent = desk.new_number().send(number);
  }
}

Outcome update(Desk& desk) {
  const std::string number = ask_number(desk);
  confirm(desk, number);
  return propose(Change::update_phone(number))
      .then_say(tr("The new number is registered. The old number was told about it by SMS."));
}

Outcome undo(Desk& desk) {
  const std::string earlier = desk.previous_number().masked();
  const Answers answers = desk.ask(Form(tr("Undo phone update"))
                                       .say_to_caller(tr("You are calling from {1}. I am registering this number again.", earlier))
                                       .text("note", tr("What the caller says about the change"))
                                       .submit_label(tr("Restore the earlier number")));
  if (!desk.previous_number().calling())
    return refused(tr("The call no longer comes from the number that was registered before."));
  return propose(Change::undo_phone_update(answers["note"]))
      .then_say(tr("The earlier number is registered again. Both numbers were told by SMS, and the cooling-off goes on."));
}

Plugin describe() {
  return {.title = tr("Phone update"),
          .actions = {{.id = "phone.update",
                       .title = tr("Update phone number"),
                       .needs = {Port::new_number},
                       .run = update},
                      {.id = "phone.undo",
                       .title = tr("Undo phone update"),
                       .needs = {Port::previous_number},
                       .run = undo}}};
}

}  // namespace

ANAHTAR_PLUGIN("phone-update", "1.1.0", describe)
