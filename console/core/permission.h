// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <initializer_list>

#include "core/session.h"

namespace anahtar::core {

/// The session's account as it stands; throws FailureError unless it exists, is enabled and has the session's role. Unlike
/// check_session it does not ask for a due change of password.
Operator standing_account(Reader& now, const Session& session);

/// Under whatever account: one person may have two.
bool is_same_person(const Operator& one, const Operator& other);

/// Whether this session may do `what` (e.g. "operators.add") at all: it stands, and its role is one of `roles`. A refusal
/// is recorded as action.refused. Units check the session again by themselves.
Result<> permitted(Reader& reader, Writer& writer, const Session& session, std::initializer_list<Role> roles,
                   const char* what);

}  // namespace anahtar::core
