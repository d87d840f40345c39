// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/piv_card.h"

#include "card/emulated/dialogue.h"
#include "crypto/card_cipher.h"

namespace anahtar::card::emulated {
namespace {

using testing::ask;
using testing::ask_whole;
using testing::talk;

constexpr const char* select_piv = "00A404000BA00000030800001000010000";
constexpr const char* right_pin = "0020008008 313233343536FFFF";
constexpr const char* wrong_pin = "0020008008 313131313131FFFF";
constexpr const char* unblock = "002C008010 3132333435363738 363534333231FFFF";
constexpr const char* wrong_puk = "002C008010 3030303030303030 363534333231FFFF";

const crypto::DemoAuthority& authority() {
  static const auto made = crypto::DemoAuthority::create("Anahtar test root");
  return made;
}

TEST(PivCard, CountsWrongPinsBlocksAndUnblocksWithThePuk) {
  PivCard card;
  talk(card, {{"nothing works before SELECT", "00200080", "6D00"},
              {"SELECT", select_piv, "…9000"},
              {"three tries", "00200080", "63C3"},
              {"wrong", wrong_pin, "63C2"},
              {"right refills", right_pin, "9000"},
              {"verified", "00200080", "9000"},
              {"logged out", "0020FF80", "9000"},
              {"three again", "00200080", "63C3"},
              {"malformed costs nothing", "0020008006 313233343536", "6A80"},
              {"letters cost nothing", "0020008008 41424344454647FF", "6A80"},
              {"wrong", wrong_pin, "63C2"},
              {"wrong", wrong_pin, "63C1"},
              {"wrong", wrong_pin, "63C0"},
              {"blocked", right_pin, "6983"},
              {"blocked", "00200080", "6983"},
              {"a wrong PUK", wrong_puk, "63C2"},
              {"a new PIN that is none costs no PUK try", "002C008010 3132333435363738 3635FFFFFFFFFFFF", "6A80"},
              {"a wrong PUK", wrong_puk, "63C1"},
              {"the right PUK", unblock, "9000"},
              {"three tries", "00200080", "63C3"},
              {"the new PIN", "0020008008 363534333231FFFF", "9000"}});
}

TEST(PivCard, ForgetsOnResetWhatWasVerifiedAndNothingElse) {
  PivCard card;
  talk(card, {{"SELECT", select_piv, "…9000"}, {"wrong", wrong_pin, "63C2"}, {"reset", "reset", ""},
              {"SELECT", select_piv, "…9000"}, {"the count stays", "00200080", "63C2"}, {"right", right_pin, "9000"},
              {"reset", "reset", ""}, {"SELECT", select_piv, "…9000"}, {"not verified", "00200080", "63C3"}});
}

TEST(PivCard, ChangesPinAndPuk) {
  PivCard card;
  talk(card, {{"SELECT", select_piv, "…9000"},
              {"wrong old PIN", "0024008010 313131313131FFFF 363534333231FFFF", "63C2"},
              {"PIN", "0024008010 313233343536FFFF 363534333231FFFF", "9000"},
              {"wrong old PUK", "0024008110 3030303030303030 3837363534333231", "63C2"},
              {"PUK", "0024008110 3132333435363738 3837363534333231", "9000"},
              {"the old PUK is none now", unblock, "63C2"},
              {"the new one is", "002C008010 3837363534333231 313233343536FFFF", "9000"}});
}

TEST(PivCard, LosesItsKeysWhenTheOptionSaysSo) {
  CardOptions options{.pin_blocked = true, .holder = make_holder(authority()), .last_try_says_blocked = true,
                      .erases_when_exhausted = true};
  PivCard card(options);
  talk(card, {{"SELECT", select_piv, "…9000"}, {"a wrong PUK", wrong_puk, "63C2"}, {"a wrong PUK", wrong_puk, "63C1"},
              {"the certificate is there", "00CB3FFF055C035FC10500", "…"},
              {"the last wrong PUK", wrong_puk, "6983"},
              {"the certificate is gone", "00CB3FFF055C035FC10500", "6A82"}});
}

TEST(PivCard, GivesItsObjects) {
  PivCard card({.holder = make_holder(authority())});
  talk(card, {{"SELECT", select_piv, "6127 4F06000010000100 7907 4F05A000000308 5014416E616874617220656D756C6174656420504956 9000"},
              {"serial", "00F8000000", "00BC614E9000"},
              {"version", "00FD000000", "0502079000"},
              {"discovery", "00CB3FFF035C017E00", "7E124F0BA00000030800001000010 05F2F024000 9000"},
              {"none such", "00CB3FFF055C035FC10900", "6A82"}});
  const std::string chui = ask(card, "00CB3FFF055C035FC10200");
  EXPECT_TRUE(chui.starts_with("533B3019D4E739DA739CED39CE739DA1685A1082108CE73984108CE3FC3410")) << chui;
  const std::string certificate = ask_whole(card, "00CB3FFF055C035FC10500");
  EXPECT_TRUE(certificate.starts_with("5382") && certificate.ends_with("710100FE009000")) << certificate;
  EXPECT_EQ(ask(card, "00CB3FFF055C035FC1050000").substr(0, 4), "6700") << "no length fits";
}

TEST(PivCard, AnswersInPiecesOrAtOnceAsTheReaderAsks) {
  PivCard card({.holder = make_holder(authority())});
  ask(card, select_piv);
  const std::string extended = ask(card, "00CB3FFF0000055C035FC1050000");
  EXPECT_GT(extended.size(), 2 * 258u);
  EXPECT_EQ(ask_whole(card, "00CB3FFF055C035FC10500"), extended);
  const std::string first = ask(card, "00CB3FFF055C035FC10500");
  EXPECT_EQ(first.size(), 2 * 258u);
  EXPECT_EQ(first.substr(512, 2), "61");
  talk(card, {{"another command ends the rest", "00200080", "63C3"}, {"nothing is left", "00C0000000", "6985"}});
}

TEST(PivCard, TellsThePuksTriesWhenTheOptionSaysSo) {
  PivCard card({.tells_puk_tries = true});
  talk(card, {{"SELECT", select_piv, "…9000"}, {"a newer version", "00FD000000", "0504039000"}, {"a wrong PUK", wrong_puk, "63C2"},
              {"seen", "00F7008100", "0101FF 050101 06020302 9000"}, {"nobody else's", "00F7009B00", "6A88"}});
}

TEST(PivCard, SpeaksT0) {
  PivCard card({.t0 = true});
  EXPECT_EQ(ask(card, select_piv), "6129");
  EXPECT_TRUE(ask(card, "00C0000029").ends_with("9000"));
  talk(card, {{"wrong Le", "00F8000000", "6C04"}, {"right Le", "00F8000004", "00BC614E9000"},
              {"extended lengths are unknown to T=0", "00CB3FFF0000055C035FC1050000", "6700"}});
}

TEST(PivCard, SignsAfterThePin) {
  PivCard card({.holder = make_holder(authority(), {.key = crypto::CardKey::Kind::rsa2048})});
  ask(card, select_piv);
  const std::string block = "0001" + std::string(2 * 235, 'F') + "00" + std::string(2 * 18, '1');
  const std::string request = "7C8201068200 81820100" + block;
  const std::string dense = [&] { auto all = request; std::erase(all, ' '); return all; }();
  const std::string first = "1087079AFF" + dense.substr(0, 510), last = "0087079A" + std::string("0B") + dense.substr(510) + "00";
  EXPECT_EQ(ask(card, first), "9000");
  EXPECT_EQ(ask(card, last), "6982");
  ask(card, right_pin);
  EXPECT_EQ(ask(card, first), "9000");
  EXPECT_TRUE(ask_whole(card, last).starts_with("7C82010482820100"));
}

TEST(PivCard, ProvesTheManagementKeyBothWays) {
  PivCard card;
  talk(card, {{"SELECT", select_piv, "…9000"}, {"writing needs it", "00DB3FFF0B 5C035FC109 5304 01020304", "6982"}});
  const Bytes challenge = hex(ask(card, "0087039B047C02810000"));
  ASSERT_EQ(challenge.size(), 14u);
  talk(card, {{"a wrong response", "0087039B0C 7C0A8208 0000000000000000", "6982"}});
  const Bytes again = hex(ask(card, "0087039B047C02810000"));
  const Bytes right = crypto::tdes_ecb(crypto::Direction::encrypt, default_admin_key(), BytesView(again).subspan(4, 8));
  EXPECT_EQ(ask(card, "0087039B0C7C0A8208" + crypto::hex_encode(right)), "9000");
  talk(card, {{"now it writes", "00DB3FFF0B 5C035FC109 5304 01020304", "9000"}, {"and reads", "00CB3FFF055C035FC10900", "530401020304 9000"}});
}

TEST(PivCard, IsTheSameCardAfterItsMemoryWasKept) {
  Memory memory;
  {
    PivCard card({.holder = make_holder(authority())});
    talk(card, {{"SELECT", select_piv, "…9000"}, {"wrong", wrong_pin, "63C2"}, {"wrong", wrong_puk, "63C2"}});
    card.store(memory);
  }
  PivCard card({.pin = "999999", .puk = "99999999"});
  card.recall(memory);
  talk(card, {{"SELECT", select_piv, "…9000"}, {"the count", "00200080", "63C2"}, {"the PUK", unblock, "9000"}});
  EXPECT_TRUE(ask(card, "00CB3FFF055C035FC10500").starts_with("5382"));
}

}  // namespace
}  // namespace anahtar::card::emulated
