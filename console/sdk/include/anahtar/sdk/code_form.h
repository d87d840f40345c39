// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <utility>

#include "desk.h"

namespace anahtar::sdk {

/// Asks for the code that was sent: what the operator says, the time and the tries left, what becomes of the message, and
/// a button for another one. What was typed is `answers["code"]`; see wants_another_code.
inline Form code_form(Text title, const SentCode& sent, int tries_left, Text problem = {}) {
  return Form(std::move(title))
      .say_to_caller(tr("I have sent a code to {1}. Please read it to me.", sent.masked_to))
      .digits("code", tr("Code"), 6)
      .hint(tr("Tries left: {1}", std::to_string(tries_left)))
      .problem_is(std::move(problem))
      .countdown_to(sent.expires)
      .follow_message(sent.message)
      .button("new_code", tr("Send a new code"))
      .submit_label(tr("Check"));
}

/// The operator asked for another code, or the time of this one is over.
inline bool wants_another_code(const Answers& answers) { return answers.pressed("new_code") || answers.expired(); }

}  // namespace anahtar::sdk
