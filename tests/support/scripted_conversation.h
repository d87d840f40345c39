// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/conversation.h"

namespace anahtar::testing {

/// An operator who answers form after form as written down beforehand; a form for which nothing is written is a failure
/// of the action. What was asked and said is kept. [any]
class ScriptedConversation : public core::Conversation {
 public:
  using Step = std::function<sdk::Answers(const sdk::Form&)>;
  using Values = std::map<std::string, std::string>;

  ScriptedConversation& step(Step step) {
    steps_.push_back(std::move(step));
    return *this;
  }
  ScriptedConversation& answer(Values values) {
    return step([values = std::move(values)](const sdk::Form&) {
      sdk::Answers answers;
      answers.values = values;
      return answers;
    });
  }
  ScriptedConversation& press(const std::string& button) {
    return step([button](const sdk::Form&) {
      sdk::Answers answers;
      answers.pressed_button = button;
      return answers;
    });
  }
  ScriptedConversation& let_time_pass() {
    return step([](const sdk::Form&) {
      sdk::Answers answers;
      answers.out_of_time = true;
      return answers;
    });
  }
  /// The operator never answers: the form stays open until the run is stopped.
  ScriptedConversation& never_answer() {
    never_answers_ = true;
    return *this;
  }

  sdk::Answers ask(const sdk::Form& form, const std::vector<core::FieldProblem>& problems,
                   std::stop_token stop) override {
    std::unique_lock lock(mutex_);
    forms_.push_back(form);
    problems_.push_back(problems);
    changed_.notify_all();
    if (steps_.empty() && never_answers_) {
      changed_.wait(lock, stop, [] { return false; });
      throw sdk::Cancelled();
    }
    if (steps_.empty()) throw std::runtime_error("nothing is written for the form: " + form.title.id);
    const Step step = std::move(steps_.front());
    steps_.pop_front();
    lock.unlock();
    return step(form);
  }
  void show(const core::Text& notice) override {
    const std::lock_guard lock(mutex_);
    notices_.push_back(notice);
  }
  void reveal(const sdk::Secret& secret, sdk::Audience audience) override {
    const std::lock_guard lock(mutex_);
    ++revealed_;
    last_revealed_ = {std::string(secret.expose()), audience};
  }
  void progress(double, const core::Text&) override {}
  void ended(const core::Result<core::Text>& result) override {
    const std::lock_guard lock(mutex_);
    results_.push_back(result);
  }

  /// Waits until the action has asked `count` forms.
  void wait_for_forms(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [&] { return forms_.size() >= count; }))
      throw std::runtime_error("the action did not ask");
  }
  std::vector<sdk::Form> forms() const { return copy_of(forms_); }
  std::vector<std::vector<core::FieldProblem>> problems() const { return copy_of(problems_); }
  std::vector<core::Text> notices() const { return copy_of(notices_); }
  /// Every result that the conversation was told; exactly one when all is well.
  std::vector<core::Result<core::Text>> results() const { return copy_of(results_); }
  /// What was shown last, and to whom.
  std::pair<std::string, sdk::Audience> last_revealed() const { return copy_of(last_revealed_); }
  int revealed() const {
    const std::lock_guard lock(mutex_);
    return revealed_;
  }

 private:
  template <class T>
  T copy_of(const T& value) const {
    const std::lock_guard lock(mutex_);
    return value;
  }

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Step> steps_;
  bool never_answers_ = false;
  std::vector<sdk::Form> forms_;
  std::vector<std::vector<core::FieldProblem>> problems_;
  std::vector<core::Text> notices_;
  std::vector<core::Result<core::Text>> results_;
  int revealed_ = 0;
  std::pair<std::string, sdk::Audience> last_revealed_{"", sdk::Audience::operator_};
};

}  // namespace anahtar::testing
