// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include "core/model.h"
#include "core/ports.h"

namespace anahtar::core {

/// An operator who signed in. A value; it grants nothing by itself: every unit checks it against the database again.
struct Session {
  std::string id;  ///< opaque, in the records
  OperatorId operator_id = 0;
  std::string name, display_name, person;
  Role role = Role::operator_;
  bool must_change_password = false;  ///< nothing but change_password is allowed until then
  std::string password_hash = {};     ///< as it was at sign-in: a new password ends the sessions of the old one
};

/// Throws FailureError unless the operator still exists, is enabled, and has the role and the password that the session
/// was opened with.
void check_session(Reader& now, const Session& session);
/// A record with actor and role filled in.
Record record_of(const Session& session, std::string type);
/// The same, about a ticket and its subscriber.
Record record_of(const Session& session, std::string type, Reader& now, const Ticket& ticket);

}  // namespace anahtar::core
