// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/subscriber_import.h"

#include <sstream>

#include "core/csv_reader.h"
#include "core/desk_fixture.h"
#include "support/office.h"

namespace anahtar::core {
namespace {
using testing::fictional_national_id;

std::vector<CsvRow> rows_of(const std::string& text) {
  std::istringstream in(text);
  CsvReader reader(in);
  std::vector<CsvRow> rows;
  while (auto row = reader.next()) rows.push_back(*row);
  return rows;
}
using Fields = std::vector<std::string>;

TEST(CsvReader, ReadsQuotesDelimitersAndEveryLineEnd) {
  for (const char* text : {"a,b\nx,\"y \"\"z\"\", w\"\n", "a,b\r\nx,\"y \"\"z\"\", w\"\r\n", "a,b\rx,\"y \"\"z\"\", w\"\r",
                           "\xEF\xBB\xBF" "a,b\nx,\"y \"\"z\"\", w\""}) {
    const auto rows = rows_of(text);
    ASSERT_EQ(rows.size(), 2u) << text;
    EXPECT_EQ(rows[0].fields, (Fields{"a", "b"}));
    EXPECT_EQ(rows[1].fields, (Fields{"x", "y \"z\", w"}));
    EXPECT_EQ(rows[1].line, 2);
  }
  EXPECT_EQ(rows_of("a;b\n1,5;2")[1].fields, (Fields{"1,5", "2"}));
}

TEST(CsvReader, CountsLinesThroughBlankOnesAndQuotedBreaks) {
  const auto rows = rows_of("a,b\n\n\"1\n1\",2\n   \r\n3,4\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].line, 3);
  EXPECT_EQ(rows[1].fields[0], "1\n1");
  EXPECT_EQ(rows[2].line, 6);
}

TEST(CsvReader, TellsWrongQuotesAndGoesOnWithTheNextLine) {
  const auto rows = rows_of("a,b\n\"x\"y,1\n2,3\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_FALSE(rows[1].problem.empty());
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_TRUE(rows[2].problem.empty());
  EXPECT_EQ(rows[2].fields, (Fields{"2", "3"}));
  EXPECT_EQ(rows[2].line, 3);
}

TEST(CsvReader, TellsAQuoteThatIsNeverClosed) {
  const auto rows = rows_of("a,b\n1,2\n\"x,1\n2,3\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].line, 3);
  EXPECT_FALSE(rows[2].problem.empty());
}

TEST(CsvReader, BoundsAnEndlessRow) {
  const auto rows = rows_of("a\n\"" + std::string(300 * 1024, 'x') + "\n1\n");
  ASSERT_GE(rows.size(), 3u);
  EXPECT_FALSE(rows[1].problem.empty());
  EXPECT_EQ(rows.back().fields, Fields{"1"});
}

TEST(CsvReader, ReadsTheSameAcrossBlocks) {
  std::string text = "a,b\n";
  for (int i = 0; i < 20000; ++i) text += std::to_string(i) + ",\"Gül \"\"x\"\"\"\r\n";
  const auto rows = rows_of(text);
  ASSERT_EQ(rows.size(), 20001u);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].fields, (Fields{std::to_string(i - 1), "Gül \"x\""}));
    ASSERT_EQ(rows[i].line, static_cast<std::int64_t>(i + 1));
  }
}

struct ImportTest : DeskTest {
  SubscriberImport import{store, store, clock};

