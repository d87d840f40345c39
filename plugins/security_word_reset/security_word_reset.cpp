// SPDX-License-Identifier: GPL-3.0-or-later
#include <anahtar/sdk/plugin.h>

namespace {
using namespace anahtar::sdk;

Form delivery_form(Desk& desk) {
  const SubscriberSummary holder = desk.subscriber();
  std::vector<Choice> ways;
  if (desk.can_reach_holder(Delivery::sms)) ways.push_back({"sms", tr("By SMS to the registered mobile {1}", holder.mobile)});
  if (desk.can_reach_holder(Delivery::email))
    ways.push_back({"email", tr("By e-mail to the registered address {1}", holder.email)});
  if (desk.may_reveal(Audience::operator_)) ways.push_back({"spoken", tr("Spoken by me, now")});
  if (ways.empty())
    throw Failed(tr("No way leads to the holder: neither a mobile nor an e-mail address is registered and can be reached."));
  return Form(tr("Reset security word"))
      .choice("delivery", tr("How the holder gets the new word"), std::move(ways))
      .text("note", tr("Note"))
      .optional()
      .submit_label(tr("Reset"));
}

Outcome reset(Desk& desk) {
  const bool blocked = desk.registry().portal_account().blocked;
  const Answers answers = desk.ask(delivery_form(desk));
  const bool unblocks = blocked && desk.registry().reset_clears_block();
  return propose(Change::reset_security_word(answers["delivery"], answers["note"]))
      .then_say(unblocks ? tr("The security word was renewed, and the password is active again.")
                         : tr("The security word was renewed."));
}

Plugin describe() {
  return {.title = tr("Security-word reset"),
          .actions = {{.id = "security_word.reset",
                       .title = tr("Reset security word"),
                       .needs = {Port::registry},
                       .run = reset}}};
}

}  // namespace

ANAHTAR_PLUGIN("security-word-reset", "1.1.0", describe)
