// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/ctl/context.h"

namespace anahtar::app::ctl {

/// Answers from a file: one object {"field": "answer", …} for all forms, or a list of such objects for successive forms.
/// Each answer serves once, so a wrong one is not given again and again. "button" presses a button of the form.
class ScriptedAnswers {
 public:
  ScriptedAnswers() = default;
  /// Throws FailureError when the file is not such a file.
  static ScriptedAnswers read(const std::filesystem::path& file);

  /// A new form is asked: with a list, its next object answers from now on.
  void next_form();
  /// The answer to a field, which is used up by it.
  std::optional<std::string> take(const std::string& field);
  bool was_used(const std::string& field) const { return used_.contains(field); }
  /// Names of answers that nothing asked for.
  std::vector<std::string> left_over() const;

 private:
  std::vector<std::map<std::string, std::string>> forms_;
  bool one_for_all_ = true;
  std::size_t next_ = 0;
  std::set<std::string> used_;
};

}  // namespace anahtar::app::ctl