  Result<ImportReport> run(const std::string& csv) {
    std::istringstream in(csv);
    return import.run(yusuf, in, "people.csv", {});
  }
  std::optional<Subscriber> person(std::uint32_t number) {
    const auto found = store.subscribers({SubscriberQuery::Kind::national_id, fictional_national_id(number)}, 1);
    return found.empty() ? std::nullopt : std::optional(found.front());
  }
  static std::string id(std::uint32_t number) { return fictional_national_id(number); }
};

const std::string header = "national_id,given_names,surname,mobile,email,birth_date,mother_name,card_serial,portal_blocked\n";

TEST_F(ImportTest, TakesAFullRow) {
  const auto report = run("\xEF\xBB\xBF" + header + id(100) +
                          ",\"  Işıl  Nur \",ÖZ-ŞEN,(500) 000/01 00,Isil@ORNEK.example,3.4.1980,\"Hatice \"\"Hala\"\"\",K-1,evet\n");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->bad_count, 0) << (report->bad.empty() ? "" : report->bad[0].reason.id);
  EXPECT_EQ(report->added, 1);
  const auto stored = person(100);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->given_names, "Işıl Nur");
  EXPECT_EQ(stored->surname, "ÖZ-ŞEN");
  EXPECT_EQ(stored->mobile, "+905000000100");
  EXPECT_EQ(stored->email, "isil@ornek.example");
  EXPECT_EQ(stored->civil.birth_date, "1980-04-03");
  EXPECT_EQ(stored->civil.mother_name, "Hatice \"Hala\"");
  EXPECT_TRUE(store.portal_account(stored->id)->blocked);
  EXPECT_EQ(store.cards(stored->id).at(0).serial, "K-1");
}

TEST_F(ImportTest, StartsCoolingOffForWhoGetsAnotherNumberAndForNobodyElse) {
  Policy policy = default_policy();
  VerificationDesk verification{store, store, store, clock, policy};
  SubscriberImport with_policy{store, store, clock, &verification};
  const auto import_numbers = [&](const std::string& first, const std::string& mail) {
    std::istringstream in("national_id,given_names,surname,mobile,email\n" + id(100) + ",A,B," + first + "," + mail + "\n" + id(101) +
                          ",C,D,05000000101," + mail + "\n");
    return with_policy.run(yusuf, in, "people.csv", {}).value();
  };
  import_numbers("05000000100", "a@ornek.example");
  EXPECT_FALSE(store.cooling_off(person(100)->id)) << "a new subscriber had no other number before";
  EXPECT_EQ(import_numbers("05000000999", "b@ornek.example").updated, 2);
  const auto cooling = store.cooling_off(person(100)->id);
  ASSERT_TRUE(cooling);
  EXPECT_EQ(cooling->until, clock.now() + std::chrono::hours(24));
  EXPECT_FALSE(store.cooling_off(person(101)->id));
  const auto started = store.records_of(record_type::cooling_off_started);
  ASSERT_EQ(started.size(), 1u);
  EXPECT_EQ(started[0].subject, person(100)->pseudonym);
  EXPECT_EQ(started[0].actor, yusuf.name);
  const auto changes = store.number_changes(person(100)->id);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].restores, "") << "what an import says is not undone by a call";
}

TEST(Import, VoidsWhatRestsOnANumberThatItChangesAndNothingElse) {
  testing::Office office{{}};
  const auto open_verified = [&](SubscriberId subscriber) {
    const auto number = office.open_ticket(subscriber, office.demo.operator_);
    office.verify(number, "sms_code");
    return number;
  };
  const auto moved = open_verified(office.demo.blocked), stayed = open_verified(office.demo.active);
  for (int i = 0; i < 101; ++i) office.open_ticket(office.demo.blocked, office.demo.operator_);  // more than a page of the queue
  const auto row = [&](SubscriberId id, const std::string& mobile) {
    const auto stored = *office.store.subscriber(id);
    return stored.national_id + "," + stored.given_names + "," + stored.surname + "," + mobile + ",new@ornek.example\n";
  };
  std::istringstream in("national_id,given_names,surname,mobile,email\n" + row(office.demo.blocked, "05000000999") +
                        row(office.demo.active, office.store.subscriber(office.demo.active)->mobile));
  SubscriberImport import{office.store, office.store, office.clock, &office.verification};
  ASSERT_EQ(import.run(office.session_of(office.demo.administrator), in, "people.csv", {})->updated, 2);
  EXPECT_EQ(office.level(moved), 0);
  EXPECT_EQ(office.level(stayed), 2);
}

