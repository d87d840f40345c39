// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <anahtar/sdk/desk.h>
#include <anahtar/sdk/form.h>

#include "core/result.h"

namespace anahtar::core {

/// What was wrong with one field of an answered form.
struct FieldProblem {
  std::string field;
  Text sentence;
};
/// Checks answers against their form and normalises them (dates to ISO). Empty: they may go to the action.
std::vector<FieldProblem> validate(const sdk::Form& form, sdk::Answers& answers);

/// Where the holder is shown, and asked, what is for them alone.
enum class HolderPlace {
  nowhere,
  own_screen,
  operators_screen,  ///< the operator looked away, if they did
};

/// What the holder saw of a secret on their own window.
enum class PinSeen { no, shown, confirmed };

/// The front end of one run: a window, a terminal, a script. Called on the run's worker thread; it must return soon
/// after `stop` is requested (by throwing sdk::Cancelled).
class Conversation {
 public:
  virtual ~Conversation() = default;
  /// Blocks until the form is answered; at `form.expires` it returns with out_of_time. May return unvalidated answers: the
  /// console validates and asks again with `problems` set.
  virtual sdk::Answers ask(const sdk::Form& form, const std::vector<FieldProblem>& problems, std::stop_token stop) = 0;
  virtual void show(const Text& notice) = 0;
  /// Throws sdk::Cancelled when nobody can see it any more.
  virtual void reveal(const sdk::Secret& secret, sdk::Audience audience) = 0;
  virtual HolderPlace holder_place() const { return HolderPlace::own_screen; }
  virtual void progress(double fraction, const Text& sentence) = 0;
  /// The last call of a run, whatever happened.
  virtual void ended(const Result<Text>& result) = 0;
};

}  // namespace anahtar::core
