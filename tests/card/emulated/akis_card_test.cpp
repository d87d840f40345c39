// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/akis_card.h"

#include "card/emulated/demo_issuer.h"
#include "card/emulated/dialogue.h"
#include "card/emulated/misbehaviour.h"

namespace anahtar::card::emulated {
namespace {

using testing::ask;
using testing::talk;

constexpr const char* wrong_pin = "0020008106313131313131";
constexpr const char* right_pin = "0020008106313233343536";
constexpr const char* select_application = "00A40400 07 504B43532D3135 00";

std::string atr_of(AkisVersion version) { return crypto::hex_encode(AkisCard({.akis = version}).atr()); }

TEST(AkisCard, IsKnownByItsAtr) {
  EXPECT_EQ(atr_of(AkisVersion::v1_0), "3bba11008131fe4d55454b41452056312e30ae");
  EXPECT_TRUE(atr_of(AkisVersion::v1_2).starts_with("3b9f968131fe45806755454b4145125231"));
  EXPECT_TRUE(atr_of(AkisVersion::v2_2).starts_with("3b9f968131fe45806755454b4145225231"));
}

TEST(AkisCard, FirstGenerationTellsItsTriesInTheFciAndSays6984) {
  AkisCard card({.akis = AkisVersion::v1_0});
  talk(card, {{"serial", "00CA01064D", "…00000000000000000000 9000"},
              {"nothing wrong yet", "00A40000023F0000", "6F0A 820138 83023F00 900116 9000"},
              {"wrong", wrong_pin, "63C2"},
              {"one wrong try", "00A40000023F0000", "…9001569000"},
              {"wrong", wrong_pin, "63C1"},
              {"the last try", "00A40000023F0000", "…9001969000"},
              {"own CHANGE, wrong old PIN within", "00240201 0E 06313233343536 06363534333231", "9000"},
              {"the new PIN", "0020008106363534333231", "9000"},
              {"asking costs a try", "00200081", "63C2"},
              {"wrong", wrong_pin, "63C1"},
              {"wrong", wrong_pin, "6984"},
              {"blocked", right_pin, "6984"},
              {"no PUK command", "002C00810E3132333435363738363534333231", "6D00"}});
}

TEST(AkisCard, SecondGenerationHasAPukAnd6983) {
  AkisCard card({.pin_blocked = true});
  talk(card, {{"blocked", right_pin, "6983"},
              {"a wrong PUK", "002C00810E3030303030303030363534333231", "63C2"},
              {"the right PUK", "002C00810E3132333435363738363534333231", "9000"},
              {"the new PIN", "0020008106363534333231", "9000"},
              {"PUK by VERIFY", "00200082083132333435363738", "9000"},
              {"and a new PIN alone", "002C028106313233343536", "9000"},
              {"once", "002C028106313233343536", "6982"}});
}

TEST(AkisCard, ShowsItsCertificateUnlessTheVersionWantsSecureMessaging) {
  const auto authority = crypto::DemoAuthority::create("Anahtar test root");
  AkisCard second({.holder = make_holder(authority)});
  talk(second, {{"SELECT", select_application, "…9000"}, {"the file", "00A40200022F1000", "…9000"}, {"DER", "00B0000000", "…"}});
  EXPECT_TRUE(ask(second, "00B0000004").starts_with("3082"));
  AkisCard first({.holder = make_holder(authority), .akis = AkisVersion::v1_2});
  talk(first, {{"SELECT", select_application, "…9000"}, {"the file", "00A40200022F1000", "…9000"}, {"not so", "00B0000000", "6982"}});
}

core::CardFacts facts(const std::string& serial) {
  core::CardFacts facts;
  facts.family = "akis";
  facts.serial = serial;
  return facts;
}

core::IssuerUnlock::Exchange exchange_with(EmulatedCard& card) {
  return [&card](const std::string& command) -> core::Result<std::string> {
    try {
      return std::string(crypto::text_of(card.answer(crypto::view_of(command))));
    } catch (const Disturbance&) {
      return core::failure(core::Code::unavailable, core::tr("The card is gone."));
    }
  };
}

const std::string serial = "300000000000000012345678";
const CardOptions issuers_card{.pin_blocked = true, .no_puk = true, .issuer_master_key = demo_master_key()};

TEST(DemoIssuer, UnlocksACardWithoutPuk) {
  AkisCard card(issuers_card);
  talk(card, {{"no PUK", "002C00810E3132333435363738363534333231", "6D00"}, {"nor to verify", "00200082083132333435363738", "6A88"}});
  DemoIssuer issuer(demo_master_key());
  EXPECT_TRUE(issuer.serves("akis", serial));
  EXPECT_FALSE(issuer.serves("piv", serial));
  EXPECT_TRUE(issuer.unlock(facts(serial), sdk::Secret("654321"), exchange_with(card)).done);
  talk(card, {{"the new PIN", "0020008106363534333231", "9000"}});
}

TEST(DemoIssuer, LeavesACardAloneThatHasAnotherKeyOrSerial) {
  AkisCard card(issuers_card);
  DemoIssuer stranger(crypto::bytes_of("another key here"));
  EXPECT_EQ(stranger.unlock(facts(serial), sdk::Secret("654321"), exchange_with(card)).done.error().code, core::Code::refused);
  DemoIssuer issuer(demo_master_key());
  EXPECT_EQ(issuer.unlock(facts("300000000000000012345679"), sdk::Secret("654321"), exchange_with(card)).done.error().code, core::Code::refused);
  AkisCard real({.pin_blocked = true, .no_puk = true});
  EXPECT_EQ(issuer.unlock(facts(serial), sdk::Secret("654321"), exchange_with(real)).done.error().code, core::Code::refused);
  talk(card, {{"still blocked", right_pin, "6983"}});
}

TEST(DemoIssuer, SaysWhenNobodyKnowsWhatHappened) {
  for (const bool after : {false, true}) {
    Misbehaviour card(std::make_shared<AkisCard>(issuers_card));
    card.add({.kind = Fault::Kind::silence, .ins = demo_session::unlock_ins, .after = after});
    DemoIssuer issuer(demo_master_key());
    EXPECT_EQ(issuer.unlock(facts(serial), sdk::Secret("654321"), exchange_with(card)).done.error().code, core::Code::internal);
    talk(card, {{"and either may be", "0020008106363534333231", after ? "9000" : "6983"}});
  }
  Misbehaviour liar(std::make_shared<AkisCard>(issuers_card));
  liar.add({.kind = Fault::Kind::say_yes, .ins = demo_session::unlock_ins});
  DemoIssuer issuer(demo_master_key());
  EXPECT_EQ(issuer.unlock(facts(serial), sdk::Secret("654321"), exchange_with(liar)).done.error().code, core::Code::internal) << "no receipt";
}

TEST(DemoIssuer, CommandsCannotBeReplayedOrAltered) {
  AkisCard card(issuers_card);
  std::string recorded;
  DemoIssuer issuer(demo_master_key());
  const auto recording = [&](const std::string& command) -> core::Result<std::string> {
    if (static_cast<std::uint8_t>(command[1]) == demo_session::unlock_ins) recorded = crypto::hex_encode(crypto::view_of(command));
    return std::string(crypto::text_of(card.answer(crypto::view_of(command))));
  };
  ASSERT_TRUE(issuer.unlock(facts(serial), sdk::Secret("654321"), recording).done);
  talk(card, {{"a second time", recorded.c_str(), "6988"}, {"the session is over", recorded.c_str(), "6985"}});
}

}  // namespace
}  // namespace anahtar::card::emulated
