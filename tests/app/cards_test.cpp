// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "app/served_card.h"
#include "support/files.h"

namespace anahtar::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char planted_puk[] = "7351904288", planted_key[] = "0F1E2D3C4B5A69788796A5B4C3D2E1F00123456789ABCDEF";

TEST(Cards, SecretsGoIntoTheVaultAndNowhereElse) {
  Desk desk;
  desk.init_demo();
  const auto file = desk.write("secrets.csv", std::string("national_id,card_serial,family,kind,value,key_version,kcv\n") +
                                                  "10000000146,CARD-1,akis,puk," + planted_puk + ",,\n" +
                                                  "10000000146,CARD-1,gids,admin_key," + planted_key + ",1,\n" +
                                                  "10000000146,CARD-2,gids,admin_key," + planted_key + ",1,000000\n" +
                                                  "10000000078,CARD-3,piv,puk,12345678,,\n");
  const auto imported = desk.as("admin", {"cards", "import-secrets", file.string()});
  EXPECT_EQ(imported.exit, 1) << "two rows are bad";
  EXPECT_THAT(imported.out + imported.err, Not(HasSubstr(planted_puk)));
  const auto again = nlohmann::json::parse(desk.as("admin", {"cards", "import-secrets", file.string(), "--json"}).out);
  EXPECT_EQ(again["added"], 0);
  EXPECT_EQ(again["unchanged"], 2);
  EXPECT_EQ(desk.as("field", {"cards", "import-secrets", file.string()}).exit, 1) << "administrators only";
  std::filesystem::remove(file);
  EXPECT_THAT(files_that_hold(planted_puk, desk.file("")), IsEmpty());
  EXPECT_THAT(files_that_hold(planted_key, desk.file("")), IsEmpty());
  EXPECT_EQ(desk.run({"audit", "verify"}).exit, 0);
}

/// The case of the authority's own handbook: a card of after 2011 without a PUK is unlocked at the desk.
TEST(Cards, ACardWithoutPukGetsANewPinThatIsShownOnce) {
  Desk desk;
  desk.init_demo();
  ASSERT_EQ(desk.run({"demo", "card", "insert", "akis"}).exit, 0);
  struct Remove {
    ~Remove() { desk.run({"demo", "card", "remove"}); }
    Desk& desk;
  } remove{desk};
  const auto shown = desk.json_as("field", {"cards", "show"});
  ASSERT_EQ(shown.size(), 1u);
  EXPECT_EQ(shown[0]["family"], "akis");
  ASSERT_EQ(shown[0]["holder"], 3) << shown;

  const auto opened = desk.json_as("field", {"tickets", "open", "--subscriber", "3", "--cause", "card_locked"});
  const auto ticket = opened["number"].dump();
  const auto seen = desk.write("seen.json", R"({"document": "A03C45678", "photo": "same"})");
  ASSERT_EQ(desk.as("field", {"actions", "run", "verification.identity_card", "--ticket", ticket, "--answers", seen.string()}).exit, 0);
  const auto answers = desk.write("answers.json", R"({"pin": "made"})");
  const std::vector<std::string> unlock = {"actions", "run", "card.unlock", "--ticket", ticket, "--answers", answers.string()};
  const auto unseen = desk.as("field", unlock);
  EXPECT_EQ(unseen.exit, 1) << "a PIN that nobody could be shown must not be made";

  auto with_holder = unlock;
  with_holder.push_back("--holder");
  const auto unlocked = desk.as("field", with_holder);
  EXPECT_EQ(unlocked.exit, 0) << unlocked.err;
  const auto records = desk.json_as("supervisor", {"audit", "list", "--ticket", ticket}).dump();
  EXPECT_THAT(records, HasSubstr("effect.intended"));
  EXPECT_THAT(records, HasSubstr("effect.happened"));
  EXPECT_THAT(records, HasSubstr("New PIN shown to the holder, on the operator's screen"));
  EXPECT_EQ(desk.run({"audit", "verify"}).exit, 0);

  ASSERT_EQ(desk.run({"demo", "card", "remove"}).exit, 0);
  const auto nobody_there = desk.as("field", unlock);
  EXPECT_EQ(nobody_there.exit, 1) << "without a card and without a terminal it does not ask for ever";
  EXPECT_THAT(nobody_there.err, HasSubstr("card"));
}

/// Ctrl+C while the card takes its new PIN: a PIN that nobody was shown would help nobody.
TEST(Cards, AnInterruptedUnlockShowsThePinThatTheCardTook) {
  Desk desk;
  desk.init_demo();
  const auto site = std::filesystem::directory_iterator(desk.file("config") / "anahtar" / "sites")->path();
  const ServedCard card(desk, site, {"gids", "--holder", "10000000214", "--serial", "A2000000000000000000000000000002", "--blocked", "--slow", "150", "--tell"});
  const auto ticket = desk.json_as("field", {"tickets", "open", "--subscriber", "2", "--cause", "card_locked"})["number"].dump();
  const auto seen = desk.write("seen.json", R"({"document": "A02B34567", "photo": "same"})");
  ASSERT_EQ(desk.as("field", {"actions", "run", "verification.identity_card", "--ticket", ticket, "--answers", seen.string()}).exit, 0);
  const auto made = desk.write("made.json", R"({"pin": "made"})");
  auto unlock = desk.start({"actions", "run", "card.unlock", "--ticket", ticket, "--holder", "--answers", made.string(), "--operator", "field"});
  const auto begun = [&] { return std::ranges::any_of(card.told(), [](const ToldCommand& each) { return each.instruction == "87"; }); };
  for (int i = 0; i < 600 && !begun(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ASSERT_TRUE(begun()) << unlock.err();
  unlock.interrupt();
  const auto ended = unlock.wait();
  EXPECT_EQ(ended.exit, 0) << ended.err;
  const auto records = desk.json_as("supervisor", {"audit", "list", "--ticket", ticket}).dump();
  EXPECT_THAT(records, HasSubstr("effect.happened"));
  EXPECT_THAT(records, HasSubstr("card.pin_shown"));
  EXPECT_THAT(records, Not(HasSubstr("card.pin_unseen")));
}

}  // namespace
}  // namespace anahtar::testing
