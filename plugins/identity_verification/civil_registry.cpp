// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods.h"

namespace identity_verification {
using namespace anahtar::sdk;

namespace {

constexpr std::size_t questions_in_a_set = 3;
constexpr std::size_t longest_number = 10;

void add_question(Form& form, const RegistryQuestion& question) {
  switch (question.kind) {
    case FieldKind::date:
      form.date(question.id, question.label);
      break;
    case FieldKind::digits:
      form.digits(question.id, question.label, longest_number);
      form.fields.back().min_length = 1;
      break;
    default:
      form.text(question.id, question.label).max_length(100);
  }
}

Form questions_form(const std::vector<RegistryQuestion>& questions, Text problem) {
  Form form(tr("Civil-registry questions"));
  form.say_to_caller(tr("I have to ask you for some data of your civil registration."))
      .problem_is(std::move(problem))
      .submit_label(tr("Compare"));
  for (const RegistryQuestion& question : questions) add_question(form, question);
  return form;
}

}  // namespace

Outcome civil_registry(Desk& desk) {
  Text problem;
  while (true) {
    const auto questions = desk.civil_registry().draw(questions_in_a_set);
    const Answers answers = desk.ask(questions_form(questions, std::move(problem)));
    if (desk.civil_registry().compare(answers.values))
      return propose(Change::verify_caller("civil_registry"))
          .then_say(tr("Verified: the answers fit the civil registry."));
    problem = tr("The answers do not all fit; it is not told which. Here are new questions.");
  }
}

}  // namespace identity_verification
