// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <thread>

#include "crypto/base64.h"
#include "store/keyring.h"
#include "store/raw_database.h"
#include "store/store_fixture.h"

namespace anahtar::store::testing {
namespace {

using core::Verdict;

void open_ticket(Site& site, const core::Subscriber& owner) {
  core::value_or_throw(site.writer->commit([&](core::Transaction& unit) -> core::Result<> {
    core::Ticket ticket;
    ticket.subscriber = owner.id;
    ticket.cause = "other";
    unit.save(ticket);
    core::Record record = note("ticket.opened");
    record.ticket = ticket.id;
    record.subject = owner.pseudonym;
    record.fields = {{core::Tag::channel, "call"}, {core::Tag::reason, "neden böyle"}};
    unit.record(record);
    return {};
  }));
}

/// A desk with several tiles' worth of log, and rows of every kind that tampering is interesting for.
void work_at_the_desk(Site& site, int tickets) {
  const core::Subscriber owner = saved(site, ayse());
  saved(site, core::PortalAccount{owner.id, "hash", 3, true, core::Time{}});
  std::vector<std::thread> desks;  // at once, so that they share commits
  for (int desk = 0; desk < 8; ++desk)
    desks.emplace_back([&, count = tickets / 8 + (desk < tickets % 8)] {
      for (int i = 0; i < count; ++i) open_ticket(site, owner);
    });
  for (auto& desk : desks) desk.join();
}

/// Flips a bit in the middle (or at `at`) of a base64 text.
std::string flipped(const std::string& base64, std::size_t at = std::string::npos) {
  auto bytes = crypto::base64_decode(base64).value();
  bytes[at == std::string::npos ? bytes.size() / 2 : at] ^= 0x10;
  return crypto::base64_encode(bytes);
}

void set_entry(RawDatabase& raw, int seq, const std::string& column, const std::string& value) {
  raw.run("update audit_entry set " + column + " = '" + value + "' where seq = " + std::to_string(seq));
}

std::string entry(RawDatabase& raw, int seq, const std::string& column) {
  return raw.one("select " + column + " from audit_entry where seq = " + std::to_string(seq));
}

struct Tampering {
  const char* name;
  Verdict verdict;
  const char* first_bad;  ///< "" for any; else the seq of the first bad entry
  std::function<void(RawDatabase&)> act;
};

std::ostream& operator<<(std::ostream& out, const Tampering& tampering) { return out << tampering.name; }

void flip_entry(RawDatabase& raw) { set_entry(raw, 100, "bytes", flipped(entry(raw, 100, "bytes"))); }
void flip_hash(RawDatabase& raw) { set_entry(raw, 100, "leaf_hash", flipped(entry(raw, 100, "leaf_hash"))); }

void swap_places(RawDatabase& raw) {
  raw.run("update audit_entry set place = -1 where seq = 99");
  raw.run("update audit_entry set place = place - 1 where seq = 100");
  raw.run("update audit_entry set place = (select place + 1 from audit_entry where seq = 100) where seq = 99");
}

void flip_sealed_field(RawDatabase& raw) {  // the last bytes of an entry are its last, sealed field
  const std::string bytes = entry(raw, 100, "bytes");
  set_entry(raw, 100, "bytes", flipped(bytes, crypto::base64_decode(bytes)->size() - 3));
}

void flip_head_signature(RawDatabase& raw) {
  std::string note = raw.one("select note from audit_head");
  char& c = note[note.size() - 20];
  c = c == 'A' ? 'B' : 'A';
  raw.run("update audit_head set note = '" + note + "'");
}

void flip_sealed_row(RawDatabase& raw) {
  raw.run("update subscriber set mobile_sealed = '" + flipped(raw.one("select mobile_sealed from subscriber")) + "'");
}

void swap_two(RawDatabase& raw) {
  raw.run("update audit_entry set seq = -1 where seq = 100");
  raw.run("update audit_entry set seq = 100 where seq = 101");
  raw.run("update audit_entry set seq = 101 where seq = -1");
}

void flip_tile(RawDatabase& raw) {
  raw.run("update audit_tile set hashes = '" + flipped(raw.one("select hashes from audit_tile where level = 0 and position = 0")) +
          "' where level = 0 and position = 0");
}

void forge_row_and_change(RawDatabase& raw) {  // as a thorough forger would: a new version, claimed for an old entry
  raw.run("insert into audit_change select table_name, row_id, 2, digest, device, incarnation, seq from audit_change"
          " where table_name = 'portal_account'");
  raw.run("update portal_account set blocked = 0, version = 2");
}

/// The same entries in a table that no longer forbids anything.
void rebuild_without_keys(RawDatabase& raw) {
  raw.run("create table copy as select * from audit_entry; drop table audit_entry; alter table copy rename to audit_entry;"
          "create index found_again on audit_entry (device, incarnation, seq)");
}

/// A second entry 100, far from the first.
void plant_twin(RawDatabase& raw) {
  rebuild_without_keys(raw);
  raw.run("insert into audit_entry select (select max(place) + 1 from audit_entry), device, incarnation, seq, time, type,"
          " 'forged', ticket, subject, leaf_hash, bytes from audit_entry where seq = 100");
}

/// An entry that no log claims, where another entry lies already.
void plant_entry_in_a_taken_place(RawDatabase& raw) {
  rebuild_without_keys(raw);
  raw.run("insert into audit_entry select place, 'nobody', incarnation, seq, time, type, 'forged', ticket, subject, leaf_hash,"
          " bytes from audit_entry where seq = 100");
}

/// An entry whose log is named by values of another type than the column's, which SQLite sorts behind all others.
auto plant_entry_of(const char* device, const char* incarnation) {
  return [=](RawDatabase& raw) {
    raw.run("insert into audit_entry (device, incarnation, seq, time, type, actor, ticket, subject, leaf_hash, bytes) select " +
            std::string(device) + ", " + incarnation +
            ", 7, time, type, actor, ticket, subject, leaf_hash, bytes from audit_entry where seq = 100");
  };
}

class StoreTamper : public ::testing::TestWithParam<Tampering> {};

TEST_P(StoreTamper, IsFound) {
  TemporarySite temporary;
  {
    Site site = temporary.open();
    work_at_the_desk(site, 560);
  }
  ASSERT_EQ(temporary.verify().verdict, Verdict::intact);
  {
    RawDatabase raw(temporary.file());
    raw.drop_triggers();
    GetParam().act(raw);
  }
  const auto report = temporary.verify();
  EXPECT_EQ(report.verdict, GetParam().verdict) << to_string(report.verdict) << " at " << report.first_bad;
  if (const std::string seq = GetParam().first_bad; !seq.empty()) {
    EXPECT_THAT(report.first_bad, ::testing::EndsWith("/1/" + seq));
  }
  EXPECT_FALSE(report.sentence.empty());
}

auto sql(const char* statement) {
  return [statement](RawDatabase& raw) { raw.run(statement); };
}

INSTANTIATE_TEST_SUITE_P(
    Each, StoreTamper,
    ::testing::Values(
        Tampering{"flip_entry", Verdict::tampered, "100", flip_entry},
        Tampering{"flip_leaf_hash", Verdict::tampered, "100", flip_hash},
        Tampering{"swap_places", Verdict::tampered, "100", swap_places},
        Tampering{"flip_sealed_field", Verdict::tampered, "100", flip_sealed_field},
        Tampering{"flip_head_signature", Verdict::tampered, "", flip_head_signature},
        Tampering{"flip_sealed_row", Verdict::tampered, "", flip_sealed_row},
        Tampering{"flip_tile", Verdict::tampered, "", flip_tile},
        Tampering{"change_actor", Verdict::tampered, "100", sql("update audit_entry set actor = 'hasan' where seq = 100")},
        Tampering{"change_time", Verdict::tampered, "100", sql("update audit_entry set time = time + 1 where seq = 100")},
        Tampering{"change_type", Verdict::tampered, "100", sql("update audit_entry set type = 'x' where seq = 100")},
        Tampering{"change_ticket", Verdict::tampered, "100", sql("update audit_entry set ticket = '' where seq = 100")},
        Tampering{"change_subject", Verdict::tampered, "100", sql("update audit_entry set subject = '' where seq = 100")},
        Tampering{"unblock_by_hand", Verdict::tampered, "", sql("update portal_account set blocked = 0")},
        Tampering{"unblock_with_version", Verdict::tampered, "",
                  sql("update portal_account set blocked = 0, version = version + 1")},
        Tampering{"forge_row_and_change", Verdict::tampered, "", forge_row_and_change},
        Tampering{"change_digest", Verdict::tampered, "",
                  sql("update audit_change set digest = (select digest from audit_change where row_id = '9') where row_id = '7'")},
        Tampering{"plant_operator", Verdict::tampered, "",
                  sql("insert into operator values (9, 'x', 'x', 'x', 'administrator', 'h', 0, 0, 0, null, 0, 1)")},
        Tampering{"delete_row", Verdict::tampered, "", sql("delete from ticket where number = 7")},
        Tampering{"delete_change", Verdict::tampered, "", sql("delete from audit_change where row_id = '7'")},
        Tampering{"delete_first", Verdict::incomplete, "0", sql("delete from audit_entry where seq = 0")},
        Tampering{"delete_middle", Verdict::incomplete, "100", sql("delete from audit_entry where seq = 100")},
        Tampering{"delete_last", Verdict::incomplete, "",
                  sql("delete from audit_entry where seq = (select max(seq) from audit_entry)")},
        Tampering{"delete_all", Verdict::incomplete, "", sql("delete from audit_entry")},
        Tampering{"delete_head", Verdict::incomplete, "", sql("delete from audit_head")},
        Tampering{"drop_table", Verdict::tampered, "", sql("drop table portal_account")},
        Tampering{"plant_twin", Verdict::tampered, "", plant_twin},
        Tampering{"plant_entry_in_a_taken_place", Verdict::tampered, "", plant_entry_in_a_taken_place},
        Tampering{"plant_entry_of_no_device", Verdict::tampered, "", plant_entry_of("'nobody'", "1")},
        Tampering{"plant_entry_of_a_binary_device", Verdict::tampered, "", plant_entry_of("x'6e6f'", "1")},
        Tampering{"plant_entry_of_a_worded_incarnation", Verdict::tampered, "", plant_entry_of("device", "'one'")},
        Tampering{"plant_entry_below_zero", Verdict::tampered, "",
                  sql("update audit_entry set seq = -1 where seq = (select max(seq) from audit_entry)")},
        Tampering{"swap_two", Verdict::tampered, "100", swap_two},
        Tampering{"renumber", Verdict::tampered, "",
                  sql("delete from audit_entry where seq = 100;"
                      "update audit_entry set seq = seq - 100000 where seq > 100;"
                      "update audit_entry set seq = seq + 99999 where seq < 0")}),
    [](const auto& each) { return std::string(each.param.name); });

/// Copies the database as `cp` does while nobody has it open.
void copy_database(const TemporarySite& site, const std::filesystem::path& to) {
  RawDatabase(site.file()).run("pragma wal_checkpoint(truncate)");
  std::filesystem::copy_file(site.file(), to, std::filesystem::copy_options::overwrite_existing);
}

void put_back(const TemporarySite& site, const std::filesystem::path& from) {
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(site.file().string() + suffix);
  std::filesystem::copy_file(from, site.file());
}

TEST(StoreTamperFiles, AnHonestLogIsIntactAndCounted) {
  TemporarySite temporary;
  Site site = temporary.open();
  work_at_the_desk(site, 300);
  std::uint64_t last_done = 0, last_total = 0;
  const auto report = site.audit_log->verify(
      [&](std::uint64_t done, std::uint64_t total) { last_done = done, last_total = total; }, {});
  EXPECT_EQ(report.verdict, Verdict::intact);
  EXPECT_EQ(report.entries, 305u);
  EXPECT_EQ(last_done, 305u);
  EXPECT_EQ(last_total, 305u);
}

TEST(StoreTamperFiles, WhatTheDatabaseIsMadeOfIsComparedWithTheProgramsMigrations) {
  TemporarySite temporary;
  {
    Site site = temporary.open();
    work_at_the_desk(site, 8);
  }
  for (const char* change : {"drop trigger ticket_update", "create trigger zz after update on ticket begin select 1; end",
                             "drop index audit_entry_ticket", "drop table cooling_off", "delete from migration where name like '0012%'"}) {
    const auto copy = temporary.folder() / "copy.db";
    copy_database(temporary, copy);
    RawDatabase(temporary.file()).run(change);
    const auto report = temporary.verify();
    EXPECT_EQ(report.verdict, Verdict::unverifiable) << change;
    EXPECT_THAT(report.notes.at(0).id, ::testing::HasSubstr("The part ")) << change;
    put_back(temporary, copy);
  }
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
}

TEST(StoreTamperFiles, TheSizeBesideTheSignedHeadIsNotMovedAlone) {
  TemporarySite temporary;
  RawDatabase raw(temporary.file());
  EXPECT_THAT(raw.try_to("update audit_head set size = 1000000"), ::testing::HasSubstr("append-only"));
  raw.run("drop trigger audit_head_forward");
  raw.run("update audit_head set size = 1000000");
  EXPECT_EQ(temporary.verify().verdict, Verdict::tampered);
}

TEST(StoreTamperFiles, HashesOfEntriesThatAreNotThereYetAreFound) {
  TemporarySite temporary;
  RawDatabase(temporary.file()).run("insert into audit_tile (device, incarnation, level, position, hashes)"
                                    " select device, incarnation, 0, 0, 'AAAA' from audit_head");
  EXPECT_EQ(temporary.verify().verdict, Verdict::tampered);
}

TEST(StoreTamperFiles, WhatASubscriberIsFoundByIsNotChangedAlone) {
  TemporarySite temporary;
  Site site = temporary.open();
  core::Subscriber subscriber = saved(site, ayse());
  RawDatabase raw(temporary.file());
  EXPECT_THAT(raw.try_to("delete from subscriber_index"), ::testing::HasSubstr("together with its audit record"));
  EXPECT_THAT(raw.try_to("insert into subscriber_index values ('mobile', 'x', 1)"), ::testing::HasSubstr("together with its audit record"));
  EXPECT_THAT(raw.try_to("update subscriber_index set token = 'x'"), ::testing::HasSubstr("together with its audit record"));
  subscriber.mobile = "+905000000077";
  saved(site, subscriber);
  EXPECT_EQ(site.reader->subscribers({core::SubscriberQuery::Kind::mobile, "+905000000077"}, 5).size(), 1u);
  EXPECT_TRUE(site.reader->subscribers({core::SubscriberQuery::Kind::mobile, "+905321234567"}, 5).empty());
}

TEST(StoreTamperFiles, ALostMemoryOfTheLogsEndIsSaidOnceAndByVerify) {
  TemporarySite temporary;
  for (const bool removed : {false, true}) {
    if (removed) std::filesystem::remove(temporary.keys() / "head");
    else std::filesystem::resize_file(temporary.keys() / "head", 0);
    EXPECT_EQ(temporary.verify().verdict, Verdict::unverifiable);
    const Site site = temporary.open();
    ASSERT_EQ(site.alarms.size(), 1u);
    EXPECT_THAT(site.alarms[0].id, ::testing::HasSubstr("gone or empty"));
    EXPECT_TRUE(temporary.open().alarms.empty());
    EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
  }
}

TEST(StoreTamperFiles, AnIncarnationWhoseBeginningNeverCameToBeLeavesNoGap) {
  TemporarySite temporary;
  const auto yesterday = temporary.folder() / "yesterday.db";
  copy_database(temporary, yesterday);
  {
    Site site = temporary.open();
    saved(site, core::Ticket{});
  }
  put_back(temporary, yesterday);
  // As far as a start came that found the disk full: the key was made, and nothing was committed.
  auto keyring = core::value_or_throw(Keyring::open(temporary.config(), temporary.keys().filename().string()));
  keyring.make_signing_key(2);
  Site site = temporary.open();
  saved(site, core::Ticket{});
  EXPECT_EQ(site.audit_log->list({.limit = 1})[0].incarnation, 2u);
  EXPECT_EQ(temporary.verify().verdict, Verdict::incomplete) << "the lost entry; not tampered";
}

TEST(StoreTamperFiles, AnEntryOfAnotherDeviceIsFound) {
  TemporarySite temporary, foreign;
  for (const auto* each : {&temporary, &foreign}) {
    Site site = each->open();
    work_at_the_desk(site, 120);
  }
  {
    RawDatabase raw(temporary.file());
    raw.drop_triggers();
    raw.run("attach '" + foreign.file().string() + "' as f");
    raw.run("update audit_entry set bytes = (select bytes from f.audit_entry where seq = 100),"
            " leaf_hash = (select leaf_hash from f.audit_entry where seq = 100) where seq = 100");
  }
  EXPECT_EQ(temporary.verify().verdict, Verdict::tampered);
}

TEST(StoreTamperFiles, YesterdaysCopyIsFoundByVerifyAndOnStart) {
  TemporarySite temporary;
  const auto yesterday = temporary.folder() / "yesterday.db";
  {
    Site site = temporary.open();
    work_at_the_desk(site, 30);
  }
  copy_database(temporary, yesterday);
  {
    Site site = temporary.open();
    saved(site, core::Ticket{});
  }
  put_back(temporary, yesterday);
  EXPECT_EQ(temporary.verify().verdict, Verdict::incomplete) << "before the desk even starts";
  {
    Site site = temporary.open();
    ASSERT_EQ(site.alarms.size(), 1u);
    EXPECT_THAT(site.alarms[0].id, ::testing::HasSubstr("old copy"));
    saved(site, core::Ticket{});
    EXPECT_EQ(site.audit_log->list({.limit = 1})[0].incarnation, 2u);
  }
  EXPECT_EQ(temporary.verify().verdict, Verdict::incomplete) << "what was lost stays lost";
  Site again = temporary.open();
  EXPECT_TRUE(again.alarms.empty()) << "said once";
  saved(again, core::Ticket{});
  EXPECT_EQ(again.audit_log->list({.limit = 1})[0].incarnation, 2u);
}

TEST(StoreTamperFiles, ACopyBesideTheDatabaseIsNotWorkedWithAndAMovedOneIs) {
  TemporarySite temporary;
  const auto copy = temporary.folder() / "copy.db";
  const auto open_copy = [&] { return open_site("sqlite://" + copy.string(), temporary.config(), temporary.clock()); };
  copy_database(temporary, copy);
  const auto refused = open_copy();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Code::conflict);
  EXPECT_THAT(sentence_of(refused.error()), ::testing::HasSubstr(std::filesystem::canonical(temporary.file()).string()));
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
  EXPECT_EQ(core::value_or_throw(verify_site("sqlite://" + copy.string(), temporary.config())).verdict, Verdict::intact);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(temporary.file().string() + suffix);
  EXPECT_TRUE(open_copy());
}

struct DeclaredRestore : ::testing::Test {
  void SetUp() override {
    copy_database(temporary, yesterday);
    work();
  }
  void work() {
    Site site = temporary.open();
    saved(site, core::Ticket{});
  }
  core::Result<> declare(const AskDeclarer& ask = [](core::Reader& reader, core::Vault&) -> core::Result<Declarer> {
    const auto account = reader.operator_named("yonetici");
    return Declarer{account.value().name, "administrator"};
  }) {
    return declare_restore(temporary.url(), temporary.config(), temporary.clock(), "the disk failed", ask);
  }
  TemporarySite temporary;
  std::filesystem::path yesterday = temporary.folder() / "yesterday.db";
};

TEST_F(DeclaredRestore, IsNamedByEveryVerificationAndNotHeldAgainstTheLog) {
  put_back(temporary, yesterday);
  EXPECT_EQ(temporary.verify().verdict, Verdict::incomplete);
  ASSERT_TRUE(declare());
  Site site = temporary.open();
  EXPECT_TRUE(site.alarms.empty());
  saved(site, core::Ticket{});
  const auto report = temporary.verify();
  EXPECT_EQ(report.verdict, Verdict::intact);
  EXPECT_THAT(report.notes.at(0).id, ::testing::HasSubstr("The restore of a copy was declared"));
  core::AuditFilter filter;
  filter.type = "device.restore_declared";
  const auto rows = site.audit_log->list(filter);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].actor, "yonetici");
  EXPECT_THAT(rows[0].fields, ::testing::Contains(std::pair<std::string, std::string>("reason", "the disk failed")));
}

