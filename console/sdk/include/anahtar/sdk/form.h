// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "secret.h"
#include "text.h"

namespace anahtar::sdk {

enum class FieldKind { text, digits, secret, choice, date, file };

struct Choice {
  std::string id;  ///< what the record keeps; stable, never translated
  Text label;
};

/// One question. The console validates the answer before the plugin sees it.
struct Field {
  std::string id;
  Text label;
  FieldKind kind = FieldKind::text;
  bool required = true;
  std::size_t min_length = 0;    ///< in characters
  std::size_t max_length = 500;  ///< in characters
  std::vector<Choice> choices = {};  ///< for `choice`
  Text hint = {};                ///< one short line below the field
  bool preselected = true;       ///< of a choice: the first, until another is chosen
};

/// Another way to leave the form, e.g. "Send a new code".
struct Button {
  std::string id;
  Text label;
};

/// A line of what is so, e.g. "Tries left" and "2".
struct Fact {
  Text label, value;
};

/// What an action asks, as data: drawn by the window, asked line by line at a terminal, answered by a script in a test.
/// Modifiers without a field name apply to the field added last.
class Form {
 public:
  explicit Form(Text title_text) : title(std::move(title_text)) {}

  Form& text(std::string id, Text label) & { return add({std::move(id), std::move(label), FieldKind::text}); }
  /// Digits only, e.g. a code that the caller reads out. Shown as typed.
  Form& digits(std::string id, Text label, std::size_t length) & {
    return add({std::move(id), std::move(label), FieldKind::digits, true, length, length});
  }
  /// Not shown as typed; the answer is a Secret.
  Form& secret(std::string id, Text label) & { return add({std::move(id), std::move(label), FieldKind::secret}); }
  Form& choice(std::string id, Text label, std::vector<Choice> choices) & {
    return add({std::move(id), std::move(label), FieldKind::choice, true, 0, 500, std::move(choices)});
  }
  /// Answered as ISO 8601 "YYYY-MM-DD", however it was typed.
  Form& date(std::string id, Text label) & { return add({std::move(id), std::move(label), FieldKind::date}); }
  Form& file(std::string id, Text label) & { return add({std::move(id), std::move(label), FieldKind::file}); }

  /// Of a choice whose answer counts: it is not given by pressing Enter alone.
  Form& nothing_chosen() & { fields.back().preselected = false; return *this; }
  Form& optional() & { fields.back().required = false; return *this; }
  Form& hint(Text line) & { fields.back().hint = std::move(line); return *this; }
  Form& max_length(std::size_t characters) & { fields.back().max_length = characters; return *this; }

  Form& say_to_caller(Text line) & { say = std::move(line); return *this; }
  Form& problem_is(Text line) & { problem = std::move(line); return *this; }
  Form& submit_label(Text label) & { submit = std::move(label); return *this; }
  Form& button(std::string id, Text label) & { buttons.push_back({std::move(id), std::move(label)}); return *this; }
  /// The form closes by itself at `end` (Answers::expired()); the time left is shown.
  Form& countdown_to(std::chrono::sys_time<std::chrono::microseconds> end) & { expires = end; return *this; }
  /// What becomes of this message (queued, sent, delivered, failed) is shown, as it changes, while the form is open.
  Form& follow_message(std::string id) & { message = std::move(id); return *this; }

  /// Shown and answered on the holder's window, never on the operator's: what is typed there is the holder's alone.
  Form& for_holder() & { holder = true; return *this; }
  /// Shown above the questions.
  Form& fact(Text label, Text value) & { facts.push_back({std::move(label), std::move(value)}); return *this; }

  // The same on a temporary, so that a form can be written as one expression.
  Form&& text(std::string id, Text label) && { return std::move(text(std::move(id), std::move(label))); }
  Form&& digits(std::string id, Text label, std::size_t n) && { return std::move(digits(std::move(id), std::move(label), n)); }
  Form&& secret(std::string id, Text label) && { return std::move(secret(std::move(id), std::move(label))); }
  Form&& choice(std::string id, Text label, std::vector<Choice> c) && {
    return std::move(choice(std::move(id), std::move(label), std::move(c)));
  }
  Form&& date(std::string id, Text label) && { return std::move(date(std::move(id), std::move(label))); }
  Form&& file(std::string id, Text label) && { return std::move(file(std::move(id), std::move(label))); }
  Form&& nothing_chosen() && { return std::move(nothing_chosen()); }
  Form&& optional() && { return std::move(optional()); }
  Form&& hint(Text line) && { return std::move(hint(std::move(line))); }
  Form&& max_length(std::size_t n) && { return std::move(max_length(n)); }
  Form&& say_to_caller(Text line) && { return std::move(say_to_caller(std::move(line))); }
  Form&& problem_is(Text line) && { return std::move(problem_is(std::move(line))); }
  Form&& submit_label(Text label) && { return std::move(submit_label(std::move(label))); }
  Form&& button(std::string id, Text label) && { return std::move(button(std::move(id), std::move(label))); }
  Form&& countdown_to(std::chrono::sys_time<std::chrono::microseconds> end) && { return std::move(countdown_to(end)); }
  Form&& follow_message(std::string id) && { return std::move(follow_message(std::move(id))); }
  Form&& for_holder() && { return std::move(for_holder()); }
  Form&& fact(Text label, Text value) && { return std::move(fact(std::move(label), std::move(value))); }

  Text title;
  Text say;      ///< what the operator may read out to the caller
  Text problem;  ///< what was wrong with the last answer
  Text submit;   ///< empty: the console's default
  std::vector<Field> fields;
  std::vector<Button> buttons;
  std::optional<std::chrono::sys_time<std::chrono::microseconds>> expires;
  std::string message;  ///< opaque id of the message to follow; may be empty
  std::vector<Fact> facts;
  bool holder = false;

 private:
  Form& add(Field field) { fields.push_back(std::move(field)); return *this; }
};

/// The answers to one form, already validated. Unanswered optional fields are empty. Moved, not copied, and wiped when they
/// go: a code that a caller reads out is no Secret, but it is nobody else's.
class Answers {
 public:
  Answers() = default;
  Answers(Answers&& other) noexcept { swap(other); }
  Answers& operator=(Answers&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Answers() {
    for (auto& [field, value] : values) Secret::wipe(value);
  }

  /// The answer to a field that is not secret; empty when there is none.
  const std::string& operator[](const std::string& field) const {
    static const std::string none;
    const auto found = values.find(field);
    return found == values.end() ? none : found->second;
  }
  /// The answer to a secret field; an empty one when there is none.
  const Secret& secret(const std::string& field) const {
    static const Secret none;
    const auto found = secrets.find(field);
    return found == secrets.end() ? none : found->second;
  }
  bool pressed(const std::string& button) const { return pressed_button == button; }
  bool expired() const { return out_of_time; }

  std::map<std::string, std::string> values;
  std::map<std::string, Secret> secrets;
  std::string pressed_button;  ///< empty: submitted
  bool out_of_time = false;

 private:
  void swap(Answers& other) noexcept {
    values.swap(other.values);
    secrets.swap(other.secrets);
    pressed_button.swap(other.pressed_button);
    std::swap(out_of_time, other.out_of_time);
  }
};

}  // namespace anahtar::sdk
