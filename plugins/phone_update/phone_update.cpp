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

Form code_form(const SentCode& sent, int tries_left, Text problem) {
  return Form(tr("Confirm the new number"))
      .say_to_caller(tr("I have sent a code to {1}. Please read it to me.", sent.masked_to))
      .digits("code", tr("Code"), 6)
      .hint(tr("Tries left: {1}", std::to_string(tries_left)))
      .problem_is(std::move(problem))
      .countdown_to(sent.expires)
      .follow_message(sent.message)
      .button("new_code", tr("Send a new code"))
      .submit_label(tr("Check"));
}

void confirm(Desk& desk, const std::string& number) {
  SentCode sent = desk.new_number().send(number);
  Text problem;
  while (true) {
    const Answers answers = desk.ask(code_form(sent, desk.new_number().tries_left(), std::exchange(problem, {})));
    const bool another = answers.pressed("new_code") || answers.expired();
    const CodeCheck checked = another ? CodeCheck::expired : desk.new_number().check(Secret(answers["code"]));
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

Plugin describe() {
  return {.title = tr("Phone update"),
          .actions = {{.id = "phone.update",
                       .title = tr("Update phone number"),
                       .needs = {Port::new_number},
                       .run = update}}};
}

}  // namespace

ANAHTAR_PLUGIN("phone-update", "1.0.0", describe)
