// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "store/child_process.h"
#include "store/migrations.h"
#include "store/raw_database.h"
#include "store/session.h"
#include "store/store_fixture.h"

namespace anahtar::store::testing {
namespace {

using core::Code;
using ::testing::HasSubstr;

std::string sentence_on_opening(const TemporarySite& site) {
  const auto opened = open_site(site.url(), site.config(), site.clock());
  return opened ? "opened" : sentence_of(opened.error());
}

core::Result<core::Receipt> write_something(Site& site) {
  return site.writer->commit([](core::Transaction& unit) -> core::Result<> {
    unit.record(note());
    return {};
  });
}

/// Runs `work` as nobody when the tests run as root, whom no permission stops; what it returned.
std::string without_privileges(const std::filesystem::path& folder, const std::function<std::string()>& work) {
  if (geteuid() == 0) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
      if (chown(entry.path().c_str(), 65534, 65534) != 0) return "chown failed";
    if (chown(folder.c_str(), 65534, 65534) != 0) return "chown failed";
  }
  ChildProcess child([&](int pipe) {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(3);
    const std::string answer = work();
    if (write(pipe, answer.data(), answer.size()) < 0) _exit(4);
  });
  return child.read_all();
}

TEST(StoreFailures, AMissingDatabaseIsNamedAndNotMade) {
  anahtar::testing::TemporaryFolder folder;
  const core::SystemClock clock;
  const auto opened = open_site("sqlite://" + (folder / "none.db").string(), folder.path(), clock);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::not_found);
  EXPECT_THAT(sentence_of(opened.error()), HasSubstr("none.db"));
  EXPECT_FALSE(std::filesystem::exists(folder / "none.db"));
}

TEST(StoreFailures, OneOfManyWhoCreateADatabaseAtOnceGetsItAndItStays) {
  anahtar::testing::TemporaryFolder folder;
  const TickingClock clock;
  const std::string url = "sqlite://" + (folder / "desk.db").string();
  std::atomic<int> made = 0, refused = 0;
  const auto create = [&] {
    const core::SystemClock own_clock;
    core::Operator first{.name = "yonetici", .display_name = "Y", .person = "p1", .role = core::Role::administrator,
                         .password_hash = "$none"};
    const auto created = create_site(url, folder / "config", first, own_clock);
    if (created) ++made;
    else if (created.error().code == Code::conflict) ++refused;
  };
  std::vector<std::thread> desks;
  for (int i = 0; i < 4; ++i) desks.emplace_back(create);
  for (auto& desk : desks) desk.join();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(refused, 3);
  EXPECT_TRUE(open_site(url, folder / "config", clock));
  const std::filesystem::directory_iterator keys(folder / "config" / "anahtar" / "sites");
  EXPECT_EQ(std::distance(begin(keys), end(keys)), 1) << "keys of a database that nobody got were left";
}

TEST(StoreFailures, ADatabaseIsNotCreatedBehindALink) {
  anahtar::testing::TemporaryFolder folder;
  std::filesystem::create_symlink(folder / "elsewhere.db", folder / "desk.db");
  const core::SystemClock clock;
  const auto created = create_site("sqlite://" + (folder / "desk.db").string(), folder / "config", {}, clock);
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, Code::conflict);
  EXPECT_FALSE(std::filesystem::exists(folder / "elsewhere.db"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "desk.db"));
}

TEST(StoreFailures, AFolderInTheDatabasesPlaceIsNamed) {
  anahtar::testing::TemporaryFolder folder;
  const core::SystemClock clock;
  const std::string url = "sqlite://" + folder.path().string();
  EXPECT_THAT(sentence_of(open_site(url, folder.path(), clock).error()), HasSubstr("is not a file"));
  EXPECT_THAT(sentence_of(verify_site(url, folder.path()).error()), HasSubstr("is not a file"));
}

