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

SiteKeyOfVersion a_site() {
  return [master = std::make_shared<crypto::Key>(crypto::Key::random())](int version) { return own_site_key(*master, version); };
}

TEST(StoreCardKeys, AnswerAsTheCipherOfTheChallengesLengthSays) {
  const auto site = a_site();
  const std::string family = "gids", serial = "01";
  const Secret tdes("0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123");
  const auto answer = answer_with_card_key(site, {family, serial, 0, tdes}, "The qufc");
  ASSERT_TRUE(answer);
  EXPECT_EQ(crypto::hex_encode(crypto::view_of(*answer)), "a826fd8ce53b855f") << "the example of SP 800-67";
  const Secret aes("2B7E151628AED2A6ABF7158809CF4F3C");
  const auto block = crypto::hex_decode("6BC1BEE22E409F96E93D7E117393172A");
  const auto other = answer_with_card_key(site, {family, serial, 0, aes}, std::string(crypto::text_of(*block)));
  ASSERT_TRUE(other);
  EXPECT_EQ(crypto::hex_encode(crypto::view_of(*other)), "3ad77bb40d7a3660a89ecaf32466ef97") << "SP 800-38A F.1.1";
  EXPECT_EQ(answer_with_card_key(site, {family, serial, 0, aes}, "short").error().code, Code::invalid);
}

TEST(StoreCardKeys, DeriveAnotherKeyForEveryCardAndVersion) {
  const auto site = a_site();
  const std::string gids = "gids", piv = "piv", one = "01", two = "02";
  const Secret none;
  const auto check = [&](const std::string& family, const std::string& serial, int version) {
    return check_values_of_card_key(site, {family, serial, version, none}).value();
  };
  EXPECT_EQ(check(gids, one, 1), check(gids, one, 1));
  const std::string spelled = "ab-01 cd", bare = "AB01CD";
  EXPECT_EQ(check(gids, spelled, 1), check(gids, bare, 1)) << "it is one card";
  EXPECT_NE(check(gids, one, 1), check(gids, two, 1));
  EXPECT_NE(check(gids, one, 1), check(piv, one, 1));
  EXPECT_NE(check(gids, one, 1), check(gids, one, 2));
}

/// Derived by `openssl kdf`, and once more by hand with another library's AES-CMAC.
TEST(StoreCardKeys, AreDerivedAsTheContractSays) {
  const SiteKeyOfVersion site = [](int) {
    return Secret(std::string(crypto::text_of(*crypto::hex_decode("00112233445566778899AABBCCDDEEFF0F1E2D3C4B5A69788796A5B4C3D2E1F0"))));
  };
  const std::string family = "gids", serial = "A4000000000000000000000000000002";
  const Secret derived, tdes("C36B0D8B5103D16A3832ACF67E98756980C32B29C3B65958"),
      aes("FB41EEA7F3995B5876C70A1FCF035BE2F3ADE64A2C163E4BC1410BD28C4C24FE");
  for (const std::string challenge : {"8 bytes.", "A block of 16 b."})
    EXPECT_EQ(answer_with_card_key(site, {family, serial, 3, derived}, challenge).value(),
              answer_with_card_key(site, {family, serial, 0, challenge.size() == 8 ? tdes : aes}, challenge).value());
}

TEST(StoreCardKeys, AreThoseOfTheImportedSiteKeyOfTheirVersion) {
  TemporarySite temporary;
  {
    Site site = temporary.open();
    const std::string family = "gids", serial = "01";
    const Secret none;
    const auto check = [&](int version) { return value_or_throw(site.card_keys->check_values({family, serial, version, none})); };
    const auto own = std::pair(check(3), check(4));
    CardSiteKey key;
    key.key_version = 3;
    key.kcv = "66E94B";
    key.value = Secret(std::string(32, '0'));
    value_or_throw(site.writer->commit([&](Transaction& unit) -> Result<> {
      unit.save(key);
      unit.record(note());
      return {};
    }));
    EXPECT_NE(check(3), own.first);
    EXPECT_EQ(check(4), own.second);
    EXPECT_EQ(value_or_throw(site.card_keys->check_value_of_site_key(key.value)), "66E94B");
    EXPECT_EQ(site.reader->card_site_key(3)->value.expose(), std::string(32, '0'));
    EXPECT_FALSE(site.reader->card_site_key(4));
  }
  EXPECT_EQ(temporary.verify().verdict, Verdict::intact);
}

/// One for each cipher that a card may want; each from `openssl enc`.
TEST(StoreCardKeys, HaveACheckValueForEachCipherTheyFit) {
  const std::string family = "gids", serial = "A4000000000000000000000000000002";
  const SiteKeyOfVersion site = [](int) {
    return Secret(std::string(crypto::text_of(*crypto::hex_decode("00112233445566778899AABBCCDDEEFF0F1E2D3C4B5A69788796A5B4C3D2E1F0"))));
  };
  const auto values = [&](const char* key) {
    const Secret given{std::string(key)};
    return check_values_of_card_key(site, {family, serial, 3, given}).value();
  };
  using ::testing::ElementsAre;
  EXPECT_THAT(values(""), ElementsAre("B5A433", "10C448"));
  EXPECT_THAT(values("2B7E151628AED2A6ABF7158809CF4F3C"), ElementsAre("86A5F0", "7DF76B"));
  EXPECT_THAT(values("8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B"), ElementsAre("456A28", "22452D"));
  EXPECT_THAT(values("603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4"), ElementsAre("E568F6"));
}

TEST(StoreCardKeys, TakeDegenerateKeysOfTheFieldAndRefuseWhatIsNoKey) {
  const auto site = a_site();
  const std::string family = "gids", serial = "01";
  const Secret degenerate("010203040506070801020304050607080102030405060708"), no_hex("no key at all"), too_short("0102");
  EXPECT_TRUE(check_values_of_card_key(site, {family, serial, 0, degenerate}));
  EXPECT_FALSE(check_values_of_card_key(site, {family, serial, 0, no_hex}));
  EXPECT_FALSE(check_values_of_card_key(site, {family, serial, 0, too_short}));
}

}  // namespace
}  // namespace anahtar::store::testing
