// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/ctl/context.h"

namespace anahtar::app::ctl {

void add_cards(Commands& commands);
/// The part of the group "cards" that is about the authority's keys.
void add_card_site_keys(Commands& commands, CLI::App* cards);

/// Throws FailureError where there are no card readers.
core::CardRoom& card_room(Context& context);

}  // namespace anahtar::app::ctl
