// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/directory.h"

#include <set>

#include "core/desk_fixture.h"

namespace anahtar::core {
namespace {
using namespace std::chrono_literals;
using Kind = SubscriberQuery::Kind;

TEST(RecogniseQuery, KnowsWhatWasTyped) {
  struct Row {
    const char* typed;
    Kind kind;
    const char* value;
  };
  for (const Row& row : {
           Row{"10000000146", Kind::national_id, "10000000146"},
           Row{" 100 000 001 46 ", Kind::national_id, "10000000146"},
           Row{"0532 123 45 67", Kind::mobile, "+905321234567"},
           Row{"(532) 123/45 67", Kind::mobile, "+905321234567"},
           Row{"+90 532 123 45 67", Kind::mobile, "+905321234567"},
           Row{"+49 30 901820", Kind::mobile, "+4930901820"},
           Row{"ISIK@Ornek.example", Kind::email, "isik@ornek.example"},
           Row{"#12", Kind::id, "12"},
           Row{"#0012", Kind::id, "12"},
           Row{"  IŞIK   Örnek", Kind::name, "isik ornek"},
           Row{"O'Neill-Şen", Kind::name, "o neill sen"},
       }) {
    const auto query = recognise_query(row.typed);
    ASSERT_TRUE(query) << row.typed;
    EXPECT_EQ(query->kind, row.kind) << row.typed;
    EXPECT_EQ(query->value, row.value) << row.typed;
  }
}

TEST(RecogniseQuery, RefusesWhatIsNothing) {
  for (const char* typed : {"", "   ", "10000000147", "123", "#", "#x", "#99999999999999999999", "a@", "@b", "a b@c", "'", "ş",
                            "\xFF\xFF\xFF"})
    EXPECT_EQ(code_of(recognise_query(typed)), Code::invalid) << typed;
  EXPECT_FALSE(recognise_query(std::string(500, 'a')));
}

struct DirectoryTest : DeskTest {
  std::vector<SubscriberId> found(const std::string& typed) {
    const auto lines = directory.find(ada, typed);
    EXPECT_TRUE(lines) << typed;
    std::vector<SubscriberId> ids;
    for (const auto& line : lines.value_or(std::vector<SubscriberLine>{})) ids.push_back(line.id);
    return ids;
  }
  using Ids = std::vector<SubscriberId>;
  SubscriberView view(const Session& who, TicketNumber number) { return *directory.view(who, number, false); }
  static const DataRow& row(const SubscriberView& view, const std::string& id) {
    for (const auto& row : view.rows)
      if (row.id == id) return row;
    throw std::out_of_range(id);
  }
};

TEST_F(DirectoryTest, FindsByEverythingThatACallerMaySay) {
  EXPECT_EQ(found(testing::fictional_national_id(1)), Ids{demo.blocked});
  EXPECT_EQ(found("0500 000 00 01"), Ids{demo.blocked});
  EXPECT_EQ(found("isik@ORNEK.example"), Ids{demo.blocked});
  EXPECT_EQ(found("isik ornek"), Ids{demo.blocked});
  EXPECT_EQ(found("ÖRNEK ışık"), Ids{demo.blocked});
  EXPECT_EQ(found("#" + std::to_string(demo.active)), Ids{demo.active});
  EXPECT_EQ(found("masal"), (Ids{demo.shared_a, demo.shared_b}));
  EXPECT_EQ(found("Masal Ege"), Ids{demo.shared_b});
  EXPECT_EQ(found("nobody here"), Ids{});
}

TEST_F(DirectoryTest, ListsMaskedAndSaysWhereATicketIsOpen) {
  const auto lines = directory.find(ada, "isik ornek");
  ASSERT_TRUE(lines);
  const auto& line = lines->front();
  EXPECT_EQ(line.name, "I••• İ••• Ö•••");
  EXPECT_EQ(line.mobile, "05•• ••• •• 01");
  EXPECT_EQ(line.national_id.substr(0, 3), "100");
  EXPECT_TRUE(line.blocked);
  EXPECT_EQ(line.open_ticket, demo.open);
}

TEST_F(DirectoryTest, RecordsEverySearchAlsoTheEmptyOne) {
  found("isik ornek");
  found("nobody here");
  const auto records = store.records_of(record_type::subscriber_searched);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].fields.at(Tag::query_kind), "name");
  EXPECT_EQ(records[0].fields.at(Tag::count), "1");
  EXPECT_EQ(records[1].fields.at(Tag::count), "0");
  EXPECT_TRUE(is_sealed(Tag::query));
}

TEST_F(DirectoryTest, ShowsNothingThatItCouldNotRecord) {
  store.fail_commits_with({Code::unavailable, tr("The disk is full.")});
  EXPECT_EQ(code_of(directory.find(ada, "isik ornek")), Code::unavailable);
  EXPECT_EQ(code_of(directory.show(ada, demo.blocked)), Code::unavailable);
  EXPECT_EQ(code_of(directory.view(ada, demo.open, true)), Code::unavailable);
}

TEST_F(DirectoryTest, MasksAllOutsideOfATicket) {
  const auto view = directory.show(yusuf, demo.blocked);
  ASSERT_TRUE(view);
  for (const auto& row : view->rows) EXPECT_TRUE(row.masked) << row.id;
  EXPECT_EQ(row(*view, "mother_name").value, "••••");
  EXPECT_TRUE(view->blocked);
  EXPECT_EQ(view->cards.size(), 1u);
  EXPECT_EQ(view->certificates.size(), 1u);
  EXPECT_EQ(store.records_of(record_type::subscriber_viewed).size(), 1u);
  EXPECT_EQ(code_of(directory.show(ada, 9999)), Code::not_found);
}

