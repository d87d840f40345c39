// SPDX-License-Identifier: GPL-3.0-or-later
// The store against SQLite itself, in the same run on the same disk. Not a ctest. ANAHTAR_BENCHMARK_FOLDER keeps the big
// databases between runs; ANAHTAR_BENCHMARK_SIZE is how many entries and subscribers they hold (1,000,000).
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <random>
#include <stdexcept>

#include "core/subscriber_import.h"
#include "store/site.h"
#include "support/temporary_folder.h"

namespace {

using namespace anahtar;

const core::SystemClock clock_of_system;

std::int64_t wanted_size() {
  const char* size = std::getenv("ANAHTAR_BENCHMARK_SIZE");
  return size ? std::atoll(size) : 1'000'000;
}

/// A folder for the big databases, and one that goes away for the rest.
std::filesystem::path kept_folder() {
  static testing::TemporaryFolder temporary;
  const char* kept = std::getenv("ANAHTAR_BENCHMARK_FOLDER");
  return kept ? std::filesystem::path(kept) : temporary.path();
}

struct Desk {
  std::filesystem::path file, config;
  std::string url() const { return "sqlite://" + file.string(); }
  bool made() const { return std::filesystem::exists(file); }
  void create() const { core::value_or_throw(store::create_site(url(), config, {.name = "a", .role = core::Role::administrator}, clock_of_system)); }
  store::Site open() const { return core::value_or_throw(store::open_site(url(), config, clock_of_system)); }
};

Desk desk_in(const std::filesystem::path& folder, const std::string& name) {
  return {folder / (name + ".db"), folder / (name + ".config")};
}

/// About 300 bytes once encoded.
core::Record record() {
  return {.type = "action.changed",
          .actor = "fatma.operator",
          .role = "operator",
          .ticket = "0123456789abcdef0123456789abcdef",
          .subject = "fedcba9876543210fedcba9876543210",
          .fields = {{core::Tag::action, "password.unblock"},
                     {core::Tag::run, "00112233445566778899aabbccddeeff"},
                     {core::Tag::message_id, std::string(64, 'x')}}};
}

core::Result<> record_once(core::Transaction& unit) {
  unit.record(record());
  return {};
}

void check(int code) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) throw std::runtime_error(sqlite3_errstr(code));
}

/// SQLite's own interface.
struct Raw {
  explicit Raw(const std::filesystem::path& file) { check(sqlite3_open(file.c_str(), &handle)); }
  ~Raw() { sqlite3_close(handle); }
  void run(const char* sql) const { check(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr));
    return statement;
  }
  sqlite3* handle = nullptr;
};

// --- appending ---

/// One record per commit; with several threads they share commits.
void append_records(benchmark::State& state) {
  static std::unique_ptr<testing::TemporaryFolder> folder;
  static store::Site site;
  if (state.thread_index() == 0) {
    folder = std::make_unique<testing::TemporaryFolder>();
    const Desk desk = desk_in(folder->path(), "append");
    desk.create();
    site = desk.open();
  }
  for (auto _ : state) {
    if (!site.writer->commit(record_once)) state.SkipWithError("commit failed");
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) {
    site = {};
    folder.reset();
  }
}
BENCHMARK(append_records)->Threads(1)->UseRealTime()->MinTime(2);
BENCHMARK(append_records)->Threads(8)->UseRealTime()->MinTime(2);

