// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/card_desk.h"

#include <gmock/gmock.h>

#include <fstream>

#include "card/apdu.h"
#include "card/emulated/demo_session.h"
#include "family_cases.h"
#include "support/temporary_folder.h"

namespace anahtar::card {
namespace {

using core::CardPin;
using core::Code;
using Outcome = core::UnlockReport::Outcome;

class EveryFamily : public ::testing::TestWithParam<FamilyCase> {};
INSTANTIATE_TEST_SUITE_P(Cards, EveryFamily, ::testing::ValuesIn(family_cases()),
                         [](const auto& each) { return each.param.name; });

emulated::CardOptions blocked() { return {.pin_blocked = true}; }

TEST_P(EveryFamily, IsRecognisedWithFewExchangesAndCostsNothing) {
  FamilyBench bench(GetParam());
  for (int round = 0; round < 4; ++round) {  // a try lost each time would block it
    const auto facts = bench.open()->look();
    ASSERT_TRUE(facts) << facts.error().sentence.id;
    EXPECT_EQ(facts->family, GetParam().family);
    EXPECT_FALSE(facts->serial.empty());
    EXPECT_THAT(facts->ways, ::testing::Contains(GetParam().way));
    EXPECT_LE(facts->exchanges, 12);
    const auto* pin = facts->pin(CardPin::Kind::pin);
    ASSERT_TRUE(pin);
    EXPECT_FALSE(pin->blocked);
    if (GetParam().counts_pin) {
      EXPECT_EQ(pin->tries_left, 3);
    }
  }
}

TEST_P(EveryFamily, IsUnlockedAndProven) {
  FamilyBench bench(GetParam(), blocked());
  const auto session = bench.open();
  const auto facts = session->look();
  ASSERT_TRUE(facts) << facts.error().sentence.id;
  if (GetParam().counts_pin) {
    EXPECT_TRUE(facts->pin(CardPin::Kind::pin)->blocked);
  }
  const auto report = session->unlock(bench.order(*facts));
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  if (GetParam().way == core::UnlockWay::puk && GetParam().family == "piv") {
    EXPECT_LE(report.exchanges, 7);
  }
  if (GetParam().way == core::UnlockWay::issuer) {
    EXPECT_EQ(report.new_pin.expose(), "246813");
  }
  const auto after = bench.desk.readers();
  ASSERT_TRUE(after);
  const auto again = session->look();
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->pin(CardPin::Kind::pin)->blocked);
}

TEST_P(EveryFamily, RefusesAWrongCodeAndTellsWhatIsLeft) {
  if (GetParam().way == core::UnlockWay::issuer) return;  // the issuer's service holds its own key
  FamilyBench bench(GetParam(), blocked());
  const auto session = bench.open();
  const auto facts = session->look().value();
  const auto report = session->unlock(bench.order(facts, /*right=*/false));
  EXPECT_EQ(report.outcome, Outcome::refused) << report.sentence.id;
  ASSERT_TRUE(report.after);
  if (GetParam().counts_pin) {
    EXPECT_TRUE(report.after->pin(CardPin::Kind::pin)->blocked);
  }
  const auto right = session->unlock(bench.order(facts));
  EXPECT_EQ(right.outcome, Outcome::proven) << right.sentence.id;
}

TEST_P(EveryFamily, SaysThatTheCodeIsBlockedAfterItsLastTry) {
  if (GetParam().unlocker.empty()) return;  // no code
  FamilyBench bench(GetParam(), blocked());
  const auto session = bench.open();
  const auto facts = session->look().value();
  EXPECT_EQ(session->unlock(bench.order(facts, false)).outcome, Outcome::refused);
  EXPECT_EQ(session->unlock(bench.order(facts, false)).outcome, Outcome::refused);
  const auto last = session->unlock(bench.order(facts, false));
  EXPECT_EQ(last.outcome, Outcome::blocked) << last.sentence.id;
  EXPECT_THAT(last.after->ways, ::testing::Not(::testing::Contains(GetParam().way)));
  bench.readers.forget_sent();
  EXPECT_EQ(session->unlock(bench.order(facts)).outcome, Outcome::blocked);
  for (const auto& header : bench.readers.sent(FamilyBench::reader)) EXPECT_NE(header[1], 0x2C) << "nothing more is tried";
}

TEST_P(EveryFamily, LeavesAnotherCardAlone) {
  FamilyBench bench(GetParam(), blocked());
  const auto session = bench.open();
  const auto facts = session->look().value();
  auto order = bench.order(facts);
  order.serial = "ANOTHER";
  bench.readers.forget_sent();
  const auto report = session->unlock(order);
  EXPECT_EQ(report.outcome, Outcome::other_card);
  for (const auto& header : bench.readers.sent(FamilyBench::reader)) EXPECT_NE(header[1], 0x2C);
}

TEST_P(EveryFamily, TakesNoPinThatItsRulesForbid) {
  FamilyBench bench(GetParam(), blocked());
  const auto session = bench.open();
  const auto facts = session->look().value();
  for (const char* pin : {"", "12", "12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901"}) {
    const auto report = session->unlock(bench.order(facts, true, pin));
    EXPECT_EQ(report.outcome, Outcome::pin_refused) << pin;
  }
  EXPECT_EQ(session->unlock(bench.order(facts)).outcome, Outcome::proven);
}

TEST_P(EveryFamily, DoesNotBelieveACardThatSaysYesToAWrongCode) {
  if (GetParam().unlocker.empty() || !GetParam().counts_pin) return;  // nothing shows it before the proof
  FamilyBench bench(GetParam(), blocked());
  const auto session = bench.open();
  const auto facts = session->look().value();
  bench.card->add({.kind = emulated::Fault::Kind::say_yes, .at = 1, .ins = 0x2C});
  bench.readers.forget_sent();
  const auto report = session->unlock(bench.order(facts, false));
  EXPECT_THAT(report.outcome, ::testing::AnyOf(Outcome::not_proven, Outcome::refused)) << report.sentence.id;
  for (const auto& header : bench.readers.sent(FamilyBench::reader))
    EXPECT_FALSE(header[1] == 0x20 && header[2] == 0x00 && report.outcome == Outcome::proven);
}

TEST(CardDesk, SaysWhatIsWrongWithACardOfNoFamily) {
  class Stranger : public EmulatedCard {
    Bytes atr() const override { return bytes_of_hex("3B00"); }
    void reset() override {}
    Bytes answer(BytesView) override { return bytes_of_hex("6A82"); }
  };
  emulated::EmulatedReaders readers;
  readers.insert("r", std::make_shared<Stranger>());
  CardDesk desk(readers, {});
  const auto session = desk.open("r").value();
  EXPECT_EQ(session->look().error().code, Code::invalid);
}

TEST(CardDesk, SaysWhoHoldsACard) {
  emulated::EmulatedReaders readers;
  readers.insert("r", std::make_shared<emulated::PivCard>());
  readers.hold_elsewhere("r", true);
  CardDesk desk(readers, {});
  EXPECT_EQ(desk.open("r").error().code, Code::unavailable);
  EXPECT_EQ(desk.open("nowhere").error().code, Code::not_found);
  readers.stop_service();
  EXPECT_EQ(desk.readers().error().code, Code::unavailable);
}

/// The AKİS-like card of after 2011, and an issuer's service that makes the new PIN itself.
struct IssuerThatMakesPins {
  Bytes issuers_key = emulated::demo_master_key();
  emulated::EmulatedReaders readers;
  std::shared_ptr<emulated::Misbehaviour> card = std::make_shared<emulated::Misbehaviour>(std::make_shared<emulated::AkisCard>(
      emulated::CardOptions{.pin_blocked = true, .no_puk = true, .akis = emulated::AkisVersion::v1_0, .issuer_master_key = emulated::demo_master_key()}));
  emulated::DemoIssuer issuer{issuers_key, emulated::DemoIssuer::Pins::made_by_service};
  CardDesk desk{readers, {}, &issuer};