TEST(StoreFailures, OtherUrlsAreRefusedWithASentence) {
  const core::SystemClock clock;
  const auto sentence = [&](const char* url) { return sentence_of(open_site(url, "/nonexistent", clock).error()); };
  EXPECT_THAT(sentence("postgresql://desk/site"), HasSubstr("PostgreSQL is not built into this program yet"));
  EXPECT_THAT(sentence("sqlite:desk.db"), HasSubstr("sqlite:///path/to/file.db"));
  EXPECT_THAT(sentence("sqlite://desk.db"), HasSubstr("sqlite:///path/to/file.db"));
  EXPECT_THAT(sentence(""), HasSubstr("sqlite:///path/to/file.db"));
}

TEST(StoreFailures, AnExistingFileIsNotOverwritten) {
  TemporarySite site;
  const auto again = create_site(site.url(), site.config(), core::Operator{.name = "x"}, site.clock());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::conflict);
  EXPECT_EQ(sentence_on_opening(site), "opened");
}

TEST(StoreFailures, AFileThatIsNoDatabaseIsSaidSo) {
  TemporarySite site;
  std::filesystem::remove(site.file().string() + "-wal");
  std::ofstream(site.file(), std::ios::trunc) << std::string(5000, 'x');
  EXPECT_THAT(sentence_on_opening(site), HasSubstr("is not an Anahtar database"));
  EXPECT_THAT(sentence_of(verify_site(site.url(), site.config()).error()), HasSubstr("is not an Anahtar database"));
}

TEST(StoreFailures, AnotherProgramsDatabaseIsSaidSo) {
  anahtar::testing::TemporaryFolder folder;
  const core::SystemClock clock;
  RawDatabase(folder / "other.db").run("create table song (title text)");
  const auto opened = open_site("sqlite://" + (folder / "other.db").string(), folder.path(), clock);
  EXPECT_THAT(sentence_of(opened.error()), HasSubstr("another program"));
}

TEST(StoreFailures, AnotherProgramsDatabaseIsLeftAsItWas) {
  anahtar::testing::TemporaryFolder folder;
  const core::SystemClock clock;
  const auto file = folder / "other.db";
  const auto content = [&] {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return std::move(text).str();
  };
  RawDatabase(file).run("create table song (title text)");
  const std::string before = content();
  ASSERT_FALSE(open_site("sqlite://" + file.string(), folder.path(), clock));
  EXPECT_TRUE(content() == before);
}

TEST(StoreFailures, ADatabaseThatWasNotFilledLeavesNothingBehind) {
  anahtar::testing::TemporaryFolder folder;
  const core::SystemClock clock;
  const auto created = create_site("sqlite://" + (folder / "desk.db").string(), folder / "config", {.name = "a"}, clock,
                                   [](const std::string&) { return core::failure(Code::unavailable, core::tr("The disk is full.")); });
  ASSERT_FALSE(created);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    EXPECT_EQ(entry.path().filename(), "config");
}

TEST(StoreFailures, ADatabaseHasItsNameOnlyWhenItIsWhole) {
  anahtar::testing::TemporaryFolder folder;
  const core::SystemClock clock;
  const auto file = folder / "desk.db";
  bool named_early = true;
  ASSERT_TRUE(create_site("sqlite://" + file.string(), folder / "config", {.name = "a"}, clock,
                          [&](const std::string& draft) -> core::Result<> {
                            named_early = std::filesystem::exists(file);
                            return open_site(draft, folder / "config", clock) ? core::Result<>{}
                                                                             : core::failure(Code::internal, core::tr("?"));
                          }));
  EXPECT_FALSE(named_early);
  EXPECT_TRUE(open_site("sqlite://" + file.string(), folder / "config", clock));
}

TEST(StoreFailures, NothingIsRecordedInADatabaseThatWasMovedAway) {
  TemporarySite site;
  const auto record_once = [](core::Transaction& unit) -> core::Result<> {
    unit.record(note());
    return {};
  };
  const Site open = site.open();
  ASSERT_TRUE(open.writer->commit(record_once));
  std::filesystem::rename(site.file(), site.folder() / "elsewhere.db");
  const auto moved = open.writer->commit(record_once);
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, Code::unavailable);
  EXPECT_THAT(sentence_of(moved.error()), HasSubstr("moved"));
  std::filesystem::rename(site.folder() / "elsewhere.db", site.file());
  EXPECT_TRUE(open.writer->commit(record_once));
}

