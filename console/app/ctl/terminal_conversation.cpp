// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/terminal_conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace anahtar::app::ctl {
namespace {

using sdk::Answers;
using sdk::Field;
using sdk::FieldKind;
using sdk::Form;

void store(const Field& field, std::string value, Answers& answers) {
  if (field.kind == FieldKind::secret)
    answers.secrets[field.id] = Secret(std::move(value));
  else
    answers.values[field.id] = std::move(value);
}

/// A choice may be answered by its number in the list.
std::string chosen_id(const Field& field, std::string typed) {
  for (std::size_t i = 0; i < field.choices.size(); ++i)
    if (typed == std::to_string(i + 1)) return field.choices[i].id;
  return typed;
}

/// Told at once, not when the whole form has been answered.
bool is_beside_the_choices(const Field& field, const std::string& typed) {
  return field.kind == FieldKind::choice && !typed.empty() &&
         std::ranges::find(field.choices, chosen_id(field, typed), &sdk::Choice::id) == field.choices.end();
}

std::string question(const Field& field) {
  std::string text;
  if (field.kind == FieldKind::choice) {
    text += shown(field.label) + '\n';
    for (std::size_t i = 0; i < field.choices.size(); ++i)
      text += fmt::format("  {}) {}\n", i + 1, shown(field.choices[i].label));
    terminal::tell(text.substr(0, text.size() - 1));
    text = say("Number");
  } else {
    text = shown(field.label);
  }
  if (!field.hint.empty()) text += " (" + shown(field.hint) + ")";
  if (!field.required) text += " [" + say("may stay empty") + "]";
  return text + ": ";
}

bool is_button(const Form& form, const std::string& id) {
  return std::ranges::any_of(form.buttons, [&](const sdk::Button& button) { return button.id == id; });
}

}  // namespace

terminal::Stop TerminalConversation::stop_of(const Form& form, std::stop_token stop) {
  return [this, &form, stop]() -> std::optional<terminal::Silence> {
    if (stop.stop_requested()) return terminal::Silence::stopped;
    if (form.expires && core::SystemClock().now() >= *form.expires) return terminal::Silence::out_of_time;
    tell_message(form);
    return {};
  };
}

void TerminalConversation::tell_message(const Form& form) {
  if (!outbox_ || form.message.empty()) return;
  const auto status = outbox_->status(form.message);
  if (!status) return;
  // A retry is told once, not every second of its countdown.
  const auto state = form.message + std::to_string(static_cast<int>(status->state)) + status->sentence.id;
  if (std::exchange(told_, state) == state) return;
  terminal::tell(shown(status->label) + ": " + shown(status->sentence));
}

void TerminalConversation::introduce(const Form& form, const std::vector<core::FieldProblem>& problems) {
  terminal::end_progress();
  terminal::tell("\n" + shown(form.title));
  if (!form.say.empty()) terminal::tell(say("Say to the caller: {1}", shown(form.say)));
  if (!form.problem.empty()) terminal::tell("! " + shown(form.problem));
  for (const auto& fact : form.facts) terminal::tell("  " + shown(fact.label) + ": " + shown(fact.value));
  for (const auto& problem : problems) terminal::tell("! " + shown(problem.sentence));
  tell_message(form);
  if (form.expires) {
    const auto left = std::chrono::floor<std::chrono::seconds>(*form.expires - core::SystemClock().now()).count();
    terminal::tell(say("Time left: {1} seconds", std::to_string(std::max<std::int64_t>(left, 0))));
  }
  for (const auto& button : form.buttons)
    terminal::tell(say("Type {1} for: {2}", "/" + button.id, shown(button.label)));
}

