// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "core/changes.h"

/// Private to core: what a request for four eyes is bound to, and what stands against applying it.
namespace anahtar::core {

/// Saves the change as a request that waits, and records it. Its number.
Approval request_approval(const ChangeContext& context, const Text& sentence);

/// Whether this account may not decide about the request, because the same person made it or verified its caller, by
/// whichever account.
bool is_own_request(Reader& now, const Operator& account, const Approval& request);

/// What held when it was asked for and no longer holds: the requester, their role, the ticket, the verification, the policy.
/// The age of the verification is judged as of then.
std::optional<Refusal> refusal_of_request(Reader& now, const VerificationDesk& verification, const Approval& request,
                                          Time time);

}  // namespace anahtar::core
