// SPDX-License-Identifier: GPL-3.0-or-later
// What comes into the vault while somebody else changes what it was compared with.
#include <gmock/gmock.h>

#include <sstream>

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
    std::istringstream csv("national_id,card_serial,family,kind,value,key_version,kcv\n" + row + "\n");
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

}  // namespace
}  // namespace anahtar::core
