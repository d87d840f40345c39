// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects.h"

namespace anahtar::core {
namespace {

constexpr std::chrono::seconds patience{2};

}  // namespace

std::optional<Text> send_off(const Outside& outside, const std::vector<Outgoing>& messages) {
  std::optional<Text> lost;
  if (!outside.outbox) return lost;
  outside.outbox->wake();
  for (const Outgoing& outgoing : messages) {
    const auto status = outside.outbox->wait_for_try(outgoing.id, patience);
    const bool left = status && (status->state == MessageState::sent || status->state == MessageState::delivered);
    if (!left) lost = outgoing.when_lost;
  }
  return lost;
}

}  // namespace anahtar::core
