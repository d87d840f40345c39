// SPDX-License-Identifier: GPL-3.0-or-later
// An authority derived the keys of its cards from a key of its own, and brings that here.
#include <gmock/gmock.h>

#include "app/served_card.h"
#include "crypto/base64.h"
#include "support/files.h"

namespace anahtar::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// `openssl kdf` derived the card's key of version 3 from the site key, and `openssl enc` gave both check values.
constexpr char site_key[] = "00112233445566778899AABBCCDDEEFF0F1E2D3C4B5A69788796A5B4C3D2E1F0", site_kcv[] = "04BFBB";
constexpr char one_component[] = "A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5",
               other_component[] = "a5b48796e1f0c3d22d3c0f1e69784b5aaabb8899eeffccdd2233001166774455";
constexpr char serial[] = "A4000000000000000000000000000002", card_key[] = "C36B0D8B5103D16A3832ACF67E98756980C32B29C3B65958",
               card_kcv[] = "B5A433", aes_card_kcv[] = "10C448";
constexpr char holder[] = "10000000450", holder_id[] = "4", document[] = "A04D56789";

class CardSiteKeys : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(desk.init_demo()); }

  Ended import(const std::string& version, const std::string& kcv, const std::string& components, const std::string& who = "admin") {
    const auto file = desk.write("components", components);
    auto ended = desk.as(who, {"cards", "import-site-key", "--version", version, "--kcv", kcv, "--file", file.string()});
    std::filesystem::remove(file);
    return ended;
  }
  Ended register_card(const std::string& version, const std::string& kcv) {
    const auto file = desk.write("cards.csv", "national_id,card_serial,family,kind,value,key_version,kcv\n" + std::string(holder) + "," + serial +
                                                  ",gids,derived_key,," + version + "," + kcv + "\n");
    return desk.as("admin", {"cards", "import-secrets", file.string()});
  }
  std::string ticket_of_the_verified_holder() {
    const auto ticket = desk.json_as("field", {"tickets", "open", "--subscriber", holder_id, "--cause", "card_locked", "--channel", "desk"})["number"].dump();
    const auto seen = desk.write("seen.json", nlohmann::json{{"document", document}, {"photo", "same"}}.dump());
    const auto ended = desk.as("field", {"actions", "run", "verification.identity_card", "--ticket", ticket, "--answers", seen.string()});
    EXPECT_EQ(ended.exit, 0) << ended.err;
    return ticket;
  }
  std::filesystem::path site() const { return std::filesystem::directory_iterator(desk.file("config") / "anahtar" / "sites")->path(); }
  Desk desk;
};

TEST_F(CardSiteKeys, UnlockTheCardsOfTheAuthority) {
  ASSERT_EQ(import("3", site_kcv, std::string(site_key) + "\n").exit, 0);
  const auto registered = register_card("3", card_kcv);
  ASSERT_EQ(registered.exit, 0) << registered.out;
  const ServedCard card(desk, site(), {"gids", "--holder", holder, "--serial", serial, "--blocked", "--admin-key", card_key});
  const auto ticket = ticket_of_the_verified_holder();
  const auto made = desk.write("made.json", R"({"pin": "made"})");
  const auto unlocked = desk.as("field", {"actions", "run", "card.unlock", "--ticket", ticket, "--holder", "--answers", made.string()});
  EXPECT_EQ(unlocked.exit, 0) << unlocked.err;
  EXPECT_EQ(desk.run({"audit", "verify"}).exit, 0);
}

TEST_F(CardSiteKeys, AreNeverWrittenInTheClear) {
  ASSERT_EQ(import("3", site_kcv, std::string(site_key) + "\n").exit, 0);
  ASSERT_EQ(register_card("3", card_kcv).exit, 0);
  const auto records = desk.json_as("supervisor", {"audit", "list"}).dump();
  EXPECT_THAT(records, HasSubstr("card.site_key_added"));
  EXPECT_THAT(records, HasSubstr(site_kcv));
  EXPECT_THAT(records, Not(HasSubstr(site_key)));
  for (const std::string key : {site_key, card_key})
    for (const std::string& spelled : {key, std::string(crypto::text_of(*crypto::hex_decode(key)))})
      EXPECT_THAT(files_that_hold(spelled, desk.file("")), IsEmpty());
  EXPECT_THAT(files_that_hold(site_kcv, desk.file("")), Not(IsEmpty())) << "the search finds what is there";
}

