// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <utility>

#include "change.h"
#include "text.h"

namespace anahtar::sdk {

/// How an action ended: refused with a reason, done with nothing to change, or a change that the console shall apply.
struct Outcome {
  enum class Kind { refused, done, proposed };
  Kind kind = Kind::refused;
  Text sentence;  ///< for `proposed`: true, and said, only once the change has been applied
  std::optional<Change> change;

  Outcome then_say(Text text) && {
    sentence = std::move(text);
    return std::move(*this);
  }
};

inline Outcome refused(Text why) { return {Outcome::Kind::refused, std::move(why), {}}; }
inline Outcome done(Text what) { return {Outcome::Kind::done, std::move(what), {}}; }
inline Outcome propose(Change change) { return {Outcome::Kind::proposed, {}, std::move(change)}; }

}  // namespace anahtar::sdk