TEST_F(DirectoryTest, OpensDataForFiveMinutesWithAReason) {
  EXPECT_EQ(code_of(directory.open_data(ada, demo.taken, "  ")), Code::invalid);
  const auto until = directory.open_data(ada, demo.taken, "Caller asks which address is registered");
  ASSERT_TRUE(until);
  EXPECT_EQ(*until, clock.now() + 5min);
  EXPECT_EQ(view(ada, demo.taken).name, "Çağrı Deneme");
  EXPECT_EQ(view(ada, demo.taken).mobile, "0500 000 00 02");
  EXPECT_EQ(view(ada, demo.taken).opened_until, *until);
  EXPECT_EQ(store.records_of(record_type::data_opened).at(0).fields.at(Tag::reason),
            "Caller asks which address is registered");
  clock.advance(5min);
  EXPECT_EQ(view(ada, demo.taken).name, "Ç••• D•••");
  EXPECT_FALSE(view(ada, demo.taken).opened_until);
}

TEST_F(DirectoryTest, OpensDataForThatOperatorOnly) {
  ASSERT_TRUE(directory.open_data(ada, demo.taken, "needed"));
  EXPECT_EQ(view(bora, demo.taken).name, "Ç••• D•••");
  EXPECT_EQ(view(selin, demo.taken).name, "Ç••• D•••");
}

TEST_F(DirectoryTest, OpensDataOnOnesOwnOpenTicketOnly) {
  EXPECT_EQ(code_of(directory.open_data(bora, demo.taken, "curious")), Code::refused);
  EXPECT_EQ(code_of(directory.open_data(ada, demo.open, "curious")), Code::refused);
  EXPECT_EQ(code_of(directory.open_data(ada, demo.closed, "curious")), Code::refused);
  EXPECT_EQ(code_of(directory.open_data(yusuf, demo.taken, "curious")), Code::not_permitted);
  EXPECT_EQ(store.records_of(record_type::action_refused).size(), 4u);
  EXPECT_TRUE(directory.open_data(selin, demo.taken, "complaint"));
}

TEST_F(DirectoryTest, EndsTheOpeningWhenTheTicketIsHandedOver) {
  ASSERT_TRUE(directory.open_data(ada, demo.taken, "needed"));
  ASSERT_TRUE(tickets.hand_over(ada, demo.taken, "bora", ""));
  EXPECT_EQ(view(ada, demo.taken).name, "Ç••• D•••");
}

TEST_F(DirectoryTest, KeepsTheRegistrysAnswersMaskedUntilTheCallerIsVerifiedByMoreThanThem) {
  ASSERT_TRUE(directory.open_data(ada, demo.taken, "needed"));
  const std::set<std::string> answers = {"birth_date",        "birth_place",    "mother_name",   "father_name",
                                         "registry_province", "registry_district", "volume_number", "family_number",
                                         "order_number",      "document_serial"};
  for (const auto& row : view(ada, demo.taken).rows) EXPECT_EQ(row.masked, answers.contains(row.id)) << row.id;
  verify_caller(demo.taken, ada, "registered_mobile");
  for (const auto& row : view(ada, demo.taken).rows) EXPECT_EQ(row.masked, answers.contains(row.id)) << row.id;
  verify_caller(demo.taken, ada);
  for (const auto& row : view(ada, demo.taken).rows)
    EXPECT_EQ(row.masked, row.id == std::string("document_serial")) << row.id << ": that one is read from the card in hand";
  EXPECT_EQ(row(view(ada, demo.taken), "mother_name").value, "Gülşen");
}

TEST_F(DirectoryTest, KeepsAllMaskedForAVerifiedCallerUntilDataAreOpened) {
  verify_caller(demo.taken, ada);
  for (const auto& row : view(ada, demo.taken).rows) EXPECT_TRUE(row.masked) << row.id;
}

TEST_F(DirectoryTest, ForgetsAnExpiredVerification) {
  verify_caller(demo.taken, ada);
  clock.advance(15min);
  ASSERT_TRUE(directory.open_data(ada, demo.taken, "needed"));
  EXPECT_TRUE(row(view(ada, demo.taken), "mother_name").masked);
  EXPECT_FALSE(row(view(ada, demo.taken), "email").masked);
}

TEST_F(DirectoryTest, RecordsAViewOnceWhenAsked) {
  ASSERT_TRUE(directory.view(ada, demo.taken, true));
  ASSERT_TRUE(directory.view(ada, demo.taken, false));
  EXPECT_EQ(store.records_of(record_type::subscriber_viewed).size(), 1u);
}

TEST_F(DirectoryTest, StopsForAnOperatorDisabledInMidSession) {
  ASSERT_TRUE(directory.view(ada, demo.taken, true));
  Operators operators{store, store, store, clock};
  ASSERT_TRUE(operators.disable(yusuf, "ada"));
  EXPECT_EQ(code_of(directory.find(ada, "isik ornek")), Code::not_permitted);
  EXPECT_EQ(code_of(directory.view(ada, demo.taken, false)), Code::not_permitted);
  EXPECT_EQ(code_of(directory.open_data(ada, demo.taken, "needed")), Code::not_permitted);
  EXPECT_EQ(last_refusal(), "session");
}

}  // namespace
}  // namespace anahtar::core
