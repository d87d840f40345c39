// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/plugin.h>

/// One function per verification method, each in its own file. What counts is what the console saw, not what they say.
namespace identity_verification {

anahtar::sdk::Outcome registered_mobile(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome sms_code(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome civil_registry(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome identity_card(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome call_pin(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome card_signature(anahtar::sdk::Desk& desk);
anahtar::sdk::Outcome call_back(anahtar::sdk::Desk& desk);

}  // namespace identity_verification