TEST_F(CardSiteKeys, ComeInWholeOrNotAtAll) {
  EXPECT_THAT(import("3", "04BFBC", site_key).err, HasSubstr("check value is another one"));
  EXPECT_THAT(import("3", site_kcv, "00112233").err, HasSubstr("16, 24 or 32 bytes"));
  EXPECT_THAT(import("3", site_kcv, std::string(site_key) + "\n0011223344556677AABBCCDDEEFF0011").err, HasSubstr("same length"));
  EXPECT_THAT(import("3", site_kcv, "").err, HasSubstr("holds nothing"));
  for (const char* who : {"field", "operator", "supervisor"})
    EXPECT_THAT(import("3", site_kcv, site_key, who).err, HasSubstr("Your role may not do this"));
  EXPECT_EQ(desk.json_as("admin", {"cards", "site-keys"}), nlohmann::json::array());
}

TEST_F(CardSiteKeys, StayWhatTheyAre) {
  ASSERT_EQ(import("3", site_kcv, site_key).exit, 0);
  EXPECT_THAT(import("3", site_kcv, site_key).out, HasSubstr("was in the vault already"));
  const std::string zeros(32, '0');
  EXPECT_THAT(import("3", "66E94B", zeros).err, HasSubstr("is another key (check value 04BFBB)"));
  EXPECT_EQ(import("4", "66E94B", zeros).exit, 0);
  const auto listed = desk.json_as("supervisor", {"cards", "site-keys"});
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0]["kcv"], site_kcv);
  EXPECT_EQ(listed[0]["imported_by"], "admin");
  EXPECT_EQ(listed[1]["kcv"], "66E94B");
}

/// The key of an AES card is another one, with a check value of its own.
TEST_F(CardSiteKeys, GiveTheKeysOfCardsThatWantAes) {
  ASSERT_EQ(import("3", site_kcv, site_key).exit, 0);
  EXPECT_EQ(register_card("3", "B5A434").exit, 1);
  const auto registered = register_card("3", aes_card_kcv);
  EXPECT_EQ(registered.exit, 0) << registered.out;
}

/// A card's key is the newest that was registered.
TEST_F(CardSiteKeys, TakeAVersionThatCardsHadOnce) {
  ASSERT_EQ(register_card("3", "").exit, 0);
  ASSERT_EQ(register_card("4", "").exit, 0);
  const auto listed = desk.json_as("supervisor", {"cards", "site-keys"});
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["key_version"], 4);
  EXPECT_EQ(import("3", site_kcv, site_key).exit, 0);
  EXPECT_EQ(import("4", site_kcv, site_key).exit, 1);
}

TEST_F(CardSiteKeys, AreTypedOrInAFileAndNotBoth) {
  const auto file = desk.write("components", site_key);
  const auto ended = desk.as("admin", {"cards", "import-site-key", "--version", "3", "--kcv", site_kcv, "--components", "2", "--file", file.string()});
  EXPECT_EQ(ended.exit, 2) << ended.out;
}

/// Else those cards would answer to a key that nobody gave them.
TEST_F(CardSiteKeys, TakeNoVersionThatCardsOfThisSiteHave) {
  ASSERT_EQ(register_card("3", "").exit, 0);
  EXPECT_THAT(import("3", site_kcv, site_key).err, HasSubstr("own key of version 3"));
  const auto listed = desk.json_as("admin", {"cards", "site-keys"});
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_TRUE(listed[0]["imported"].is_null());
  EXPECT_EQ(listed[0]["cards"], 1);
}

TEST_F(CardSiteKeys, AreTypedInComponents) {
  auto environment = desk.environment;
  environment["ANAHTAR_PASSWORD_FILE"] = desk.write("password", "anahtar-demo\n").string();
  Program program(desk.file(""), {ANAHTARCTL, "cards", "import-site-key", "--version", "3", "--kcv", site_kcv, "--components", "2", "--operator", "admin"},
                  environment, Program::Input::terminal);
  ASSERT_TRUE(program.says_next("Component 1 of 2 (hexadecimal digits): "));
  program.type(one_component);
  ASSERT_TRUE(program.says_next("Check value of component 1: 3E9661"));
  ASSERT_TRUE(program.says_next("Component 2 of 2 (hexadecimal digits): "));
  program.type(other_component);
  ASSERT_TRUE(program.says_next("Check value of component 2: FAB3F2"));
  const auto ended = program.wait();
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(program.echoed(), Not(HasSubstr(other_component)));
  EXPECT_EQ(desk.json_as("admin", {"cards", "site-keys"})[0]["kcv"], site_kcv);
}

}  // namespace
}  // namespace anahtar::testing
