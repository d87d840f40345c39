// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "crypto/base64.h"
#include "crypto/card_cipher.h"
#include "store/card_keys.h"
#include "store/store_fixture.h"

namespace anahtar::store::testing {
namespace {

using namespace core;

constexpr char puk[] = "PUK-7351904288";

CardSecret secret_of(SubscriberId holder, const std::string& kind, const std::string& value) {
  CardSecret secret;
  secret.subscriber = holder;
  secret.family = "gids";
  secret.card_serial = "SERIAL-4711AB";
  secret.kind = kind;
  secret.key_version = 2;
  secret.added = Time(std::chrono::seconds(1'700'000'000));
  secret.value = Secret(std::string(value));
  return secret;
}

void save(Site& site, CardSecret secret) {
  value_or_throw(site.writer->commit([&](Transaction& unit) -> Result<> {
    unit.save(secret);
    unit.record(note());
    return {};
  }));
}

TEST(StoreCardSecrets, AreKeptSealedAndBoundToTheLog) {
  TemporarySite temporary;
  {
    Site site = temporary.open();
    const auto holder = saved(site, ayse()).id;
    save(site, secret_of(holder, "puk", puk));
    save(site, secret_of(holder, "derived_key", ""));
    const auto found = site.reader->card_secrets(holder);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].value.expose(), puk);
    EXPECT_EQ(found[0].card_serial, "SERIAL-4711AB");
    EXPECT_TRUE(found[1].value.empty());
    EXPECT_EQ(found[1].key_version, 2);
    EXPECT_TRUE(site.reader->card_secrets(holder + 1).empty());
    for (const auto& file : {temporary.file(), std::filesystem::path(temporary.file().string() + "-wal")}) {
      EXPECT_EQ(content_of(file).find(puk), std::string::npos) << file;
      EXPECT_EQ(content_of(file).find("SERIAL-4711AB"), std::string::npos) << file;
    }
  }
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
}

TEST(StoreCardKeys, AnswerAsTheCipherOfTheChallengesLengthSays) {
  const crypto::Key master = crypto::Key::random();
  const std::string family = "gids", serial = "01";
  const Secret tdes("0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123");
  const auto answer = answer_with_card_key(master, {family, serial, 0, tdes}, "The qufc");
  ASSERT_TRUE(answer);
  EXPECT_EQ(crypto::hex_encode(crypto::view_of(*answer)), "a826fd8ce53b855f") << "the example of SP 800-67";
  const Secret aes("2B7E151628AED2A6ABF7158809CF4F3C");
  const auto block = crypto::hex_decode("6BC1BEE22E409F96E93D7E117393172A");
  const auto other = answer_with_card_key(master, {family, serial, 0, aes}, std::string(crypto::text_of(*block)));
  ASSERT_TRUE(other);
  EXPECT_EQ(crypto::hex_encode(crypto::view_of(*other)), "3ad77bb40d7a3660a89ecaf32466ef97") << "SP 800-38A F.1.1";
  EXPECT_EQ(answer_with_card_key(master, {family, serial, 0, aes}, "short").error().code, Code::invalid);
}

TEST(StoreCardKeys, DeriveAnotherKeyForEveryCardAndVersion) {
  const crypto::Key master = crypto::Key::random();
  const std::string gids = "gids", piv = "piv", one = "01", two = "02";
  const Secret none;
  const auto check = [&](const std::string& family, const std::string& serial, int version) {
    return check_value_of_card_key(master, {family, serial, version, none}).value();
  };
  EXPECT_EQ(check(gids, one, 1), check(gids, one, 1));
  EXPECT_NE(check(gids, one, 1), check(gids, two, 1));
  EXPECT_NE(check(gids, one, 1), check(piv, one, 1));
  EXPECT_NE(check(gids, one, 1), check(gids, one, 2));
}

TEST(StoreCardKeys, TakeDegenerateKeysOfTheFieldAndRefuseWhatIsNoKey) {
  const crypto::Key master = crypto::Key::random();
  const std::string family = "gids", serial = "01";
  const Secret degenerate("010203040506070801020304050607080102030405060708"), no_hex("no key at all"), too_short("0102");
  EXPECT_TRUE(check_value_of_card_key(master, {family, serial, 0, degenerate}));
  EXPECT_FALSE(check_value_of_card_key(master, {family, serial, 0, no_hex}));
  EXPECT_FALSE(check_value_of_card_key(master, {family, serial, 0, too_short}));
}

}  // namespace
}  // namespace anahtar::store::testing
