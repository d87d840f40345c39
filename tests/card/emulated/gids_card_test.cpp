// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/gids_card.h"

#include "card/emulated/dialogue.h"
#include "crypto/card_cipher.h"

namespace anahtar::card::emulated {
namespace {

using testing::ask;
using testing::ask_whole;
using testing::talk;

constexpr const char* select_gids = "00A4040009A0000003974254465900";
constexpr const char* counters = "00CB3FFF045C027F7100";
constexpr const char* choose_admin = "002281A403830180";
constexpr const char* challenge_please = "00870000047C02810000";
constexpr const char* new_pin = "002C02800A 36353433323130393837";

/// The right answer to the challenge that the card gives now.
std::string response_to(EmulatedCard& card) {
  const std::string given = ask(card, challenge_please);
  EXPECT_TRUE(given.starts_with("7C0A8108") && given.ends_with("9000")) << given;
  const Bytes challenge = hex(given.substr(8, 16));
  return "008700000C7C0A8208" + crypto::hex_encode(crypto::tdes_ecb(crypto::Direction::encrypt, default_admin_key(), challenge)) + "00";
}

TEST(GidsCard, CountsInAnObjectAndBlocks) {
  GidsCard card;
  talk(card, {{"SELECT", select_gids, "61124F0BA0000003974254465902017303 4001C0 9000"},
              {"three of three", counters, "7F71069701039301039000"},
              {"wrong", "0020008006313131313131", "63C2"},
              {"two of three", counters, "7F71069701029301039000"},
              {"too short: costs nothing", "0020008003313131", "63C2"},
              {"right", "0020008006313233343536", "9000"},
              {"refilled", counters, "7F71069701039301039000"},
              {"verified", "00200080", "9000"},
              {"logged out", "00200082", "9000"},
              {"not verified", "00200080", "63C3"},
              {"wrong", "0020008006313131313131", "63C2"},
              {"wrong", "0020008006313131313131", "63C1"},
              {"wrong", "0020008006313131313131", "63C0"},
              {"blocked", "0020008006313233343536", "6983"},
              {"none left", counters, "7F71069701009301039000"},
              {"there is no PUK", "00CB3FFF045C027F7300", "6A88"},
              {"there is no PUK", "002C00800E3132333435363738363534333231", "6A88"}});
}

TEST(GidsCard, UnblocksOnceAfterTheAdministratorsResponse) {
  GidsCard card({.pin_blocked = true});
  talk(card, {{"SELECT", select_gids, "…9000"}, {"without proof", new_pin, "6982"}, {"no key chosen", challenge_please, "6985"},
              {"MSE", choose_admin, "9000"}});
  EXPECT_EQ(ask(card, response_to(card)), "9000");
  talk(card, {{"unblocked", new_pin, "9000"}, {"full again", counters, "7F71069701039301039000"}, {"used up", new_pin, "6982"},
              {"the new PIN", "002000800A36353433323130393837", "9000"}});
}

TEST(GidsCard, LosesTheChallengeByASelect) {
  GidsCard card({.pin_blocked = true});
  talk(card, {{"SELECT", select_gids, "…9000"}, {"MSE", choose_admin, "9000"}});
  const std::string response = response_to(card);
  talk(card, {{"SELECT", select_gids, "…9000"}, {"MSE", choose_admin, "9000"}, {"lost", response.c_str(), "6985"}});
  response_to(card);
  talk(card, {{"an old response", response.c_str(), "6982"}, {"a challenge is good for one", response.c_str(), "6985"}});
}

TEST(GidsCard, DiesForGoodWhenTheAdministratorsTriesAreCounted) {
  GidsCard card({.pin_blocked = true, .admin_tries = 2});
  talk(card, {{"SELECT", select_gids, "…9000"}, {"MSE", choose_admin, "9000"}});
  for (int i = 0; i < 2; ++i) {
    response_to(card);
    EXPECT_EQ(ask(card, "008700000C7C0A8208000000000000000000"), "6982");
  }
  talk(card, {{"dead", challenge_please, "6983"}, {"reset", "reset", ""}, {"SELECT", select_gids, "…9000"},
              {"MSE", choose_admin, "9000"}, {"still dead", challenge_please, "6983"}});
}

TEST(GidsCard, ListsItsFilesAndItsCertificate) {
  const auto authority = crypto::DemoAuthority::create("Anahtar test root");
  GidsCard card({.holder = make_holder(authority)});
  talk(card, {{"SELECT", select_gids, "…9000"}, {"cardid", "00CBA012045C02DF2000", "DF2010A1B2C3D4E5F60718293A4B5C6D7E8F909000"},
              {"none such", "00CBA010045C02DF3000", "6A82"}});
  const std::string master = ask(card, "00CBA000045C02DF1F00");
  EXPECT_TRUE(master.starts_with("DF1F81A901")) << master;
  EXPECT_NE(master.find("6B78633030"), std::string::npos) << "kxc00";
  const std::string packed = ask_whole(card, "00CBA010045C02DF2400");
  EXPECT_TRUE(packed.starts_with("DF2482")) << packed;
  EXPECT_EQ(packed.substr(10, 4), "0100");
}

}  // namespace
}  // namespace anahtar::card::emulated
