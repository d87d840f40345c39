// SPDX-License-Identifier: GPL-3.0-or-later
// What comes into the vault while somebody else changes what it was compared with.
#include <gmock/gmock.h>

#include <sstream>

#include "core/card_facts.h"
#include "core/card_room.h"
#include "desk_fixture.h"
#include "support/fake_cards.h"

namespace anahtar::core {
namespace {

struct CardSecretImport : DeskTest {
  /// Somebody's site key comes in right after a check value was computed without it.
  struct Keys : testing::FakeCardKeys {
    explicit Keys(testing::MemoryStore& store) : store(store) {}
    Result<std::vector<std::string>> check_values(const CardKeyRef&) override {
      if (imports) import_once();
      return std::vector<std::string>{kcv};
    }
    void import_once() {
      imports = false;
      value_or_throw(store.commit([&](Transaction& tx) -> Result<> {
        CardSiteKey key{.key_version = 3, .kcv = "04BFBB", .value = Secret("00112233445566778899AABBCCDDEEFF")};
        tx.record({"test.changed", "", "", "", "", {}});
        tx.save(key);
        return {};
      }));
    }
    testing::MemoryStore& store;
    bool imports = true;
    std::string kcv = "A1B2C3";
  };

  Result<ImportReport> import(const std::string& row) {
    return import_file("national_id,card_serial,family,kind,value,key_version,kcv\n" + row + "\n");
  }
  Result<ImportReport> import_file(const std::string& text) {
    std::istringstream csv(text);
    return room.import_secrets(yusuf, csv, "cards.csv");
  }

  testing::FakeCardDesk readers;
  Keys keys{store};
  CardRoom room{store, store, directory, readers, &keys, clock};
  std::string holder = store.subscriber(demo.blocked)->national_id;
};

TEST_F(CardSecretImport, TakesNoDerivedKeyWhoseSiteKeyCameInBetween) {
  const auto first = import(holder + ",CARD-1,gids,derived_key,,3,A1B2C3");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->added, 0);
  ASSERT_EQ(first->bad.size(), 1u);
  EXPECT_THAT(first->bad.front().reason.id, ::testing::HasSubstr("once more"));
  EXPECT_TRUE(store.card_secrets(demo.blocked).empty());

  const auto again = import(holder + ",CARD-1,gids,derived_key,,3,A1B2C3");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->added, 1);
}

TEST_F(CardSecretImport, TakesACardsOwnKeyAllTheSame) {
  const auto taken = import(holder + ",CARD-1,gids,admin_key,2B7E151628AED2A6ABF7158809CF4F3C,,");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->added, 1);
}

TEST_F(CardSecretImport, NeverQuotesAFirstLineThatIsNoHeader) {
  for (const char* text : {"73910264,10000000146,CARD-1,akis,puk\n", "10000000146\tCARD-1\takis\tpuk\t73910264\n"}) {
    const auto refused = import_file(text);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::invalid);
    for (const std::string& argument : refused.error().sentence.args) EXPECT_EQ(argument.find("73910264"), std::string::npos);
  }
}

TEST_F(CardSecretImport, TakesNoColumnTwiceAndNoRowThatIsWiderThanItsHeader) {
  EXPECT_EQ(import_file("national_id,card_serial,kind,value,value\n").error().code, Code::invalid);
  const auto wide = import_file("national_id,card_serial,kind,value\n" + holder + ",CARD-1,puk,12345678,9\n");
  ASSERT_TRUE(wide);
  EXPECT_EQ(wide->bad_count, 1);
}

TEST_F(CardSecretImport, TakesNothingThatNoCardCouldHave) {
  for (const char* row : {"CARD-1,akis,puk,1.23E+07,,", "CARD-1,akis,puk,=A1+A2,,", "CARD-1,akis,puk,1234\x01,,",
                          "CARD-1,akis,puk,şifre123,,", "CARD\x01,akis,puk,12345678,,"}) {
    const auto report = import(holder + "," + row);
    ASSERT_TRUE(report) << row;
    EXPECT_EQ(report->bad_count, 1) << row;
  }
  const auto serial = import(holder + "," + std::string(65, '7') + ",akis,puk,12345678,,");
  EXPECT_EQ(serial->bad_count, 1);
  EXPECT_TRUE(store.card_secrets(demo.blocked).empty());
  EXPECT_EQ(import(holder + ",CARD-1,akis,puk,12345678,,")->added, 1);
}

