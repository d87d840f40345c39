// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods.h"

namespace identity_verification {
using namespace anahtar::sdk;

Outcome registered_mobile(Desk& desk) {
  if (!desk.call().from_registered_mobile())
    return refused(tr("The call does not come from the registered mobile. Verify the caller in another way."));
  return propose(Change::verify_caller("registered_mobile"))
      .then_say(tr("Verified: the call comes from the registered mobile."));
}

}  // namespace identity_verification
