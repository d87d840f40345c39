// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/subscriber_import.h"

#include <functional>
#include <unordered_map>

#include "core/csv_reader.h"
#include "core/import_row.h"
#include "core/number_changes.h"
#include "core/permission.h"

namespace anahtar::core {
namespace {

constexpr std::size_t rows_a_unit = 500;

struct PendingRow {
  std::int64_t line = 0;
  ImportRow row;
};

enum class Effect { added, updated, unchanged };

bool same_data(const Subscriber& a, const Subscriber& b) {
  return a.given_names == b.given_names && a.surname == b.surname && a.mobile == b.mobile && a.email == b.email &&
         a.civil == b.civil;
}

std::size_t fingerprint(const ImportRow& row) {
  std::string all;
  const auto add = [&](const std::string& value) { all.append(value).push_back('\x1f'); };
  const Subscriber& s = row.subscriber;
  for (const std::string* value :
       {&s.given_names, &s.surname, &s.mobile, &s.email, &s.civil.birth_date, &s.civil.birth_place, &s.civil.mother_name,
        &s.civil.father_name, &s.civil.registry_province, &s.civil.registry_district, &s.civil.volume_number,
        &s.civil.family_number, &s.civil.order_number, &s.civil.document_serial, &row.card_serial})
    add(*value);
  all += row.portal_blocked ? '1' : '0';
  return std::hash<std::string>{}(all);
}

/// One run over one file.
class Run {
 public:
  Run(Writer& writer, const Clock& clock, const Session& session, std::istream& csv, std::chrono::minutes cooling_off,
      VerificationDesk* verification)
      : writer_(writer), clock_(clock), session_(session), csv_(csv), cooling_off_(cooling_off), verification_(verification) {}

  Result<ImportReport> all(const std::string& file_name, const std::function<bool(std::uint64_t)>& progress) {
    value_or_throw(read_header());
    note(record_type::import_started, [&](Record& record) { record.fields[Tag::file] = file_name; });
    const auto came_through = guarded([&]() -> Result<bool> { return rows(progress); });
    const char* outcome = !came_through ? "failed" : *came_through ? "done" : "cancelled";
    note(record_type::import_ended, [&](Record& record) {
      record.fields[Tag::outcome] = outcome;
      record.fields[Tag::count] = std::to_string(report_.rows);
      record.fields[Tag::file] = file_name;
    }, came_through.has_value());
    if (!came_through) report_.broken_off = came_through.error();
    return std::move(report_);
  }

 private:
  Result<> read_header() {
    const auto first = csv_.next();
    if (!first || !first->problem.empty()) return failure(Code::invalid, tr("The file has no first line that names the columns."));
    auto header = ImportHeader::read(first->fields);
    if (!header) return std::unexpected(header.error());
    header_ = *header;
    return {};
  }

  template <class Fill>
  void note(const char* type, Fill fill, bool must_succeed = true) {
    const auto noted = writer_.commit([&](Transaction& tx) -> Result<void> {
      if (must_succeed) check_session(tx, session_);
      Record record = record_of(session_, type);
      fill(record);
      tx.record(std::move(record));
      return {};
    });
    if (!noted && must_succeed) throw FailureError(noted.error());
  }

  /// False when `progress` asked to stop.
  bool rows(const std::function<bool(std::uint64_t)>& progress) {
    const auto go_on = [&] { return !progress || progress(csv_.bytes_read()); };
    while (auto next = csv_.next()) {
      ++report_.rows;
      accept(*next);
      if (pending_.size() < rows_a_unit) continue;
      store_pending();
      if (!go_on()) return false;
    }
    store_pending();
    go_on();
    return true;
  }

  void accept(const CsvRow& csv_row) {
    if (!csv_row.problem.empty()) return refuse(csv_row.line, csv_row.problem);
    auto row = import_row(header_, csv_row.fields);
    if (!row) return refuse(csv_row.line, row.error().sentence);
    const auto [earlier, first] = seen_.try_emplace(std::stoull(row->subscriber.national_id), fingerprint(*row));
    if (first)
      pending_.push_back({csv_row.line, std::move(*row)});
    else if (earlier->second == fingerprint(*row))
      ++report_.unchanged;
    else
      refuse(csv_row.line, tr("An earlier row has the same T.C. Kimlik No and other data."));
  }

  void refuse(std::int64_t line, Text reason) {
    ++report_.bad_count;
    if (report_.bad.size() < SubscriberImport::reported_bad) report_.bad.push_back({line, std::move(reason)});
  }

  /// All in one unit; when the storage refuses a row, one by one, so that it alone stays out.
  void store_pending() {
    std::vector<PendingRow> rows;
    rows.swap(pending_);
    if (rows.empty()) return;
    const auto together = store(rows.data(), rows.size());
    if (together) return;
    if (!about_a_row(together.error())) throw FailureError(together.error());
    for (const PendingRow& row : rows) {
      const auto alone = store(&row, 1);
      if (!alone && !about_a_row(alone.error())) throw FailureError(alone.error());
      if (!alone) refuse(row.line, alone.error().sentence);
    }
  }

  static bool about_a_row(const Failure& failure) {
    return failure.code == Code::refused || failure.code == Code::conflict || failure.code == Code::invalid;
  }

