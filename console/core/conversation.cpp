// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/conversation.h"

#include <algorithm>
#include <filesystem>

#include "core/digits.h"
#include "core/typed_date.h"
#include "core/utf8.h"

namespace anahtar::core {
namespace {

using sdk::Field;
using sdk::FieldKind;
using Problem = std::optional<Text>;

void trim(std::string& text) {
  constexpr char spaces[] = " \t\r\n";
  text.erase(text.find_last_not_of(spaces) + 1);
  text.erase(0, text.find_first_not_of(spaces));
}

Problem problem_of_length(const Field& field, std::string_view value) {
  const auto length = count_characters(value);
  if (!length) return tr("The text holds characters that cannot be read. Type it again.");
  if (*length < field.min_length)
    return tr("That is too short: at least {1} characters are needed.", std::to_string(field.min_length));
  if (*length > field.max_length)
    return tr("That is too long: at most {1} characters fit.", std::to_string(field.max_length));
  return {};
}

Problem check_text(const Field& field, std::string& value) { return problem_of_length(field, value); }

Problem check_digits(const Field& field, std::string& value) {
  std::erase(value, ' ');
  const bool digits = all_digits(value);
  const bool fits = value.size() >= field.min_length && value.size() <= field.max_length;
  if (digits && fits) return {};
  if (field.min_length == field.max_length)
    return tr("Type exactly {1} digits and nothing else.", std::to_string(field.min_length));
  return tr("Type digits only, {1} to {2} of them.", std::to_string(field.min_length),
            std::to_string(field.max_length));
}

Problem check_choice(const Field& field, std::string& value) {
  const bool known = std::ranges::any_of(field.choices, [&](const sdk::Choice& choice) { return choice.id == value; });
  return known ? Problem{} : tr("Choose one of the listed answers.");
}

Problem check_date(const Field&, std::string& value) {
  auto iso = iso_date_from(value);
  if (!iso) return iso.error().sentence;
  value = *iso;
  return {};
}

Problem check_file(const Field&, std::string& value) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(value, ignored)) return {};
  return tr("There is no such file. Choose another one.");
}

Problem check(const Field& field, std::string& value) {
  switch (field.kind) {
    case FieldKind::text:
      return check_text(field, value);
    case FieldKind::digits:
      return check_digits(field, value);
    case FieldKind::choice:
      return check_choice(field, value);
    case FieldKind::date:
      return check_date(field, value);
    case FieldKind::file:
      return check_file(field, value);
    case FieldKind::secret:
      break;
  }
  return tr("The text holds characters that cannot be read. Type it again.");
}

Problem missing(const Field& field) {
  if (!field.required) return {};
  return field.kind == FieldKind::choice ? tr("Choose one of the listed answers.") : tr("Please fill this in.");
}

Problem check_plain(const Field& field, sdk::Answers& answers) {
  std::string& value = answers.values[field.id];
  trim(value);
  return value.empty() ? missing(field) : check(field, value);
}

Problem check_secret(const Field& field, sdk::Answers& answers) {
  const sdk::Secret& value = answers.secrets[field.id];
  return value.empty() ? missing(field) : problem_of_length(field, value.expose());
}

/// Only what was asked for reaches the action.
void drop_unasked(const sdk::Form& form, sdk::Answers& answers) {
  const auto asked = [&](const std::string& id, bool secret) {
    return std::ranges::any_of(form.fields,
                               [&](const Field& f) { return f.id == id && (f.kind == FieldKind::secret) == secret; });
  };
  std::erase_if(answers.values, [&](const auto& answer) { return !asked(answer.first, false); });
  std::erase_if(answers.secrets, [&](const auto& answer) { return !asked(answer.first, true); });
}

}  // namespace

std::vector<FieldProblem> validate(const sdk::Form& form, sdk::Answers& answers) {
  drop_unasked(form, answers);
  std::vector<FieldProblem> problems;
  for (const Field& field : form.fields) {
    auto problem = field.kind == FieldKind::secret ? check_secret(field, answers) : check_plain(field, answers);
    if (problem) problems.push_back({field.id, std::move(*problem)});
  }
  return problems;
}

}  // namespace anahtar::core
