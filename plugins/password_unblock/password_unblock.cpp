// SPDX-License-Identifier: GPL-3.0-or-later
#include <anahtar/sdk/plugin.h>

namespace {
using namespace anahtar::sdk;

Form cause_form() {
  return Form(tr("Unblock password"))
      .choice("cause", tr("Cause"),
              {{"forgot", tr("Forgot the security word")},
               {"mistyped", tr("Typed it wrong")},
               {"somebody_else", tr("Somebody else tried")},
               {"other", tr("Other")}})
      .nothing_chosen()  // what is recorded must have been asked
      .text("note", tr("Note"))
      .optional()
      .submit_label(tr("Unblock"));
}

Outcome unblock(Desk& desk) {
  if (!desk.registry().portal_account().blocked) return refused(tr("The password is not blocked."));
  const Answers answers = desk.ask(cause_form());
  const Text said = answers["cause"] == "forgot" ? tr("The password is active again. Who forgot the security word needs a new one: reset it too.")
                                                : tr("The password is active again. The caller can sign in with the security word they have.");
  return propose(Change::unblock_password(answers["cause"], answers["note"])).then_say(said);
}

Plugin describe() {
  return {.title = tr("Password unblock"),
          .actions = {
              {.id = "password.unblock", .title = tr("Unblock password"), .needs = {Port::registry}, .run = unblock}}};
}

}  // namespace

ANAHTAR_PLUGIN("password-unblock", "1.0.0", describe)
