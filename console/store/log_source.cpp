// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/log_source.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "crypto/base64.h"
#include "store/mapping.h"
#include "store/migrations.h"
#include "store/session.h"

namespace anahtar::store {
namespace {

constexpr char entries_sql[] =
    "select seq, place, time, type, actor, ticket, subject, leaf_hash, bytes from audit_entry"
    " where device = ?1 and incarnation = ?2 and seq >= ?3 and seq < ?4 order by seq";
// The plus signs keep the planner from the index: the table is read as it lies.
constexpr char entries_by_place_sql[] =
    "select seq, place, time, type, actor, ticket, subject, leaf_hash, bytes from audit_entry"
    " where place >= ?3 and place <= ?4 and +device = ?1 and +incarnation = ?2 order by place";
constexpr char first_place_sql[] =
    "select place from audit_entry where device = ?1 and incarnation = ?2 and seq >= ?3 and seq < ?4 order by seq limit 1";
constexpr char last_place_sql[] =
    "select place from audit_entry where device = ?1 and incarnation = ?2 and seq >= ?3 and seq < ?4"
    " order by seq desc limit 1";
constexpr char changes_sql[] =
    "select seq, table_name, row_id, version, digest from audit_change"
    " where device = ?1 and incarnation = ?2 and seq >= ?3 and seq < ?4 order by seq";
constexpr char tile_sql[] =
    "select hashes from audit_tile where device = ?1 and incarnation = ?2 and level = ?3 and position = ?4";

// Every page is read once: copied by read() it is at hand, where a mapped one costs a fault and a miss for each row. And a
// disk that fails is an error then, not the program's end.
constexpr char quick_to_read[] = "pragma mmap_size=0; pragma cache_size=-512; pragma cell_size_check=on; begin";

}  // namespace

struct SqliteLogSource::Connection {
  explicit Connection(const std::filesystem::path& file) : handle(file) {}

  std::optional<std::pair<std::int64_t, std::int64_t>> places(const std::string& device, const audit::LogId& log,
                                                              std::uint64_t first, std::uint64_t count);

