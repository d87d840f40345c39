// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <vector>

#include "core/outside.h"

/// Private to core: what a change leaves to be done once its unit is committed.
namespace anahtar::core {

/// A message that the unit put into the outbox.
struct Outgoing {
  std::string id;
  Text when_lost;  ///< said when it is not certain that it left
};

struct Effects {
  std::vector<Outgoing> messages;
  Secret spoken;  ///< shown to the operator once, to be spoken; empty: nothing
};

/// Wakes the outbox and waits a moment for the first try of each. What to say when one of them has not left by then (it may
/// be tried again; the ticket's timeline tells how that goes on); else nothing.
std::optional<Text> send_off(const Outside& outside, const std::vector<Outgoing>& messages);

}  // namespace anahtar::core