/// The same row, as text in a table with the same columns, key and indexes, one per commit, no hash and no signature.
void raw_insert_of_the_same_bytes(benchmark::State& state) {
  const testing::TemporaryFolder folder;
  const Raw raw(folder / "raw.db");
  raw.run("pragma journal_mode=wal; pragma synchronous=full; pragma wal_autocheckpoint=16000;"
          "create table e (device text, incarnation bigint, seq bigint, time bigint, type text, actor text,"
          " ticket text, subject text, leaf_hash text, bytes text, primary key (device, incarnation, seq));");
  if (state.range(0))
    raw.run("create index e1 on e (time); create index e2 on e (type); create index e3 on e (actor);"
            "create index e4 on e (ticket); create index e5 on e (subject)");
  sqlite3_stmt* insert = raw.prepare("insert into e values (?,1,?,?,?,?,?,?,?,?)");
  const core::Record example = record();
  const std::string bytes(480, 'b'), hash(44, 'h'), device(36, 'd');
  std::int64_t seq = 0;
  const auto text = [&](int at, const std::string& value) {
    check(sqlite3_bind_text(insert, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
  };
  for (auto _ : state) {
    raw.run("begin immediate");
    text(1, device);
    sqlite3_bind_int64(insert, 2, seq);
    sqlite3_bind_int64(insert, 3, clock_of_system.now().time_since_epoch().count());
    text(4, example.type), text(5, example.actor), text(6, example.ticket), text(7, example.subject);
    text(8, hash), text(9, bytes);
    check(sqlite3_step(insert));
    check(sqlite3_reset(insert));
    raw.run("commit");
    ++seq;
  }
  sqlite3_finalize(insert);
  state.SetItemsProcessed(state.iterations());
  state.SetLabel(state.range(0) ? "with the same indexes" : "without indexes");
}
BENCHMARK(raw_insert_of_the_same_bytes)->Arg(0)->Arg(1)->UseRealTime()->MinTime(2);

// --- verifying ---

/// Many records in one commit: the quick way to a long log.
const Desk& long_log() {
  static const Desk desk = [] {
    Desk made = desk_in(kept_folder(), "log");
    if (made.made()) return made;
    made.create();
    store::Site site = made.open();
    constexpr std::int64_t batch = 2000;
    for (std::int64_t done = 0; done < wanted_size(); done += batch)
      core::value_or_throw(site.writer->commit([&](core::Transaction& unit) -> core::Result<> {
        for (std::int64_t i = 0; i < batch; ++i) unit.record(record());
        return {};
      }));
    return made;
  }();
  return desk;
}

std::int64_t resident_kilobytes(const char* what) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(what)) return std::atoll(line.c_str() + std::string(what).size() + 1);
  return 0;
}

void verify_long_log(benchmark::State& state) {
  const Desk& desk = long_log();
  std::uint64_t entries = 0;
  std::int64_t peak = 0;
  const std::int64_t before = resident_kilobytes("RssAnon");
  for (auto _ : state) {
    const auto report = core::value_or_throw(store::verify_site(
        desk.url(), desk.config, [&](auto, auto) { peak = std::max(peak, resident_kilobytes("RssAnon")); }));
    if (report.verdict != core::Verdict::intact) state.SkipWithError("not intact");
    entries += report.entries;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(entries));
  state.counters["peak_MB_above_start"] = static_cast<double>(peak - before) / 1024;
}
BENCHMARK(verify_long_log)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond)->MinTime(3);

// --- importing subscribers ---

std::int64_t import_rows() {
  const char* rows = std::getenv("ANAHTAR_BENCHMARK_IMPORT");
  return rows ? std::atoll(rows) : 100'000;
}

/// 11 digits with right check digits; nobody's, because of the leading 1000.
std::string fictional_national_id(std::int64_t i) {
  std::string id = std::to_string(100'000'000 + i);
  int odd = 0, even = 0;
  for (int at = 0; at < 9; ++at) (at % 2 ? even : odd) += id[static_cast<std::size_t>(at)] - '0';
  const int tenth = ((odd * 7 - even) % 10 + 10) % 10;
  id += static_cast<char>('0' + tenth);
  return id + static_cast<char>('0' + (odd + even + tenth) % 10);
}

std::string subscribers_csv() {
  std::string csv =
      "national_id,given_names,surname,mobile,email,birth_date,birth_place,mother_name,father_name,registry_province,"
      "registry_district,volume_number,family_number,order_number,document_serial,card_serial,portal_blocked\n";
  for (std::int64_t i = 0; i < import_rows(); ++i) {
    const std::string n = std::to_string(i);
    csv += fictional_national_id(i) + ",Işıl Nur,\"Öz, Şen\",+905" + std::to_string(300'000'000 + i) + ",kisi" + n +
           "@ornek.example,3.4.1980,Iğdır,Hatice,İbrahim,Iğdır,Tuzluca,12,345," + n + ",A00B" + n + ",K-" + n + "," +
           (i % 10 == 0 ? "1" : "0") + "\n";
  }
  return csv;
}

/// The whole import through core, with keys, sealing, blind index, guards and audit; range 0 is the first run, 1 a
/// second run of the same file.
void import_subscribers(benchmark::State& state) {
  static const testing::TemporaryFolder folder;
  static const std::string csv = subscribers_csv();
  const Desk desk = desk_in(folder.path(), "import");
  if (!desk.made()) desk.create();
  store::Site site = desk.open();
  const auto administrator = site.reader->operator_named("a").value();
  const core::Session session{.id = "s", .operator_id = administrator.id, .name = "a", .role = administrator.role};
  core::SubscriberImport import(*site.reader, *site.writer, clock_of_system);
  for (auto _ : state) {
    std::istringstream in(csv);
    const auto report = core::value_or_throw(import.run(session, in, "subscribers.csv", {}));
    if ((state.range(0) == 0 ? report.added : report.unchanged) != import_rows()) state.SkipWithError("rows are missing");
  }
  state.SetItemsProcessed(state.iterations() * import_rows());
}
BENCHMARK(import_subscribers)->ArgName("again")->Arg(0)->Arg(1)->Iterations(1)->MeasureProcessCPUTime()->UseRealTime()
    ->Unit(benchmark::kSecond);