  sqlite::ReadOnlyHandle handle;
  std::unique_ptr<sqlite::Reading> entries, entries_by_place, first_place, last_place, changes, tiles;
};

/// A connection for the time of one call.
class SqliteLogSource::Lease {
 public:
  explicit Lease(SqliteLogSource& source) : source_(source) {
    std::unique_lock lock(source_.mutex_);
    source_.freed_.wait(lock, [this] { return !source_.free_.empty(); });
    connection_ = source_.free_.back();
    source_.free_.pop_back();
  }
  ~Lease() {
    {
      const std::lock_guard lock(source_.mutex_);
      source_.free_.push_back(connection_);
    }
    source_.freed_.notify_one();
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  Connection* operator->() const { return connection_; }

 private:
  SqliteLogSource& source_;
  Connection* connection_;
};

namespace {

/// The statement, prepared when first needed.
sqlite::Reading& prepared(std::unique_ptr<sqlite::Reading>& reading, sqlite::ReadOnlyHandle& handle, const char* sql) {
  if (!reading) reading = std::make_unique<sqlite::Reading>(handle, sql);
  reading->rewind();
  return *reading;
}

/// The statement bound to a range of one log.
sqlite::Reading& range(std::unique_ptr<sqlite::Reading>& reading, sqlite::ReadOnlyHandle& handle, const char* sql,
                       const std::string& device, const audit::LogId& log, std::uint64_t first, std::uint64_t count) {
  prepared(reading, handle, sql);
  reading->bind(1, std::string_view(device)).bind(2, std::int64_t{log.incarnation});
  reading->bind(3, static_cast<std::int64_t>(first)).bind(4, static_cast<std::int64_t>(first + count));
  return *reading;
}

struct Rewound {
  sqlite::Reading& reading;
  ~Rewound() { reading.rewind(); }
};

}  // namespace

/// Where the first and the last of these entries lie; nothing when what lies between is mostly of other logs.
std::optional<std::pair<std::int64_t, std::int64_t>> SqliteLogSource::Connection::places(const std::string& device,
                                                                                         const audit::LogId& log,
                                                                                         std::uint64_t first,
                                                                                         std::uint64_t count) {
  const auto place = [&](std::unique_ptr<sqlite::Reading>& reading, const char* sql) -> std::optional<std::int64_t> {
    sqlite::Reading& row = range(reading, handle, sql, device, log, first, count);
    const Rewound rewound{row};
    return row.next() ? std::optional(row.integer(0)) : std::nullopt;
  };
  const auto begin = place(first_place, first_place_sql), last = place(last_place, last_place_sql);
  if (!begin || !last || *last < *begin || *last - *begin >= 2 * static_cast<std::int64_t>(count)) return std::nullopt;
  return std::pair(*begin, *last);
}

/// What a log cannot be without. Who drops a table has altered the database like who alters a row.
void SqliteLogSource::require_tables(Connection& connection) {
  sqlite::Reading any(connection.handle, "select count(*) from sqlite_master where type = 'table'");
  if (any.next() && any.integer(0) == 0)
    throw core::FailureError({core::Code::invalid, core::tr("The database was never set up. Remove it and create one with \"anahtarctl init\".")});
  sqlite::Reading table(connection.handle, "select 1 from sqlite_master where type = 'table' and name = ?1");
  for (const char* name : {"migration", "site", "audit_entry", "audit_head", "audit_tile", "audit_change", "action_run"}) {
    if (!table.bind(1, std::string_view(name)).next())
      throw core::FailureError({core::Code::not_intact, core::tr("The table {1} is missing from the database. It is another program's, or it was tampered with.", name)});
    table.rewind();
  }
}

/// Two snapshots with the same heads are the same: every commit moves a head.
std::string SqliteLogSource::marker(Connection& connection) {
  sqlite::Reading heads(connection.handle, "select note from audit_head order by device, incarnation");
  std::string marker;
  while (heads.next()) marker += heads.text(0);
  return marker;
}

SqliteLogSource::SqliteLogSource(const std::filesystem::path& file, const Trust& trust, unsigned threads) : trust_(trust) {
  constexpr int attempts = 20;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    connections_.clear();
    std::string first_marker;
    for (unsigned i = 0; i <= threads; ++i) {
      auto connection = std::make_unique<Connection>(file);
      connection->handle.run(quick_to_read);
      if (i == 0) require_tables(*connection);
      const std::string now = marker(*connection);
      if (i == 0) first_marker = now;
      if (now != first_marker) break;
      connections_.push_back(std::move(connection));
    }
    if (connections_.size() == threads + 1) break;
  }
  for (const auto& connection : connections_) free_.push_back(connection.get());
}

SqliteLogSource::~SqliteLogSource() = default;

std::string SqliteLogSource::site() {
  Lease connection(*this);
  sqlite::Reading reading(connection->handle, "select id from site");
  return reading.next() ? std::string(reading.text(0)) : std::string();
}

namespace {

using LogKey = std::pair<std::string, std::int64_t>;

/// The logs that a table has rows of, by leaps along its primary key: a `distinct` would walk every row, and so does
/// `(device, incarnation) > (?, ?)`, which SQLite looks up by the device alone. A key of another type than its column's
/// reads as one that comes earlier: a leap that does not get forward is the last, and the count finds what it skipped.
void add_logs_of(sqlite::ReadOnlyHandle& handle, const std::string& table, std::set<LogKey>& logs) {
  const std::string keys = "select device, incarnation from " + table;
  sqlite::Reading next_incarnation(handle, keys + " where device = ?1 and incarnation > ?2 order by incarnation limit 1");
  sqlite::Reading next_device(handle, keys + " where device > ?1 order by device, incarnation limit 1");
  LogKey at{"", std::numeric_limits<std::int64_t>::min()};
  const auto leap = [&](sqlite::Reading& reading) {
    LogKey next = at;
    if (reading.next()) next = LogKey{reading.text(0), reading.integer(1)};
    reading.rewind();
    if (next <= at) return false;
    logs.insert(at = next);
    return true;
  };
  bool forward = true;
  while (forward)
    forward = leap(next_incarnation.bind(1, std::string_view(at.first)).bind(2, at.second)) ||
              leap(next_device.bind(1, std::string_view(at.first)));
}

/// Keys can be dropped that forbid twins and one place for two, and a device can be named as none is: the rows are
/// counted.
void mark_stray_rows(sqlite::ReadOnlyHandle& handle, std::vector<audit::LogInfo>& logs) {
  std::int64_t expected = 0;
  for (const audit::LogInfo& log : logs) expected += static_cast<std::int64_t>(log.entries);
  sqlite::Reading all(handle, "select count(*) from audit_entry");
  const bool more = all.next() && all.integer(0) > expected;
  bool placed = false;
  for (audit::LogInfo& log : logs) {
    sqlite::Reading count(handle, more ? "select count(*) from audit_entry where device = ?1 and incarnation = ?2"
                                       : "select count(*) from (select 1 from audit_entry"
                                         " where device = ?1 and incarnation = ?2 and seq < 0 limit 1)");
    const std::string device = audit::to_text(log.id.device);
    count.bind(1, std::string_view(device)).bind(2, std::int64_t{log.id.incarnation});
    log.stray_rows = count.next() && count.integer(0) > (more ? static_cast<std::int64_t>(log.entries) : 0);
    placed = placed || log.stray_rows;
  }
  if (more && !placed && !logs.empty()) logs.front().stray_rows = true;
}

}  // namespace

namespace {

/// A tile is stored when it is full: of level 0 once the log has 256 entries, of level 1 once it has 65,536.
bool has_early_tiles(sqlite::ReadOnlyHandle& handle, std::string_view device, std::int64_t incarnation, std::uint64_t size) {
  sqlite::Reading tiles(handle, "select level, max(position) from audit_tile where device = ?1 and incarnation = ?2 group by level");
  tiles.bind(1, device).bind(2, incarnation);
  while (tiles.next()) {
    std::uint64_t full = size;
    for (std::int64_t level = -1; level < tiles.integer(0) && full > 0; ++level) full /= audit::Tile::width;
    if (tiles.integer(0) < 0 || tiles.integer(1) < 0 || static_cast<std::uint64_t>(tiles.integer(1)) >= full) return true;
  }
  return false;
}

}  // namespace

std::vector<audit::LogInfo> SqliteLogSource::logs() {
  Lease connection(*this);
  std::set<LogKey> keys;
  for (const char* table : {"audit_head", "audit_entry"}) add_logs_of(connection->handle, table, keys);
  std::vector<audit::LogInfo> found;
  for (const auto& [text, incarnation] : keys) {
    const auto device = audit::parse_uuid(text);
    if (!device || incarnation < 0 || incarnation > UINT32_MAX) continue;
    audit::LogInfo info;
    info.id = {*device, static_cast<std::uint32_t>(incarnation)};
    const auto first_row = [&](const char* sql, const auto& use) {
      sqlite::Reading reading(connection->handle, sql);
      reading.bind(1, std::string_view(text)).bind(2, incarnation);
      if (reading.next()) use(reading);
    };
    first_row("select note, size from audit_head where device = ?1 and incarnation = ?2", [&](const sqlite::Reading& row) {
      info.head_note = row.text(0);
      info.head_size = static_cast<std::uint64_t>(row.integer(1));
    });
    info.early_tiles = info.head_size && has_early_tiles(connection->handle, text, incarnation, *info.head_size);
    first_row("select seq from audit_entry where device = ?1 and incarnation = ?2 order by seq desc limit 1",
              [&](const sqlite::Reading& row) { info.entries = static_cast<std::uint64_t>(row.integer(0) + 1); });
    found.push_back(std::move(info));
  }
  mark_stray_rows(connection->handle, found);
  return found;
}

namespace {

using Sink = std::function<void(const audit::EntryRow&)>;

void fill(audit::EntryRow& entry, const sqlite::Reading& row) {
  entry.place = row.integer(1);
  entry.time = row.integer(2);
  entry.type = row.text(3);
  entry.actor = row.text(4);
  entry.ticket = row.text(5);
  entry.subject = row.text(6);
  entry.leaf_hash = row.text(7);
  entry.bytes = row.text(8);
}

/// Hands out the entries for as long as the table has them in the order of their numbers, and returns the number of the
/// first that was not handed out. A third quicker than finding each by the index, and in an honest log it gets them all.
std::uint64_t read_as_they_lie(sqlite::Reading& rows, audit::EntryRow& entry, std::uint64_t next, std::uint64_t end,
                               const Sink& sink) {
  for (; next < end && rows.next(); ++next) {
    entry.seq = rows.integer(0);
    if (entry.seq != static_cast<std::int64_t>(next)) break;
    fill(entry, rows);
    sink(entry);
  }
  return next;
}

}  // namespace

void SqliteLogSource::read_entries(const audit::LogId& log, std::uint64_t first, std::uint64_t count,
                                   const std::function<void(const audit::EntryRow&)>& sink) {
  Lease connection(*this);
  const std::string device = audit::to_text(log.device);
  const std::uint64_t end = first + count;
  audit::EntryRow entry;
  entry.device = device;
  entry.incarnation = log.incarnation;

  if (const auto places = connection->places(device, log, first, count)) {
    sqlite::Reading& rows = prepared(connection->entries_by_place, connection->handle, entries_by_place_sql);
    const Rewound rewound{rows};
    rows.bind(1, std::string_view(device)).bind(2, std::int64_t{log.incarnation});
    rows.bind(3, places->first).bind(4, places->second);
    first = read_as_they_lie(rows, entry, first, end, sink);
  }
  if (first == end) return;
  sqlite::Reading& rows = range(connection->entries, connection->handle, entries_sql, device, log, first, end - first);
  const Rewound rewound{rows};
  while (rows.next()) {
    entry.seq = rows.integer(0);
    fill(entry, rows);
    sink(entry);
  }
}

void SqliteLogSource::read_changes(const audit::LogId& log, std::uint64_t first, std::uint64_t count,
                                   const std::function<void(const audit::ChangeRow&)>& sink) {
  Lease connection(*this);
  const std::string device = audit::to_text(log.device);
  sqlite::Reading& rows = range(connection->changes, connection->handle, changes_sql, device, log, first, count);
  const Rewound rewound{rows};
  while (rows.next()) sink({rows.integer(0), rows.text(1), rows.text(2), rows.integer(3), rows.text(4)});
}

std::optional<std::vector<audit::Hash>> SqliteLogSource::read_tile(const audit::LogId& log, unsigned level,
                                                                   std::uint64_t index) {
  Lease connection(*this);
  const std::string device = audit::to_text(log.device);
  sqlite::Reading& rows = prepared(connection->tiles, connection->handle, tile_sql);
  const Rewound rewound{rows};
  rows.bind(1, std::string_view(device)).bind(2, std::int64_t{log.incarnation});
  rows.bind(3, std::int64_t{level}).bind(4, static_cast<std::int64_t>(index));
  if (!rows.next()) return std::nullopt;
  const auto bytes = crypto::base64_decode(rows.text(0));
  // A tile that cannot be read is there, and it is wrong: an empty one agrees with nothing.
  return bytes ? audit::Tile::parse(*bytes).value_or(std::vector<audit::Hash>()) : std::vector<audit::Hash>();
}

void SqliteLogSource::read_rows(const std::function<void(const audit::CurrentRow&)>& sink) {
  Lease connection(*this);
  for (const RowSpec* spec : row_specs()) {
    // A database of an older version lacks the newest tables; the rows of a table that was dropped are missed later.
    sqlite::Reading table(connection->handle, "select 1 from sqlite_master where type = 'table' and name = ?1");
    if (!table.bind(1, std::string_view(spec->table)).next()) continue;
    sqlite::Reading rows(connection->handle,
                         "select t.version, " + spec->select_list("t") + " from " + spec->table + " t");
    std::vector<std::pair<std::string_view, audit::ColumnValue>> columns(spec->columns.size());
    while (rows.next()) {
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const int at = static_cast<int>(i) + 2;
        columns[i].first = spec->columns[i].name;
        if (rows.is_null(at))
          columns[i].second = std::monostate();
        else if (rows.is_integer(at))
          columns[i].second = rows.integer(at);
        else
          columns[i].second = rows.text(at);
      }
      const std::int64_t version = rows.integer(0);
      const std::string_view id = rows.text(1);
      sink({spec->table, id, version, audit::row_digest(spec->table, id, static_cast<std::uint64_t>(version), columns)});
    }
  }
}

