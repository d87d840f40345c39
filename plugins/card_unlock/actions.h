// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/plugin.h>

namespace card_unlock {

anahtar::sdk::Outcome unlock_at_desk(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome unlock_by_phone(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome information(anahtar::sdk::Desk& desk);

}  // namespace card_unlock
