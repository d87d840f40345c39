// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/action_desk.h"

#include <algorithm>

#include "core/masking.h"

namespace anahtar::core {
namespace {

bool knows_button(const sdk::Form& form, const std::string& pressed) {
  return std::ranges::any_of(form.buttons, [&](const sdk::Button& button) { return button.id == pressed; });
}

}  // namespace

void RunDesk::check_declared(sdk::Port which) const {
  if (std::ranges::find(run_.action.action.needs, which) == run_.action.action.needs.end())
    throw sdk::PortNotDeclared();
}

sdk::Answers RunDesk::ask(sdk::Form form) {
  std::vector<FieldProblem> problems;
  while (true) {
    run_.check_alive();
    sdk::Answers answers = run_.conversation->ask(form, problems, run_.stop.get_token());
    run_.check_alive();
    if (answers.out_of_time || knows_button(form, answers.pressed_button)) return answers;
    answers.pressed_button.clear();
    problems = validate(form, answers);
    if (problems.empty()) return answers;
  }
}

void RunDesk::show(Text notice) {
  run_.check_alive();
  run_.conversation->show(notice);
}

void RunDesk::reveal(Secret secret, sdk::Audience audience) {
  run_.check_alive();
  if (!may_reveal(audience)) throw sdk::Failed(tr("The policy does not let the operator see this."));
  run_.conversation->reveal(secret, audience);
}

bool RunDesk::may_reveal(sdk::Audience audience) {
  const auto pass = run_.enter();
  return audience == sdk::Audience::holder || run_.may_be_spoken();
}

bool RunDesk::can_reach_holder(sdk::Delivery delivery) {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const auto subscriber = now.subscriber(*run_.ticket_now(now).subscriber);
  if (!subscriber) return false;
  const Outside& outside = run_.parts.outside;
  return delivery == sdk::Delivery::sms ? outside.can_text() && !subscriber->mobile.empty()
                                        : outside.can_mail() && !subscriber->email.empty();
}

void RunDesk::progress(double fraction, Text sentence) {
  run_.check_alive();
  run_.conversation->progress(std::min(fraction, 1.0), sentence);
}

sdk::SubscriberSummary RunDesk::subscriber() {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const Ticket ticket = run_.ticket_now(now);
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (!subscriber) throw sdk::Failed(tr("The subscriber is gone."));
  const std::string name = subscriber->given_names + " " + subscriber->surname;
  const auto opening = now.opening(ticket.number, run_.session.operator_id);
  const bool open = opening && opening->subscriber == subscriber->id && opening->until > run_.parts.clock.now();
  if (open) return {name, subscriber->mobile, subscriber->email};
  return {mask_name(name), mask_mobile(subscriber->mobile), mask_email(subscriber->email)};
}

}  // namespace anahtar::core
