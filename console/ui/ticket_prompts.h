// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>

#include "core/services.h"

namespace anahtar::ui {

enum class TicketCommand {
  take, note, hand_over, wait, close, reopen, priority, show_data, correct_subscriber, not_holder, lift_lock, resolve,
  attach_recording, play_recording, export_recording
};

/// What a command on a ticket asks and what it then does. An empty form (no fields) runs at once.
struct TicketPrompt {
  sdk::Form form;
  std::function<core::Result<>(core::Services&, const core::Session&, const sdk::Answers&)> run;  ///< [worker]
};

/// What a prompt may need to know beyond the ticket.
struct PromptData {
  const core::TicketView* view = nullptr;
  const core::Policy* policy = nullptr;
  std::vector<core::Actions::Unfinished> unfinished;   ///< of this ticket
  std::optional<core::SubscriberLine> right_subscriber;  ///< for correct_subscriber
};

TicketPrompt prompt_for(TicketCommand command, const PromptData& data);

}  // namespace anahtar::ui