TEST_F(DeclaredRestore, IsForADatabaseThatIsOlderAndThatNobodyOpenedSince) {
  EXPECT_EQ(declare().error().code, core::Code::conflict) << "it is what this desk left";
  put_back(temporary, yesterday);
  work();
  EXPECT_EQ(declare().error().code, core::Code::conflict) << "it went on without a word";
  EXPECT_EQ(temporary.verify().verdict, Verdict::incomplete);
}

TEST_F(DeclaredRestore, ChangesNothingForWhoMayNotDeclareIt) {
  put_back(temporary, yesterday);
  const auto head = content_of(temporary.keys() / "head");
  const auto refused = declare([](core::Reader&, core::Vault&) -> core::Result<Declarer> {
    return core::failure(core::Code::not_permitted, sdk::verbatim("no"));
  });
  EXPECT_EQ(refused.error().code, core::Code::not_permitted);
  EXPECT_EQ(content_of(temporary.keys() / "head"), head);
  EXPECT_EQ(temporary.verify().verdict, Verdict::incomplete);
}

TEST(StoreTamperFiles, ACopyThatWentAnotherWayIsAFork) {
  TemporarySite temporary;
  const auto copy = temporary.folder() / "copy.db";
  copy_database(temporary, copy);
  const auto head = temporary.keys() / "head";
  const std::string head_then = content_of(head);
  const auto append_one = [&] {
    Site site = temporary.open();
    saved(site, core::Ticket{});
  };
  append_one();
  const std::string head_of_first = content_of(head);
  put_back(temporary, copy);
  std::ofstream(head, std::ios::binary | std::ios::trunc) << head_then;
  append_one();  // the same size, another root
  std::ofstream(head, std::ios::binary | std::ios::trunc) << head_of_first;
  EXPECT_EQ(temporary.verify().verdict, Verdict::forked);
  Site site = temporary.open();
  ASSERT_EQ(site.alarms.size(), 1u);
  EXPECT_THAT(site.alarms[0].id, ::testing::HasSubstr("another one"));
  EXPECT_EQ(temporary.verify().verdict, Verdict::forked);
}

