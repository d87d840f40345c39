// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/openpgp_card.h"

#include "card/emulated/dialogue.h"
#include "crypto/digest.h"

namespace anahtar::card::emulated {
namespace {

using testing::ask;
using testing::ask_whole;
using testing::talk;

constexpr const char* select_openpgp = "00A4040006D2760001240100";
constexpr const char* tries = "00CA00C400";
constexpr const char* wrong_pw1 = "0020008106313131313131";
constexpr const char* right_pw1 = "0020008106313233343536";
constexpr const char* pw3 = "00200083083132333435363738";

TEST(OpenPgpCard, CountsThreeCodesAndUnblocksByTwoOfThem) {
  OpenPgpCard card;
  talk(card, {{"SELECT", select_openpgp, "9000"},
              {"AID", "00CA004F00", "D276000124010304FFFE00BC614E0000 9000"},
              {"three of each", tries, "007F7F7F030303 9000"},
              {"wrong", wrong_pw1, "63C2"},
              {"the use for others shares the counter", "0020008206313131313131", "63C1"},
              {"wrong", wrong_pw1, "63C0"},
              {"blocked", right_pw1, "6983"},
              {"seen", tries, "007F7F7F000303 9000"},
              {"a wrong code", "002C00810E 3030303030303030 363534333231", "6982"},
              {"cost a try", tries, "007F7F7F000203 9000"},
              {"the right code", "002C00810E 3132333435363738 363534333231", "9000"},
              {"full again", tries, "007F7F7F030303 9000"},
              {"the new PIN", "0020008106363534333231", "9000"},
              {"without PW3", "002C028106313233343536", "6982"},
              {"PW3", pw3, "9000"},
              {"after PW3", "002C028106313233343536", "9000"},
              {"the newest PIN", right_pw1, "9000"}});
}

TEST(OpenPgpCard, HasNoCodeUntilTheAdministratorSetsOne) {
  OpenPgpCard card({.no_puk = true});
  talk(card, {{"SELECT", select_openpgp, "9000"}, {"none", tries, "007F7F7F030003 9000"},
              {"unset", "002C00810E 3132333435363738 363534333231", "6982"},
              {"not without PW3", "00DA00D3083132333435363738", "6982"}, {"PW3", pw3, "9000"},
              {"set", "00DA00D3083132333435363738", "9000"}, {"three", tries, "007F7F7F030303 9000"},
              {"works", "002C00810E 3132333435363738 363534333231", "9000"}});
}

TEST(OpenPgpCard, TakesHashesWhereTheHolderTypesPins) {
  OpenPgpCard card({.hashed_pins = true});
  talk(card, {{"SELECT", select_openpgp, "9000"}, {"a plain PIN is wrong", right_pw1, "63C2"}});
  const std::string object = ask(card, "00CA00F900");
  EXPECT_TRUE(object.starts_with("810103820108" "8304000186A0" "84083131313131313131")) << object;
  Bytes once = hex("3131313131313131 313233343536"), all;
  while (all.size() < 100'000) all = std::move(all) + once;
  all.resize(100'000);
  EXPECT_EQ(ask(card, "0020008120" + crypto::hex_encode(crypto::sha256(all))), "9000");
}

TEST(OpenPgpCard, SignsOnceForEachPin) {
  const auto authority = crypto::DemoAuthority::create("Anahtar test root");
  OpenPgpCard card({.holder = make_holder(authority)});
  const std::string sign = "002A9E9A20" + std::string(64, '7') + "00";
  talk(card, {{"SELECT", select_openpgp, "9000"}, {"no PIN", sign.c_str(), "6982"}, {"PIN", right_pw1, "9000"}});
  EXPECT_EQ(ask(card, sign).size(), 2 * 66u);
  talk(card, {{"once", sign.c_str(), "6982"}, {"counted", "00CA007A00", "7A0593030000019000"},
              {"the other use", "0020008206313233343536", "9000"}});
  EXPECT_EQ(ask(card, "0088000020" + std::string(64, '7') + "00").size(), 2 * 66u);
  EXPECT_TRUE(ask(card, "0047810002B60000").starts_with("7F4943864104"));
  EXPECT_TRUE(ask_whole(card, "00CA7F2100").starts_with("3082"));
}

}  // namespace
}  // namespace anahtar::card::emulated
