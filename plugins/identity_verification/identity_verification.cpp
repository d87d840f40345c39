// SPDX-License-Identifier: GPL-3.0-or-later
#include <anahtar/sdk/plugin.h>

#include "methods.h"

namespace {
using namespace anahtar::sdk;
using namespace identity_verification;

Plugin describe() {
  return {.title = tr("Identity verification"),
          .actions = {{.id = "verification.registered_mobile",
                       .title = tr("Call from the registered mobile"),
                       .needs = {Port::call},
                       .verifies = "registered_mobile",
                       .run = registered_mobile},
                      {.id = "verification.sms_code",
                       .title = tr("SMS code"),
                       .needs = {Port::codes},
                       .verifies = "sms_code",
                       .run = sms_code},
                      {.id = "verification.civil_registry",
                       .title = tr("Civil-registry questions"),
                       .needs = {Port::civil_registry},
                       .verifies = "civil_registry",
                       .run = civil_registry},
                      {.id = "verification.identity_card",
                       .title = tr("Identity card seen at the desk"),
                       .needs = {Port::identity_document},
                       .verifies = "identity_card",
                       .run = identity_card},
                      {.id = "verification.card_signature",
                       .title = tr("Signature with the holder's card"),
                       .needs = {Port::card},
                       .verifies = "card_signature",
                       .run = card_signature},
                      {.id = "verification.call_pin",
                       .title = tr("Call PIN"),
                       .needs = {Port::call_pin},
                       .verifies = "call_pin",
                       .run = call_pin},
                      {.id = "verification.call_back",
                       .title = tr("Call-back to the registered number"),
                       .needs = {Port::call_back},
                       .verifies = "call_back",
                       .run = call_back}}};
}

}  // namespace

ANAHTAR_PLUGIN("identity-verification", "1.0.0", describe)
