// SPDX-License-Identifier: GPL-3.0-or-later
#include <anahtar/sdk/plugin.h>

namespace {
using namespace anahtar::sdk;

Form delivery_form(Desk& desk, const std::string& mobile) {
  std::vector<Choice> ways = {{"sms", tr("By SMS to the registered mobile {1}", mobile)}};
  if (desk.may_reveal(Audience::operator_)) ways.push_back({"spoken", tr("Spoken by me, now")});
  return Form(tr("Reset security word"))
      .choice("delivery", tr("How the holder gets the new word"), std::move(ways))
      .text("note", tr("Note"))
      .optional()
      .submit_label(tr("Reset"));
}

Outcome reset(Desk& desk) {
  const bool blocked = desk.registry().portal_account().blocked;
  const Answers answers = desk.ask(delivery_form(desk, desk.subscriber().mobile));
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

ANAHTAR_PLUGIN("security-word-reset", "1.0.0", describe)
