// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/scripted_answers.h"

#include <fstream>

namespace anahtar::app::ctl {
namespace {

[[noreturn]] void bad_file(const std::filesystem::path& file) {
  fail(core::Code::invalid, tr("{1} holds no answers: write {\"field\": \"answer\"}, or a list of such objects.",
                               file.string()));
}

std::map<std::string, std::string> answers_of(const Json& object, const std::filesystem::path& file) {
  if (!object.is_object()) bad_file(file);
  std::map<std::string, std::string> answers;
  for (const auto& [field, value] : object.items()) {
    if (value.is_string())
      answers[field] = value.get<std::string>();
    else if (value.is_number_integer())
      answers[field] = value.dump();
    else
      fail(core::Code::invalid, tr("In {1}, the answer to \"{2}\" must be a text in quotes.", file.string(), field));
  }
  return answers;
}

}  // namespace

ScriptedAnswers ScriptedAnswers::read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream || stream.peek() == std::ifstream::traits_type::eof())  // a folder opens, and cannot be read
    fail(core::Code::unavailable, tr("The file {1} cannot be read, or holds nothing.", file.string()));
  const auto json = Json::parse(stream, nullptr, /*allow_exceptions=*/false);
  ScriptedAnswers answers;
  answers.one_for_all_ = !json.is_array();
  if (answers.one_for_all_)
    answers.forms_.push_back(answers_of(json, file));
  else
    for (const auto& object : json) answers.forms_.push_back(answers_of(object, file));
  return answers;
}

void ScriptedAnswers::next_form() {
  if (!one_for_all_) ++next_;
}

std::optional<std::string> ScriptedAnswers::take(const std::string& field) {
  const auto at = one_for_all_ ? 0 : next_ - 1;
  if (at >= forms_.size()) return {};
  auto node = forms_[at].extract(field);
  if (!node) return {};
  used_.insert(field);
  return std::move(node.mapped());
}

std::vector<std::string> ScriptedAnswers::left_over() const {
  std::vector<std::string> names;
  for (const auto& form : forms_)
    for (const auto& [field, answer] : form) names.push_back(field);
  return names;
}

}  // namespace anahtar::app::ctl