Answers TerminalConversation::ask(const Form& form, const std::vector<core::FieldProblem>& problems,
                                  std::stop_token stop) {
  script_.next_form();
  if (form.holder && !holder_here_)
    give_up(tr("This is for the holder alone; run it in the window, or with --holder when the holder sits at this terminal."));
  introduce(form, problems);
  Answers answers;
  if (const auto button = script_.take("button")) {
    if (!is_button(form, *button)) give_up(tr("This form has no button \"{1}\".", *button));
    answers.pressed_button = *button;
    return answers;
  }
  const auto silence = stop_of(form, stop);
  if (form.fields.empty())
    confirm(form, silence, answers);
  else
    confirmed_ = {};
  for (const auto& field : form.fields)
    if (!answer(field, form, silence, answers)) break;
  return answers;
}

void TerminalConversation::confirm(const Form& form, const terminal::Stop& stop, Answers& answers) {
  if (!terminal::can_ask()) {
    if (!form.problem.empty() && form.problem == confirmed_) give_up(form.problem);  // nobody is there to mend it
    confirmed_ = form.problem;
    return;
  }
  const auto typed = terminal::ask(say("Press Enter to go on: "), stop);
  if (!typed)
    unanswered(typed.error(), answers);
  else if (typed->starts_with('/') && is_button(form, typed->substr(1)))
    answers.pressed_button = typed->substr(1);
}

bool TerminalConversation::answer(const Field& field, const Form& form, const terminal::Stop& stop, Answers& answers) {
  const bool answered_before = script_.was_used(field.id);
  if (auto scripted = script_.take(field.id)) {
    store(field, std::move(*scripted), answers);
    return true;
  }
  if (terminal::can_ask()) return answer_at_terminal(field, form, stop, answers);
  if (!field.required) return true;
  if (answered_before)
    give_up(tr("The answer to \"{1}\" was not accepted, and there is no terminal to ask again.", field.id));
  give_up(tr("Nothing answers \"{1}\": name it in the file of --answers, or run this at a terminal.", field.id));
}

bool TerminalConversation::answer_at_terminal(const Field& field, const Form& form, const terminal::Stop& stop,
                                              Answers& answers) {
  const auto asked = question(field);
  if (field.kind == FieldKind::secret) {
    auto typed = terminal::ask_secret(asked, stop);
    if (!typed) return unanswered(typed.error(), answers);
    answers.secrets[field.id] = std::move(*typed);
    return true;
  }
  while (true) {
    auto typed = terminal::ask(asked, stop);
    if (!typed) return unanswered(typed.error(), answers);
    if (typed->starts_with('/') && is_button(form, typed->substr(1))) {
      answers.pressed_button = typed->substr(1);
      return false;
    }
    if (is_beside_the_choices(field, *typed)) {
      terminal::tell(say("Type a number from 1 to {1}.", std::to_string(field.choices.size())));
      continue;
    }
    store(field, field.kind == FieldKind::choice ? chosen_id(field, *typed) : *typed, answers);
    return true;
  }
}

bool TerminalConversation::unanswered(terminal::Silence why, Answers& answers) {
  if (why == terminal::Silence::out_of_time) {
    terminal::tell("");
    answers.out_of_time = true;
    return false;
  }
  if (why == terminal::Silence::ended) give_up(tr("The terminal was closed before everything was answered."));
  throw sdk::Cancelled();
}

void TerminalConversation::give_up(Text why) {
  const std::lock_guard lock(mutex_);
  gave_up_ = std::move(why);
  throw sdk::Cancelled();
}

Text TerminalConversation::gave_up() const {
  const std::lock_guard lock(mutex_);
  return gave_up_;
}

void TerminalConversation::show(const Text& notice) {
  terminal::end_progress();
  terminal::tell(shown(notice));
}

void TerminalConversation::reveal(const Secret& secret, sdk::Audience audience) {
  if (audience == sdk::Audience::holder && !holder_here_)
    throw sdk::Failed(tr("This is for the holder's eyes only; run it in the window, which has a side for the holder."));
  terminal::tell_secret(say("Shown once: {1}", ""), secret);
}

void TerminalConversation::progress(double fraction, const Text& sentence) {
  terminal::progress(fraction, shown(sentence));
}

void TerminalConversation::ended(const core::Result<Text>&) { terminal::end_progress(); }

}  // namespace anahtar::app::ctl