TEST_F(ImportTest, ReportsEachBadRowWithItsLineAndTakesTheOthers) {
  struct Bad {
    std::string row;
    const char* reason;
  };
  const std::vector<Bad> table = {
      {"12345678901,A,B,,,,,,", "The T.C. Kimlik No is wrong"},
      {",A,B,,,,,,", "{1} is empty."},
      {id(201) + ",,B,,,,,,", "{1} is empty."},
      {id(202) + ",A,-,,,,,,", "{1} is empty."},
      {id(203) + ",A,B,12,,,,,", "The mobile is no telephone number."},
      {id(204) + ",A,B,0262 648 18 18,,,,,", "The mobile is a landline"},
      {id(205) + ",A,B,,nobody,,,,", "The e-mail address is none."},
      {id(206) + ",A,B,,,31.02.1980,,,", "The date of birth is no date."},
      {id(207) + ",A,B,,,,,,perhaps", "portal_blocked is neither"},
      {id(208) + ",A,B,,,,,", "The row has {1} columns"},
      {id(209) + ",A,B,,,,,,,x", "The row has {1} columns"},
      {id(210) + ",\xDE\xFDk,B,,,,,,", "{1} is not UTF-8 text."},  // Windows-1254
      {id(211) + ",A\x01,B,,,,,,", "{1} has a line break"},
      {id(212) + ",\"A\"x,B,,,,,,", "The quotes of this row are wrong."},
      {id(213) + "," + std::string(101, 'a') + ",B,,,,,,", "{1} is too long."},
  };
  std::string csv = header + id(200) + ",Good,First,,,,,,\n";
  for (const Bad& bad : table) csv += bad.row + "\n";
  csv += id(250) + ",Good,Last,,,,,,\n";
  const auto report = run(csv);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->added, 2);
  EXPECT_EQ(report->rows, static_cast<std::int64_t>(table.size()) + 2);
  ASSERT_EQ(report->bad.size(), table.size());
  EXPECT_EQ(report->bad_count, static_cast<std::int64_t>(table.size()));
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(report->bad[i].line, static_cast<std::int64_t>(i) + 3);
    EXPECT_TRUE(report->bad[i].reason.id.starts_with(table[i].reason)) << table[i].row << " -> " << report->bad[i].reason.id;
    for (const auto& argument : report->bad[i].reason.args)  // reasons are shown and kept: no personal data in them
      EXPECT_EQ(argument.find(id(201).substr(0, 7)), std::string::npos);
  }
  EXPECT_TRUE(person(200));
  EXPECT_TRUE(person(250));
  EXPECT_FALSE(person(203));
}

TEST_F(ImportTest, ChangesNothingTheSecondTime) {
  std::string csv = header;
  for (std::uint32_t i = 300; i < 1500; ++i)
    csv += id(i) + ",Hayal,Kişi,0500 000 00 01,kisi@ornek.example,1980-01-02,Hatice,K-" + std::to_string(i) + ",1\n";
  const auto first = run(csv);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->added, 1200);
  EXPECT_EQ(store.records_of(record_type::import_rows).size(), 3u);
  const auto second = run(csv);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->unchanged, 1200);
  EXPECT_EQ(second->added + second->updated + second->bad_count, 0);
  EXPECT_EQ(store.records_of(record_type::import_rows).size(), 3u);
  EXPECT_EQ(store.records_of(record_type::import_ended).size(), 2u);
}

TEST_F(ImportTest, DoesNotUndoAnUnblocking) {
  const std::string csv = header + id(400) + ",Hayal,Kişi,,,,,,1\n";
  ASSERT_TRUE(run(csv));
  const SubscriberId subscriber = person(400)->id;
  ASSERT_TRUE(store.commit([&](Transaction& tx) -> Result<void> {
    PortalAccount account = *tx.portal_account(subscriber);
    account.blocked = false;
    tx.record(record_of(ada, record_type::action_changed));
    tx.save(account);
    return {};
  }));
  ASSERT_TRUE(run(csv));
  EXPECT_FALSE(store.portal_account(subscriber)->blocked);
}

