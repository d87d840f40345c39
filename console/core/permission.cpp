// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/permission.h"

#include <algorithm>

namespace anahtar::core {
namespace {

std::unexpected<Failure> refusal(Writer& writer, const Session& session, const char* what, const char* rule, Failure why) {
  const auto recorded = writer.commit([&](Transaction& tx) -> Result<void> {
    Record record = record_of(session, record_type::action_refused);
    record.fields[Tag::action] = what;
    record.fields[Tag::refusal] = rule;
    tx.record(std::move(record));
    return {};
  });
  if (!recorded) return std::unexpected(recorded.error());
  return std::unexpected(std::move(why));
}

}  // namespace

bool is_same_person(const Operator& one, const Operator& other) { return one.id == other.id || one.person == other.person; }

Result<> permitted(Reader& reader, Writer& writer, const Session& session, std::initializer_list<Role> roles,
                   const char* what) {
  const auto standing = guarded([&]() -> Result<> {
    check_session(reader, session);
    return {};
  });
  if (!standing) {
    if (standing.error().code == Code::unavailable) return standing;
    return refusal(writer, session, what, "session", standing.error());
  }
  if (std::ranges::find(roles, session.role) != roles.end()) return {};
  return refusal(writer, session, what, "role", {Code::not_permitted, tr("Your role may not do this.")});
}

}  // namespace anahtar::core