TEST(StoreFailures, ADroppedTableIsNoIntactLog) {
  TemporarySite site;
  RawDatabase(site.file()).run("drop table audit_tile");
  const auto verified = verify_site(site.url(), site.config());
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, Code::not_intact);
  EXPECT_THAT(sentence_of(verified.error()), HasSubstr("audit_tile"));
}

TEST(StoreFailures, ANewerSchemaIsRefused) {
  TemporarySite site;
  RawDatabase(site.file()).run("insert into migration values ('9999_future', 'x')");
  EXPECT_THAT(sentence_on_opening(site), HasSubstr("newer version of Anahtar"));
}

TEST(StoreFailures, AChangedOldMigrationIsRefused) {
  TemporarySite site;
  RawDatabase(site.file()).run("update migration set sha256 = 'x' where name = '0001_desk'");
  EXPECT_THAT(sentence_on_opening(site), HasSubstr("0001_desk"));
}

TEST(StoreFailures, ADamagedFileIsSaidSo) {
  TemporarySite site;
  RawDatabase(site.file()).run("pragma wal_checkpoint(truncate)");
  std::fstream file(site.file(), std::ios::in | std::ios::out | std::ios::binary);
  for (int page = 1; page < 40; ++page) {
    file.seekp(page * 4096);
    file << std::string(100, '\xff');
  }
  file.close();
  EXPECT_THAT(sentence_on_opening(site), HasSubstr("damaged"));
}

TEST(StoreFailures, AReadOnlyFileCannotBeWrittenButCanBeVerified) {
  TemporarySite site;
  RawDatabase(site.file()).run("pragma wal_checkpoint(truncate)");
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(site.file().string() + suffix);
  chmod(site.file().c_str(), 0400);
  const std::string answer = without_privileges(site.folder(), [&] {
    chmod(site.folder().c_str(), 0500);
    const auto report = verify_site(site.url(), site.config());
    const std::string verdict = report ? std::string(to_string(report->verdict)) : sentence_of(report.error());
    const std::string opening = sentence_on_opening(site);
    chmod(site.folder().c_str(), 0700);
    return verdict + " / " + opening;
  });
  EXPECT_THAT(answer, HasSubstr("intact / "));
  EXPECT_THAT(answer, HasSubstr("cannot be written: its file, its folder"));
}

TEST(StoreFailures, AFullDiskLosesNothing) {
  TemporarySite temporary;
  Site site = temporary.open();
  core::value_or_throw(write_something(site));
  // A limit on the size of files is what a full disk looks like from inside: no write beyond it succeeds.
  signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  getrlimit(RLIMIT_FSIZE, &unlimited);
  rlimit full = unlimited;
  full.rlim_cur = std::filesystem::file_size(temporary.file().string() + "-wal") + 20'000;
  setrlimit(RLIMIT_FSIZE, &full);
  core::Result<core::Receipt> last;
  int written = 0;
  for (; written < 200 && last; ++written) last = write_something(site);
  setrlimit(RLIMIT_FSIZE, &unlimited);

  ASSERT_FALSE(last) << "the disk never got full";
  EXPECT_EQ(last.error().code, Code::unavailable);
  EXPECT_THAT(sentence_of(last.error()), ::testing::AnyOf(HasSubstr("disk is full"), HasSubstr("disk reported an error")));
  EXPECT_TRUE(write_something(site)) << "goes on when there is room again";
  const auto report = temporary.verify();
  EXPECT_EQ(report.verdict, core::Verdict::intact);
  EXPECT_EQ(report.entries, 3u + 1u + static_cast<unsigned>(written) - 1u + 1u);
}