TEST_F(ImportTest, UpdatesWhatDiffersAndLeavesColumnsThatAreNotThere) {
  ASSERT_TRUE(run(header + id(500) + ",Hayal,Kişi,0500 000 05 00,kisi@ornek.example,,Hatice,,\n"));
  const auto report = run("surname;national_id;given_names;email\nYeni;" + id(500) + ";Hayal;\n");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->updated, 1);
  EXPECT_EQ(person(500)->surname, "Yeni");
  EXPECT_EQ(person(500)->email, "");
  EXPECT_EQ(person(500)->mobile, "+905000000500");
  EXPECT_EQ(person(500)->civil.mother_name, "Hatice");
  const auto changed = store.records_of(record_type::subscriber_changed);
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].subject, person(500)->pseudonym);
  EXPECT_EQ(changed[0].fields.at(Tag::detail), "name, email");
}

TEST_F(ImportTest, TakesAnIdenticalDoubleAndRefusesADifferingOne) {
  const std::string row = id(600) + ",Hayal,Kişi,0500 000 06 00,,,,,\n";
  const std::string spelt_otherwise = id(600) + ",Hayal,Kişi,+905000000600,,,,,\n";
  const auto report = run(header + row + spelt_otherwise + id(600) + ",Hayal,Başka,,,,,,\n");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->added, 1);
  EXPECT_EQ(report->unchanged, 1);
  ASSERT_EQ(report->bad.size(), 1u);
  EXPECT_EQ(report->bad[0].line, 4);
  EXPECT_EQ(person(600)->surname, "Kişi");
}

TEST_F(ImportTest, RefusesAFileWhoseHeaderDoesNotFit) {
  for (const char* csv : {"", "\n\n", "national_id,given_names\n", "national_id,given_names,surname,moblie\n",
                          "national_id,given_names,surname,surname\n", "\xFF\xFEn\0", "\"national_id\n"}) {
    EXPECT_EQ(code_of(run(csv)), Code::invalid) << csv;
  }
  EXPECT_TRUE(store.records_of(record_type::import_started).empty());
}

TEST_F(ImportTest, StopsBetweenTwoUnitsAndSaysHowFarItCame) {
  std::string csv = header;
  for (std::uint32_t i = 700; i < 1900; ++i) csv += id(i) + ",Hayal,Kişi,,,,,,\n";
  std::istringstream in(csv);
  const auto report = import.run(yusuf, in, "people.csv", [](std::uint64_t bytes) { return bytes == 0; });
  ASSERT_TRUE(report);
  EXPECT_EQ(report->added, 500);
  EXPECT_EQ(store.records_of(record_type::import_ended).at(0).fields.at(Tag::outcome), "cancelled");
}

TEST_F(ImportTest, SaysWhatIsInWhenTheDiskIsFull) {
  std::string csv = header;
  for (std::uint32_t i = 2000; i < 3200; ++i) csv += id(i) + ",Hayal,Kişi,,,,,,\n";
  store.fail_commits_with({Code::unavailable, tr("The disk is full.")}, 2);  // started and the first unit
  const auto report = run(csv);
  ASSERT_TRUE(report && report->broken_off);
  EXPECT_EQ(report->broken_off->code, Code::unavailable);
  EXPECT_EQ(report->added, 500);
  EXPECT_TRUE(person(2000));
  EXPECT_FALSE(person(2600));
  store.let_commits_succeed();
  EXPECT_EQ(run(csv)->added, 700);
}

TEST_F(ImportTest, IsForAdministratorsOnly) {
  std::istringstream in(header);
  for (const Session& who : {ada, selin, fatma}) EXPECT_EQ(code_of(import.run(who, in, "people.csv", {})), Code::not_permitted);
}

TEST_F(ImportTest, WritesNoPersonalDataIntoItsRecords) {
  ASSERT_TRUE(run(header + id(800) + ",Planted,Kişi,0500 000 08 00,,,,,\n"));
  for (const auto& stored : store.records())
    for (const auto& [tag, value] : stored.record.fields) {
      EXPECT_EQ(value.find("Planted"), std::string::npos);
      EXPECT_EQ(value.find(id(800)), std::string::npos);
      EXPECT_EQ(value.find("500000080"), std::string::npos);
    }
}

}  // namespace
}  // namespace anahtar::core
