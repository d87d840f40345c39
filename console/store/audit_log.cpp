// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/audit_log.h"

#include <algorithm>
#include <map>

#include "audit/entry.h"
#include "audit/verifier.h"
#include "crypto/base64.h"
#include "store/log_source.h"
#include "store/queries.h"
#include "store/unit.h"

namespace anahtar::store {
namespace {

using core::tr;

/// The conditions of a filter; nothing when it names a ticket or a subscriber that is not there.
struct Conditions {
  std::string where;
  std::vector<Value> parameters;

  void add(const std::string& condition, Value parameter) {
    where += (where.empty() ? " where " : " and ") + condition;
    parameters.push_back(std::move(parameter));
  }
};

Value value_of_time(core::Time time) { return value_of(time.time_since_epoch().count()); }

std::optional<Conditions> conditions_of(const core::AuditFilter& filter, Queries& queries) {
  Conditions conditions;
  if (filter.from) conditions.add("time >= :from_time", value_of_time(*filter.from));
  if (filter.to) conditions.add("time < :to_time", value_of_time(*filter.to));
  if (filter.type.ends_with('.')) {
    conditions.add("type >= :type_from", filter.type);
    conditions.add("type < :type_to", filter.type.substr(0, filter.type.size() - 1) + '/');  // '/' follows '.'
  } else if (!filter.type.empty()) {
    conditions.add("type = :type", filter.type);
  }
  if (!filter.actor.empty()) conditions.add("actor = :actor and actor <> ''", filter.actor);
  if (!filter.device.empty()) conditions.add("device = :device", filter.device);
  if (filter.ticket) {
    const auto id = queries.ticket_id_of(*filter.ticket);
    if (!id) return std::nullopt;
    conditions.add("ticket = :ticket and ticket <> ''", *id);
  }
  if (filter.subscriber) {
    const auto pseudonym = queries.pseudonym_of(*filter.subscriber);
    if (!pseudonym) return std::nullopt;
    conditions.add("subject = :subject and subject <> ''", *pseudonym);
  }
  return conditions;
}

/// Turns stored entries into what people read. Looks up each ticket and subscriber once.
class Presenter {
 public:
  Presenter(Queries& queries, Sealer& sealer, std::string site)
      : queries_(queries), sealer_(sealer), site_(std::move(site)) {}

  core::AuditRow row(const Cells& cells) {
    core::AuditRow row{.device = cells[0].value_or(""),
                       .incarnation = static_cast<std::uint32_t>(to_integer(cells[1])),
                       .seq = static_cast<std::uint64_t>(to_integer(cells[2])),
                       .time = core::Time(std::chrono::microseconds(to_integer(cells[3]))),
                       .type = cells[4].value_or(""),
                       .actor = cells[5].value_or(""),
                       .role = {},
                       .ticket = ticket(cells[6].value_or("")),
                       .subscriber = subscriber(cells[7].value_or("")),
                       .fields = {}};
    const auto bytes = crypto::base64_decode(cells[8].value_or(""));
    if (!bytes) return row;
    if (auto entry = audit::decode(*bytes)) {
      row.fields = fields(*entry);
      row.role = std::move(entry->role);
    }
    return row;
  }

 private:
  std::vector<std::pair<std::string, std::string>> fields(const audit::Entry& entry) {
    std::vector<std::pair<std::string, std::string>> shown;
    const std::string owner = owner_of_entry(entry.subject, entry.ticket, site_);
    for (const audit::Field& field : entry.fields) {
      if (field.tag < audit::tag::first_plain) continue;
      const auto tag = static_cast<core::Tag>(field.tag);
      std::string value(crypto::text_of(field.bytes));
      if (core::is_sealed(tag)) {
        const auto context = entry_context(audit::to_text(entry.device), entry.incarnation, entry.seq, field.tag);
        value = sealer_.open_bytes(owner, context, field.bytes).value_or("erased");
      }
      shown.emplace_back(core::to_string(tag), std::move(value));
    }
    return shown;
  }

  std::optional<core::TicketNumber> ticket(const std::string& id) {
    if (id.empty()) return std::nullopt;
    const auto known = tickets_.find(id);
    return known != tickets_.end() ? known->second : tickets_[id] = queries_.ticket_with(id);
  }