TEST(StoreFailures, ALockedDatabaseIsSaidSo) {
  TemporarySite temporary;
  Site site = temporary.open();
  RawDatabase other(temporary.file());
  other.run("begin immediate");
  const auto blocked = write_something(site);
  ASSERT_FALSE(blocked);
  EXPECT_EQ(blocked.error().code, Code::unavailable);
  EXPECT_THAT(sentence_of(blocked.error()), HasSubstr("locked by another program"));
  other.run("rollback");
  EXPECT_TRUE(write_something(site));
}

TEST(StoreFailures, NoSentenceHoldsABoundValue) {
  TemporarySite temporary;
  Session session(temporary.file(), sqlite::Access::read_write);
  try {
    session.execute("insert into operator (id, name) values (:id, :name)", {"7", "cok-gizli"});
    FAIL();
  } catch (const core::FailureError& error) {
    EXPECT_THAT(sentence_of(error.failure), ::testing::Not(HasSubstr("gizli")));
  }
}

TEST(StoreKeys, AreForTheirOwnerAlone) {
  TemporarySite site;
  struct stat status{};
  ASSERT_EQ(stat(site.keys().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(site.keys())) {
    ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << entry.path();
  }
}

TEST(StoreKeys, ThatOthersCanReadAreRefused) {
  TemporarySite site;
  chmod((site.keys() / "device.key").c_str(), 0644);
  EXPECT_THAT(sentence_on_opening(site), HasSubstr("Others may read the key file"));
}

TEST(StoreKeys, ThatCannotBeReadAreSaidSo) {
  TemporarySite site;
  const std::string answer = without_privileges(site.folder(), [&] {
    chmod((site.keys() / "device.key").c_str(), 0);
    return sentence_on_opening(site);
  });
  EXPECT_THAT(answer, HasSubstr("cannot be read"));
}

TEST(StoreKeys, ThatAreDamagedAreSaidSo) {
  TemporarySite site;
  std::ofstream(site.keys() / "device.key", std::ios::trunc) << "anahtar device key 1\ndevice x\n";
  EXPECT_THAT(sentence_on_opening(site), HasSubstr("damaged"));
}

TEST(StoreKeys, OfAnotherMachineAreRefused) {
  TemporarySite site;
  std::string content = content_of(site.keys() / "device.key");
  const auto at = content.find("machine ") + 8;
  content.replace(at, content.find('\n', at) - at, std::string(64, 'a'));
  std::ofstream(site.keys() / "device.key", std::ios::trunc) << content;
  EXPECT_THAT(sentence_on_opening(site), HasSubstr("copied from another computer"));
}

TEST(StoreKeys, ThatAreNotHereAreAskedFor) {
  TemporarySite site;
  const auto opened = open_site(site.url(), site.folder() / "elsewhere", site.clock());
  ASSERT_FALSE(opened);
  EXPECT_THAT(sentence_of(opened.error()), HasSubstr("has no keys for the database"));
}

TEST(StoreMigrations, BringAnOlderDatabaseForwardOnce) {
  anahtar::testing::TemporaryFolder folder;
  Session session(folder / "a.db", sqlite::Access::create);
  std::vector<Migration> steps = {{"0001_first", "create table one (x bigint); insert into one values (1);"}};
  EXPECT_EQ(schema_state(session, steps), SchemaState::empty);
  migrate(session, steps);
  steps.push_back({"0002_second", "create table two (x bigint); insert into two select x + 1 from one;"});
  EXPECT_EQ(schema_state(session, steps), SchemaState::older);
  migrate(session, steps);
  migrate(session, steps);
  EXPECT_EQ(schema_state(session, steps), SchemaState::current);
  EXPECT_EQ(session.scalar("select count(*) from two"), "1");
}

TEST(StoreMigrations, ThatFailHalfwayLeaveNothing) {
  anahtar::testing::TemporaryFolder folder;
  Session session(folder / "a.db", sqlite::Access::create);
  EXPECT_THROW(migrate(session, {{"0001_first", "create table one (x bigint); create table one (x bigint);"}}),
               core::FailureError);
  EXPECT_EQ(schema_state(session, {}), SchemaState::empty);
}

}  // namespace
}  // namespace anahtar::store::testing