  std::unique_ptr<core::CardSession> open() {
    readers.insert("r", card);
    return desk.open("r").value();
  }
  static core::UnlockOrder order(const core::CardFacts& facts) {
    core::UnlockOrder order;
    order.way = core::UnlockWay::issuer;
    order.serial = facts.serial;
    return order;
  }
};

TEST(CardDesk, ProvesAndGivesThePinThatTheIssuersServiceMade) {
  IssuerThatMakesPins bench;
  const auto session = bench.open();
  const auto facts = session->look().value();
  EXPECT_TRUE(facts.issuer_makes_pin);
  const auto report = session->unlock(bench.order(facts));
  ASSERT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_TRUE(facts.rules.problem(report.new_pin).empty());
  EXPECT_EQ(session->unlock(bench.order(facts)).outcome, Outcome::proven) << "a second time as well";
}

TEST(CardDesk, KeepsThePinThatTheServiceMadeWhenNobodyKnowsWhetherItCounts) {
  IssuerThatMakesPins bench;
  const auto session = bench.open();
  const auto facts = session->look().value();
  bench.card->add({.kind = emulated::Fault::Kind::pull, .ins = emulated::demo_session::unlock_ins, .after = true});
  const auto report = session->unlock(bench.order(facts));
  EXPECT_EQ(report.outcome, Outcome::interrupted) << report.sentence.id;
  EXPECT_EQ(report.new_pin.size(), 6u) << "the card may have it";
}

TEST(CardDesk, GivesNoPinThatTheCardRefused) {
  IssuerThatMakesPins bench{.issuers_key = Bytes(16, 0x11)};
  const auto session = bench.open();
  const auto report = session->unlock(bench.order(session->look().value()));
  EXPECT_EQ(report.outcome, Outcome::not_begun) << report.sentence.id;
  EXPECT_TRUE(report.new_pin.empty());
}

TEST(CardDesk, WithoutTheIssuersServiceItsCardsStayLocked) {
  emulated::EmulatedReaders readers;
  readers.insert("r", std::make_shared<emulated::AkisCard>(emulated::CardOptions{.no_puk = true, .akis = emulated::AkisVersion::v1_0}));
  CardDesk desk(readers, {});
  const auto session = desk.open("r").value();
  const auto facts = session->look().value();
  EXPECT_TRUE(facts.ways.empty());
  core::UnlockOrder order;
  order.way = core::UnlockWay::issuer;
  order.serial = facts.serial;
  order.new_pin = core::Secret("246813");
  EXPECT_EQ(session->unlock(order).outcome, Outcome::not_begun);
}

using Key = crypto::CardKey::Kind;

std::string name_of(Key key) {
  static const std::map<Key, std::string> names = {
      {Key::rsa2048, "Rsa2048"}, {Key::rsa3072, "Rsa3072"}, {Key::rsa4096, "Rsa4096"}, {Key::p256, "P256"}, {Key::p384, "P384"}};
  return names.at(key);
}

/// A holder for each kind of key; the long ones take a second to make.
const emulated::Holder& holder_with(Key key) {
  static std::map<Key, emulated::Holder> made;
  static const auto authority = crypto::DemoAuthority::create("Demo");
  const auto found = made.find(key);
  return found != made.end() ? found->second : made.emplace(key, emulated::make_holder(authority, {.key = key})).first->second;
}

std::vector<FamilyCase> one_for_each_way_of_signing() {
  std::vector<FamilyCase> all;
  for (const char* name : {"PivByPuk", "PivOverT0ByPuk", "GidsByAdminKey", "OpenPgpByResettingCode", "AkisByPuk", "IsoByPuk"})
    all.push_back(*std::ranges::find(family_cases(), name, &FamilyCase::name));
  return all;
}

class Signing : public ::testing::TestWithParam<std::tuple<FamilyCase, Key>> {};
INSTANTIATE_TEST_SUITE_P(Cards, Signing,
                         ::testing::Combine(::testing::ValuesIn(one_for_each_way_of_signing()),
                                          ::testing::Values(Key::rsa2048, Key::rsa3072, Key::rsa4096, Key::p256, Key::p384)),
                         [](const auto& each) { return std::get<0>(each.param).name + name_of(std::get<1>(each.param)); });

TEST_P(Signing, ProvesThatTheHolderIsThere) {
  emulated::CardOptions options;
  options.holder = holder_with(std::get<1>(GetParam()));
  FamilyBench bench(std::get<0>(GetParam()), std::move(options));
  const auto session = bench.open();
  const auto facts = session->look().value();
  ASSERT_TRUE(facts.certificate);
  EXPECT_EQ(facts.certificate->national_id, "10000000146");
  EXPECT_TRUE(facts.can_sign);
  const auto signed_ = session->sign_and_check("a challenge", core::Secret("123456"));
  EXPECT_TRUE(signed_) << signed_.error().sentence.id;
  const auto wrong = session->sign_and_check("a challenge", core::Secret("654321"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Code::refused);
  if (std::get<0>(GetParam()).counts_pin) {
    EXPECT_EQ(session->look()->pin(CardPin::Kind::pin)->tries_left, 2);
  }
}

bool signs(const char* name, emulated::CardOptions options, int exchanges = 12) {
  FamilyBench bench(*std::ranges::find(family_cases(), name, &FamilyCase::name), std::move(options));
  const auto session = bench.open();
  const auto facts = session->look();
  EXPECT_LE(facts.value().exchanges, exchanges);
  return session->sign_and_check("a challenge", core::Secret("123456")).has_value();
}

TEST(PivSlots, SignWithTheKeyWhoseCertificateIsThere) {
  for (const std::uint8_t slot : {0x9A, 0x9C, 0x9D, 0x9E})
    EXPECT_TRUE(signs("PivByPuk", {.holder = holder_with(Key::rsa2048), .only_slot = slot})) << int(slot);
  for (const std::uint8_t slot : {0x9A, 0x9C, 0x9E})
    EXPECT_TRUE(signs("PivByPuk", {.serial = Bytes(16, 0x42), .holder = holder_with(Key::p384), .only_slot = slot})) << int(slot);
  EXPECT_FALSE(signs("PivByPuk", {.holder = holder_with(Key::p256), .only_slot = 0x9D})) << "that key agrees on keys alone";
}

TEST(GidsKeys, AreNamedAsTheKeyMapSays) {
  for (const std::uint8_t reference : {0x81, 0x84, 0x90})
    EXPECT_TRUE(signs("GidsByAdminKey", {.holder = holder_with(Key::p256), .key_reference = reference})) << int(reference);
}

TEST_P(EveryFamily, ShowsItsHoldersCertificate) {
  const auto authority = crypto::DemoAuthority::create("Demo");
  const testing::TemporaryFolder roots;
  std::ofstream(roots / "root.pem") << authority.root_pem();
  emulated::CardOptions options;
  options.holder = emulated::make_holder(authority);
  FamilyBench bench(GetParam(), std::move(options), roots.path());
  const auto facts = bench.open()->look().value();
  ASSERT_TRUE(facts.certificate);
  EXPECT_EQ(facts.certificate->holder, "Ayşe Örnek");
  EXPECT_EQ(facts.certificate->national_id, "10000000146");
  EXPECT_EQ(facts.certificate->trust, core::HolderCertificate::Trust::trusted) << facts.certificate->trust_reason.id;
  RecordProperty("exchanges", facts.exchanges);
  EXPECT_LE(facts.exchanges, 12);
}

}  // namespace
}  // namespace anahtar::card
