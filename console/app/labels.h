// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/model.h"
#include "core/ports.h"

namespace anahtar::app {

/// The model's words for people.
core::Text label(core::Role role);
core::Text label(core::TicketState state);
core::Text label(core::Priority priority);
core::Text label(core::Channel channel);
core::Text label(core::Verdict verdict);

}  // namespace anahtar::app
