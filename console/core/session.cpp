// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session.h"

#include "core/permission.h"

namespace anahtar::core {

Operator standing_account(Reader& now, const Session& session) {
  const auto account = now.operator_by_id(session.operator_id);
  if (!account || account->name != session.name || account->disabled)
    throw FailureError({Code::not_permitted, tr("Your account has been disabled. Ask an administrator.")});
  if (account->role != session.role)
    throw FailureError({Code::not_permitted, tr("Your role has changed. Sign out and in again.")});
  if (!session.password_hash.empty() && account->password_hash != session.password_hash)
    throw FailureError({Code::not_permitted, tr("The password of your account has been changed. Sign in again.")});
  return *account;
}

void check_session(Reader& now, const Session& session) {
  if (standing_account(now, session).must_change_password || session.must_change_password)
    throw FailureError({Code::not_permitted, tr("Change your password first.")});
}

Record record_of(const Session& session, std::string type) {
  Record record{.type = std::move(type),
                .actor = session.name,
                .role = std::string(to_string(session.role)),
                .ticket = {},
                .subject = {}};
  if (!session.id.empty()) record.fields[Tag::session] = session.id;
  return record;
}

Record record_of(const Session& session, std::string type, Reader& now, const Ticket& ticket) {
  Record record = record_of(session, std::move(type));
  record.ticket = ticket.id;
  if (!ticket.subscriber) return record;
  if (const auto subscriber = now.subscriber(*ticket.subscriber)) record.subject = subscriber->pseudonym;
  return record;
}

}  // namespace anahtar::core
