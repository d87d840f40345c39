// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/plugin.h>

namespace card_unlock {

anahtar::sdk::Outcome unlock_at_desk(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome unlock_by_phone(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome tell_puk(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome replace_puk(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome information(anahtar::sdk::Desk& desk);

/// Asks for the card until there is one that can be read.
anahtar::sdk::CardAtDesk card_at_desk(anahtar::sdk::Desk& desk);
/// Gives the card another PUK, if the operator wants that where it may cost a try.
anahtar::sdk::PukReplaced replaced_puk(anahtar::sdk::Desk& desk, anahtar::sdk::CardAtDesk::Puk puk);

}  // namespace card_unlock
