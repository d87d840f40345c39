// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit_trail.h"

#include <algorithm>

#include "core/masking.h"
#include "core/permission.h"

namespace anahtar::core {
namespace {

constexpr int longest_page = 1000;

bool sees_all(const Session& session) {
  return session.role == Role::supervisor || session.role == Role::administrator;
}

/// One's own records are no way round the masks of the subscriber's data, and give nothing with which to verify a caller.
void mask_own(std::vector<AuditRow>& rows) {
  for (AuditRow& row : rows)
    for (auto& [name, value] : row.fields) {
      if (name == to_string(Tag::number)) value = mask_mobile(value);
      if (name == to_string(Tag::address)) value = mask_email(value);
      if (name == to_string(Tag::call_back)) value.clear();  // with it the telephone system says that the call was answered
    }
}

}  // namespace

AuditTrail::AuditTrail(AuditLog& log, Reader& reader, Writer& writer, const PluginCatalogue& plugins)
    : log_(log), reader_(reader), writer_(writer), titles_(plugins) {}

Text AuditTrail::sentence_of(const AuditRow& row) const { return core::sentence_of(row.type, row.fields, titles_); }

Result<AuditTrail::Page> AuditTrail::list(const Session& session, AuditFilter filter) {
  return guarded([&]() -> Result<Page> {
    const auto may = permitted(reader_, writer_, session,
                               {Role::operator_, Role::supervisor, Role::field, Role::administrator}, "audit.list");
    if (!may) return std::unexpected(may.error());
    // Whatever else is asked for, the rows and their number are one's own.
    if (!sees_all(session) && !filter.actor.empty() && filter.actor != session.name) return Page{};
    if (!sees_all(session)) filter.actor = session.name;
    filter.limit = std::clamp(filter.limit, 1, longest_page);
    filter.offset = std::max<std::int64_t>(filter.offset, 0);
    Page page{log_.list(filter), log_.count(filter)};
    if (!sees_all(session)) mask_own(page.rows);

    const auto committed = writer_.commit([&](Transaction& tx) -> Result<void> {
      check_session(tx, session);
      const auto ticket = filter.ticket ? tx.ticket(*filter.ticket) : std::nullopt;
      Record record = ticket ? record_of(session, record_type::audit_viewed, tx, *ticket)
                             : record_of(session, record_type::audit_viewed);
      if (filter.subscriber)
        if (const auto subscriber = tx.subscriber(*filter.subscriber)) record.subject = subscriber->pseudonym;
      if (!filter.actor.empty()) record.fields[Tag::operator_name] = filter.actor;
      record.fields[Tag::count] = std::to_string(page.rows.size());
      tx.record(std::move(record));
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    return page;
  });
}

Result<AuditReport> AuditTrail::verify(const Session& session,
                                       const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                       std::stop_token stop) {
  return guarded([&]() -> Result<AuditReport> {
    const auto may = permitted(reader_, writer_, session, {Role::supervisor, Role::administrator}, "audit.verify");
    if (!may) return std::unexpected(may.error());
    AuditReport report = log_.verify(progress, stop);
    if (stop.stop_requested()) return failure(Code::cancelled, tr("The verification was stopped."));
    const auto committed = writer_.commit([&](Transaction& tx) -> Result<void> {
      check_session(tx, session);
      Record record = record_of(session, record_type::audit_verified);
      record.fields[Tag::outcome] = to_string(report.verdict);
      record.fields[Tag::count] = std::to_string(report.entries);
      tx.record(std::move(record));
      return {};
    });
    // A finding is worth more than its record: a log that is not intact may refuse to be written.
    if (!committed) report.notes.push_back(tr("That the log was verified could not be recorded."));
    return report;
  });
}

}  // namespace anahtar::core