  Result<> store(const PendingRow* rows, std::size_t count) {
    ImportReport part;
    const auto committed = writer_.commit([&](Transaction& tx) -> Result<void> {
      part = {};
      check_session(tx, session_);
      for (std::size_t i = 0; i < count; ++i) ++counter(part, store(tx, rows[i].row));
      if (part.added + part.updated == 0) return {};
      Record record = record_of(session_, record_type::import_rows);
      record.fields[Tag::count] = std::to_string(part.added + part.updated);
      tx.record(std::move(record));
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    report_.added += part.added;
    report_.updated += part.updated;
    report_.unchanged += part.unchanged;
    return {};
  }

  static std::int64_t& counter(ImportReport& report, Effect effect) {
    switch (effect) {
      case Effect::added: return report.added;
      case Effect::updated: return report.updated;
      case Effect::unchanged: break;
    }
    return report.unchanged;
  }

  Effect store(Transaction& tx, const ImportRow& row) {
    const auto stored = tx.subscribers({SubscriberQuery::Kind::national_id, row.subscriber.national_id}, 1);
    return stored.empty() ? add(tx, row) : update(tx, row, stored.front());
  }

  Effect add(Transaction& tx, const ImportRow& row) {
    Subscriber subscriber = row.subscriber;
    subscriber.created = clock_.now();
    tx.save(subscriber);
    PortalAccount account;
    account.subscriber = subscriber.id;
    account.blocked = row.portal_blocked;
    if (account.blocked) {
      account.failed_tries = 3;
      account.blocked_at = clock_.now();
    }
    tx.save(account);
    if (!row.card_serial.empty()) add_card(tx, subscriber.id, row.card_serial);
    return Effect::added;
  }

  Effect update(Transaction& tx, const ImportRow& row, const Subscriber& stored) {
    Effect effect = Effect::unchanged;
    Subscriber fresh = merged(header_, stored, row);
    if (!same_data(stored, fresh)) {
      record_change(tx, stored, fresh);
      tx.save(fresh);
      effect = Effect::updated;
    }
    if (!row.card_serial.empty() && !has_card(tx, stored.id, row.card_serial)) {
      add_card(tx, stored.id, row.card_serial);
      effect = Effect::updated;
    }
    return effect;
  }

  /// In the history of the one whom it concerns: a new mobile number decides where codes go from now on.
  void record_change(Transaction& tx, const Subscriber& stored, const Subscriber& fresh) {
    std::string what;
    const auto name = [&](bool changed, const char* column) {
      if (changed) what += (what.empty() ? "" : ", ") + std::string(column);
    };
    name(stored.given_names != fresh.given_names || stored.surname != fresh.surname, "name");
    name(stored.mobile != fresh.mobile, "mobile");
    name(stored.email != fresh.email, "email");
    name(!(stored.civil == fresh.civil), "civil_registry");
    Record record = record_of(session_, record_type::subscriber_changed);
    record.subject = stored.pseudonym;
    record.fields[Tag::detail] = what;
    tx.record(std::move(record));
    if (stored.mobile == fresh.mobile) return;
    Record started = record_of(session_, record_type::cooling_off_started);
    started.subject = stored.pseudonym;
    note_number_change(tx, std::move(started), stored.id, stored.mobile, {}, {}, cooling_off_, clock_.now());
    if (verification_) verification_->void_open(tx, stored.id);
  }

  static bool has_card(Transaction& tx, SubscriberId subscriber, const std::string& serial) {
    for (const Card& card : tx.cards(subscriber))
      if (card.serial == serial) return true;
    return false;
  }
  static void add_card(Transaction& tx, SubscriberId subscriber, const std::string& serial) {
    Card card{.id = 0, .subscriber = subscriber, .serial = serial, .model = {}, .state = "active", .produced = {}};
    tx.save(card);
  }

  Writer& writer_;
  const Clock& clock_;
  const Session& session_;
  CsvReader csv_;
  const std::chrono::minutes cooling_off_;  ///< of those whose number the file changes
  VerificationDesk* const verification_;
  ImportHeader header_;
  std::vector<PendingRow> pending_;
  std::unordered_map<std::uint64_t, std::size_t> seen_;  // 16 bytes a row: all that grows with the file
  ImportReport report_;
};

}  // namespace

SubscriberImport::SubscriberImport(Reader& reader, Writer& writer, const Clock& clock,
                                   VerificationDesk* verification)
    : reader_(reader), writer_(writer), clock_(clock), verification_(verification) {}

Result<ImportReport> SubscriberImport::run(const Session& session, std::istream& csv, const std::string& file_name,
                                           const std::function<bool(std::uint64_t)>& progress) {
  return guarded([&]() -> Result<ImportReport> {
    const auto may = permitted(reader_, writer_, session, {Role::administrator}, "subscribers.import");
    if (!may) return std::unexpected(may.error());
    std::chrono::minutes cooling_off{0};
    if (verification_) {
      const auto& actions = verification_->policy(reader_).actions;
      if (const auto update = actions.find("phone.update"); update != actions.end())
        cooling_off = update->second.starts_cooling_off;
    }
    return Run(writer_, clock_, session, csv, cooling_off, verification_).all(file_name, progress);
  });
}

}  // namespace anahtar::core