TEST(StoreTamperFiles, WithoutPinnedKeysNothingIsVouchedFor) {
  TemporarySite temporary;
  const auto report = core::value_or_throw(verify_site(temporary.url(), temporary.folder() / "nowhere"));
  EXPECT_EQ(report.verdict, Verdict::unverifiable);
}

TEST(StoreTamperFiles, VerifyingChangesNoFile) {
  TemporarySite temporary;
  {
    Site site = temporary.open();
    work_at_the_desk(site, 3);
  }
  RawDatabase(temporary.file()).run("pragma wal_checkpoint(truncate)");
  const auto contents = [&] {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(temporary.folder()))
      if (entry.is_regular_file() && !entry.path().string().ends_with("-shm") && std::filesystem::file_size(entry) > 0)
        all[entry.path()] = content_of(entry.path());
    return all;
  };
  const auto before = contents();
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
  EXPECT_EQ(contents(), before);
}

TEST(Verification, TellsThatTheClockWentBack) {
  const TemporarySite temporary;
  const auto told = [&] {
    const auto notes = temporary.verify().notes;
    return std::ranges::any_of(notes, [](const sdk::Text& text) { return text.id.starts_with("The clock went back"); });
  };
  {
    Site site = temporary.open();
    saved(site, ayse());
  }
  EXPECT_FALSE(told());
  const TickingClock set_back;  // begins where the site's clock began
  Site site = core::value_or_throw(open_site(temporary.url(), temporary.config(), set_back));
  saved(site, core::Ticket{});
  EXPECT_TRUE(told());
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
}

}  // namespace
}  // namespace anahtar::store::testing