std::optional<std::pair<audit::Uuid, audit::LocalHead>> SqliteLogSource::local_head() {
  if (!trust_.device || !trust_.local_head) return std::nullopt;
  return std::pair(*trust_.device, *trust_.local_head);
}

std::optional<audit::LogId> SqliteLogSource::lost_head() {
  if (!trust_.device || trust_.local_head) return std::nullopt;
  return trust_.pins.newest_of(*trust_.device);
}

namespace {

constexpr char parts_sql[] =
    "select type || ' ' || name, coalesce(sql, '') from sqlite_master where name not like 'sqlite~_%' escape '~'"
    " union all select 'migration ' || name, sha256 from migration";

}  // namespace

/// Compared with what the program's migrations make, as many as this database has had.
std::vector<std::string> SqliteLogSource::altered_parts() {
  Lease connection(*this);
  std::map<std::string, std::string> stored, made;
  std::size_t applied = 0;
  sqlite::Reading rows(connection->handle, parts_sql);
  while (rows.next()) stored.emplace(rows.text(0), rows.text(1));
  sqlite::Reading count(connection->handle, "select count(*) from migration");
  if (count.next()) applied = static_cast<std::size_t>(count.integer(0));
  Session empty(":memory:", sqlite::Access::create);
  std::vector<Migration> first = embedded_migrations();
  first.resize(std::min(first.size(), applied));
  migrate(empty, first);
  for (const auto& row : empty.query(parts_sql, {}, 2)) made.emplace(row[0].value_or(""), row[1].value_or(""));

  std::vector<std::string> altered;
  for (const auto& [name, sql] : made)
    if (const auto found = stored.find(name); found == stored.end() || found->second != sql) altered.push_back(name);
  for (const auto& [name, sql] : stored)
    if (!made.contains(name)) altered.push_back(name);
  return altered;
}

std::int64_t SqliteLogSource::unfinished_runs() {
  Lease connection(*this);
  sqlite::Reading rows(connection->handle, "select count(*) from action_run where ended is null");
  return rows.next() ? rows.integer(0) : 0;
}

}  // namespace anahtar::store