// --- finding a subscriber ---

std::string national_id(std::int64_t i) { return std::to_string(10'000'000'000 + i * 7); }
std::string mobile(std::int64_t i) { return "+905" + std::to_string(300'000'000 + i); }

const Desk& many_subscribers() {
  static const Desk desk = [] {
    Desk made = desk_in(kept_folder(), "subscribers");
    if (made.made()) return made;
    made.create();
    store::Site site = made.open();
    constexpr std::int64_t batch = 2000;
    for (std::int64_t done = 0; done < wanted_size(); done += batch)
      core::value_or_throw(site.writer->commit([&](core::Transaction& unit) -> core::Result<> {
        for (std::int64_t i = done; i < done + batch; ++i) {
          core::Subscriber value;
          value.national_id = national_id(i);
          value.given_names = "Ad" + std::to_string(i % 5000);
          value.surname = "Soyad" + std::to_string(i % 20011);
          value.mobile = mobile(i);
          value.civil.mother_name = "Ayşe";
          value.civil.birth_date = "1980-01-01";
          unit.save(value);
        }
        unit.record({.type = core::record_type::import_rows, .actor = "a", .role = "administrator", .ticket = {}, .subject = {}});
        return {};
      }));
    return made;
  }();
  return desk;
}

void find_subscriber(benchmark::State& state) {
  store::Site site = many_subscribers().open();
  const bool by_mobile = state.range(0) == 0;
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> any(0, wanted_size() - 1);
  for (auto _ : state) {
    const std::int64_t i = any(random);
    const auto found = by_mobile ? site.reader->subscribers({core::SubscriberQuery::Kind::mobile, mobile(i)}, 10)
                                 : site.reader->subscribers({core::SubscriberQuery::Kind::national_id, national_id(i)}, 10);
    if (found.size() != 1) state.SkipWithError("not found");
  }
  state.SetLabel(by_mobile ? "mobile" : "national id");
}
BENCHMARK(find_subscriber)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond)->MinTime(2);

/// What somebody would write by hand: a table of the same size in the clear, an index on the mobile, all columns read.
void hand_written_indexed_select(benchmark::State& state) {
  const auto file = kept_folder() / "plain.db";
  const bool made = std::filesystem::exists(file);
  const Raw raw(file);
  if (!made) {
    raw.run("pragma journal_mode=wal; create table s (id bigint primary key, national_id text, given text, surname text,"
            " mobile text, email text, c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text);"
            "create index s_mobile on s (mobile); create index s_national_id on s (national_id); begin");
    sqlite3_stmt* insert = raw.prepare("insert into s values (?,?,'Ad','Soyad',?,'','1980-01-01','','Ayşe','','','','','','','')");
    for (std::int64_t i = 0; i < wanted_size(); ++i) {
      sqlite3_bind_int64(insert, 1, i);
      const std::string id = national_id(i), number = mobile(i);
      sqlite3_bind_text(insert, 2, id.data(), -1, SQLITE_STATIC);
      sqlite3_bind_text(insert, 3, number.data(), -1, SQLITE_STATIC);
      check(sqlite3_step(insert));
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    raw.run("commit; pragma wal_checkpoint(truncate)");
  }
  raw.run("pragma cache_size=-16384");
  sqlite3_stmt* select = raw.prepare("select * from s where mobile = ?");
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> any(0, wanted_size() - 1);
  for (auto _ : state) {
    const std::string number = mobile(any(random));
    sqlite3_bind_text(select, 1, number.data(), static_cast<int>(number.size()), SQLITE_STATIC);
    if (sqlite3_step(select) != SQLITE_ROW) state.SkipWithError("not found");
    std::vector<std::string> columns;
    for (int column = 0; column < 16; ++column)
      columns.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(select, column)));
    benchmark::DoNotOptimize(columns);
    sqlite3_step(select);
    sqlite3_reset(select);
  }
  sqlite3_finalize(select);
}
BENCHMARK(hand_written_indexed_select)->Unit(benchmark::kMicrosecond)->MinTime(2);

}  // namespace