TEST_F(CardSecretImport, TakesNoFamilyThatNoCardIsOfAndNamesThoseThatThereAre) {
  for (const char* row : {"CARD-1,PIV,puk,12345678,,", "CARD-1,12345678,puk,akis,,", "CARD-1,,derived_key,,3,"}) {
    const auto report = import(holder + "," + row);
    ASSERT_EQ(report->bad_count, 1) << row;
    EXPECT_EQ(report->bad.front().reason.args, (std::vector<std::string>{"piv, gids, openpgp, akis, iso"})) << row;
  }
  EXPECT_EQ(import(holder + ",CARD-1,,puk,12345678,,")->added, 1) << "a PUK counts whatever the family is";
}

TEST_F(CardSecretImport, TakesNoPukThatNoCardOfTheFamilyCouldHave) {
  const auto longer = import(holder + ",CARD-1,piv,puk,123456789,,");
  ASSERT_EQ(longer->bad_count, 1);
  EXPECT_EQ(longer->bad.front().reason.args, std::vector<std::string>{"8"});
  EXPECT_EQ(import(holder + ",CARD-1,openpgp,puk,12345678,,")->bad_count, 1);
  EXPECT_EQ(import(holder + ",CARD-1,akis,puk,123456789,,")->added, 1);
}

TEST_F(CardSecretImport, TakesAKeyThatTheCardRefusedOnceMore) {
  const std::string row = holder + ",CARD-1,gids,admin_key,2B7E151628AED2A6ABF7158809CF4F3C,,";
  ASSERT_EQ(import(row)->added, 1);
  EXPECT_EQ(import(row)->unchanged, 1);
  value_or_throw(store.commit([&](Transaction& tx) -> Result<> {
    auto refused = copy_of(tx.card_secrets(demo.blocked).front());
    refused.spent = true;
    tx.record({"test.changed", "", "", "", "", {}});
    tx.save(refused);
    return {};
  }));
  EXPECT_EQ(import(row)->added, 1);
  const auto held = store.card_secrets(demo.blocked);
  const CardSecret* const again = secret_for(UnlockWay::admin_key, held, "CARD-1");
  ASSERT_NE(again, nullptr);
  EXPECT_GT(again->answers, 0) << "it would be sent again without a question";
  EXPECT_EQ(import(row)->unchanged, 1);
}

TEST_F(CardSecretImport, LeavesAPukThatTheCardRefusedToldAsSuch) {
  ASSERT_EQ(import(holder + ",CARD-1,piv,puk,12345678,,")->added, 1);
  value_or_throw(store.commit([&](Transaction& tx) -> Result<> {
    Card card{0, demo.blocked, "CARD-1", "PIV", "locked", ""};
    tx.save(card);
    auto refused = copy_of(tx.card_secrets(demo.blocked).front());
    refused.answers = 1;
    tx.record({"test.changed", "", "", "", "", {}});
    tx.save(refused);
    return {};
  }));
  const auto cards = room.cards_of(fatma, demo.blocked);
  ASSERT_TRUE(cards);
  const auto found = std::ranges::find(*cards, "CARD-1", [](const RegisteredCard& each) { return each.card.serial; });
  ASSERT_NE(found, cards->end());
  EXPECT_TRUE(found->puk_held && found->puk_refused);
}

TEST_F(CardSecretImport, DoesNotCoverThePukThatTheCardHasNowWithTheOneOfBefore) {
  ASSERT_EQ(import(holder + ",CARD-1,piv,puk,12345678,,")->added, 1);
  ASSERT_EQ(import(holder + ",CARD-1,piv,puk,87654321,,")->added, 1);
  const auto again = import(holder + ",CARD-1,piv,puk,12345678,,");
  EXPECT_EQ(again->added, 0);
  ASSERT_EQ(again->bad_count, 1);
  EXPECT_THAT(again->bad.front().reason.id, ::testing::HasSubstr("another PUK since"));
  EXPECT_EQ(store.card_secrets(demo.blocked).back().value.expose(), "87654321");
}

TEST_F(CardSecretImport, SaysWhatIsInWhenTheDiskIsFull) {
  store.fail_commits_with({Code::unavailable, tr("The disk is full.")}, 1);  // the first row
  const auto report = import(holder + ",CARD-1,akis,puk,12345678,,\n" + holder + ",CARD-2,akis,puk,12345678,,");
  ASSERT_TRUE(report && report->broken_off);
  EXPECT_EQ(report->broken_off->code, Code::unavailable);
  EXPECT_EQ(report->added, 1);
}

}  // namespace
}  // namespace anahtar::core