  std::optional<core::SubscriberId> subscriber(const std::string& pseudonym) {
    if (pseudonym.empty()) return std::nullopt;
    const auto known = subscribers_.find(pseudonym);
    return known != subscribers_.end() ? known->second : subscribers_[pseudonym] = queries_.subscriber_with(pseudonym);
  }

  Queries& queries_;
  Sealer& sealer_;
  std::string site_;
  std::map<std::string, std::optional<core::TicketNumber>> tickets_;
  std::map<std::string, std::optional<core::SubscriberId>> subscribers_;
};

core::Verdict verdict_of(audit::Verdict verdict) {
  switch (verdict) {
    case audit::Verdict::intact: return core::Verdict::intact;
    case audit::Verdict::tampered: return core::Verdict::tampered;
    case audit::Verdict::incomplete: return core::Verdict::incomplete;
    case audit::Verdict::forked: return core::Verdict::forked;
    case audit::Verdict::unverifiable: break;
  }
  return core::Verdict::unverifiable;
}

core::AuditReport report_of(audit::Report found, std::int64_t unfinished) {
  core::AuditReport report;
  report.verdict = verdict_of(found.verdict);
  report.sentence = std::move(found.sentence);
  if (found.first_bad)
    report.first_bad = audit::to_text(found.first_bad->device) + "/" + std::to_string(found.first_bad->incarnation) +
                       "/" + std::to_string(found.first_bad->seq);
  report.entries = found.entries_checked;
  report.unfinished = unfinished;
  for (const auto& finding : found.findings) report.notes.push_back(finding.sentence);
  std::ranges::move(found.notes, std::back_inserter(report.notes));
  std::uint64_t steps = 0;
  for (const auto& log : found.logs) steps += log.clock_steps;
  if (steps > 0)
    report.notes.push_back(tr("The clock went back {1} times while records were written; their order is certain all the same.",
                              std::to_string(steps)));
  report.notes.push_back(tr("What cannot be seen: the end of a log that was cut before its head was kept anywhere else."));
  return report;
}

}  // namespace

std::vector<core::AuditRow> StoreAuditLog::list(const core::AuditFilter& filter) {
  const auto session = shared_->database.lease();
  Sealer sealer(*session, shared_->keys);
  Queries queries(*session, shared_->keys, sealer);
  auto conditions = conditions_of(filter, queries);
  if (!conditions) return {};
  conditions->parameters.push_back(value_of(std::int64_t{std::max(filter.limit, 0)}));
  conditions->parameters.push_back(value_of(std::max<std::int64_t>(filter.offset, 0)));
  Presenter presenter(queries, sealer, shared_->keyring.site());
  std::vector<core::AuditRow> rows;
  for (const Cells& cells : session->query(
           "select device, incarnation, seq, time, type, actor, ticket, subject, bytes from audit_entry" +
               conditions->where + " order by place" + (filter.newest_first ? " desc" : "") +
               " limit :count offset :skip",
           conditions->parameters, 9))
    rows.push_back(presenter.row(cells));
  return rows;
}

std::int64_t StoreAuditLog::count(const core::AuditFilter& filter) {
  const auto session = shared_->database.lease();
  Sealer sealer(*session, shared_->keys);
  Queries queries(*session, shared_->keys, sealer);
  const auto conditions = conditions_of(filter, queries);
  if (!conditions) return 0;
  return to_integer(
      session->query("select count(*) from audit_entry" + conditions->where, conditions->parameters, 1)[0][0]);
}

core::AuditReport StoreAuditLog::verify(const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                        std::stop_token stop) {
  return verify_file(shared_->database.file(), shared_->config_folder, progress, std::move(stop));
}

core::AuditReport verify_file(const std::filesystem::path& file, const std::filesystem::path& config_folder,
                              const std::function<void(std::uint64_t, std::uint64_t)>& progress, std::stop_token stop) {
  std::string site;
  {
    const Trust none;
    site = SqliteLogSource(file, none, 0).site();
  }
  // The head beside the keys is read first: the database may only be newer than it.
  const Trust trust = core::value_or_throw(read_trust(config_folder, site));
  const audit::VerifyOptions options;
  SqliteLogSource source(file, trust, options.threads);
  const std::int64_t unfinished = source.unfinished_runs();
  return report_of(audit::verify(source, trust.pins, progress, std::move(stop), options), unfinished);
}

}  // namespace anahtar::store
