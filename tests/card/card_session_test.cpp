// SPDX-License-Identifier: GPL-3.0-or-later
// Every family over its emulated card: recognised, read without costing anything, unlocked and proved.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "card/card_desk.h"
#include "card/emulated/akis_card.h"
#include "card/emulated/demo_issuer.h"
#include "card/emulated/emulated_readers.h"
#include "card/emulated/gids_card.h"
#include "card/emulated/iso_card.h"
#include "card/emulated/misbehaviour.h"
#include "card/emulated/openpgp_card.h"
#include "card/emulated/piv_card.h"
#include "crypto/card_cipher.h"
#include "support/temporary_folder.h"

namespace anahtar::card {
namespace {

using namespace emulated;
using core::UnlockReport;
using Outcome = UnlockReport::Outcome;

constexpr char reader[] = "Desk reader";

struct Way {
  std::string name;
  std::shared_ptr<EmulatedCard> (*make)(CardOptions);
  core::UnlockWay way;
  std::string unlocker;
  std::string family;
};
std::ostream& operator<<(std::ostream& out, const Way& way) { return out << way.name; }

template <class Kind>
std::shared_ptr<EmulatedCard> make(CardOptions options) {
  return std::make_shared<Kind>(std::move(options));
}

std::shared_ptr<EmulatedCard> make_akis_of_issuer(CardOptions options) {
  options.no_puk = true;
  options.issuer_master_key = demo_master_key();
  return std::make_shared<AkisCard>(std::move(options));
}

std::shared_ptr<EmulatedCard> make_hashing_openpgp(CardOptions options) {
  options.hashed_pins = true;
  return std::make_shared<OpenPgpCard>(std::move(options));
}

struct Session : ::testing::TestWithParam<Way> {
  Session() {
    std::ofstream(roots / "root.pem") << authority.root_pem();
    holder = make_holder(authority);
  }

  CardOptions options() const {
    CardOptions made;
    made.holder = holder;
    return made;
  }
  void insert(CardOptions made) {
    card = std::make_shared<Misbehaviour>(GetParam().make(std::move(made)));
    readers.insert(reader, card);
  }
  std::unique_ptr<core::CardSession> open() {
    desk = std::make_unique<CardDesk>(readers, roots.path(), &issuer);
    return core::value_or_throw(desk->open(reader));
  }
  core::UnlockOrder order(const core::CardFacts& facts) const {
    core::UnlockOrder made;
    made.way = GetParam().way;
    made.serial = facts.serial;
    made.unlocker = sdk::Secret(std::string(GetParam().unlocker));
    made.new_pin = sdk::Secret("714285");
    made.respond = [](const std::string& challenge) -> core::Result<std::string> {
      const auto answer = crypto::tdes_ecb(crypto::Direction::encrypt, default_admin_key(), crypto::view_of(challenge));
      return std::string(crypto::text_of(answer));
    };
    return made;
  }

  testing::TemporaryFolder roots;
  crypto::DemoAuthority authority = crypto::DemoAuthority::create("Anahtar test root");
  Holder holder;
  DemoIssuer issuer{demo_master_key()};
  EmulatedReaders readers;
  std::shared_ptr<Misbehaviour> card;
  std::unique_ptr<CardDesk> desk;
};

TEST_P(Session, RecognisesTheCardAndReadsItsHolderWithoutCostingATry) {
  insert(options());
  const auto session = open();
  const auto facts = session->look();
  ASSERT_TRUE(facts) << facts.error().sentence.id;
  EXPECT_EQ(facts->family, GetParam().family);
  EXPECT_FALSE(facts->serial.empty());
  ASSERT_TRUE(facts->certificate);
  EXPECT_EQ(facts->certificate->national_id, "10000000146");
  EXPECT_EQ(facts->certificate->trust, core::HolderCertificate::Trust::trusted) << facts->certificate->trust_reason.id;
  EXPECT_NE(std::ranges::find(facts->ways, GetParam().way), facts->ways.end());
  ASSERT_NE(facts->pin(core::CardPin::Kind::pin), nullptr);
  const auto left = facts->pin(core::CardPin::Kind::pin)->tries_left;
  const auto again = session->look();
  EXPECT_EQ(again->pin(core::CardPin::Kind::pin)->tries_left, left);
  RecordProperty("exchanges", facts->exchanges);
}

TEST_P(Session, UnlocksABlockedCardAndProvesTheNewPin) {
  CardOptions blocked = options();
  blocked.pin_blocked = true;
  insert(std::move(blocked));
  const auto session = open();
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  const auto report = session->unlock(order(*facts));
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_TRUE(session->sign_and_check("a challenge", sdk::Secret("714285")));
  RecordProperty("exchanges", report.exchanges);
}

TEST_P(Session, LeavesAnotherCardAlone) {
  insert(options());
  const auto session = open();
  auto wanted = order(*session->look());
  wanted.serial = "another";
  EXPECT_EQ(session->unlock(wanted).outcome, Outcome::other_card);
}

TEST_P(Session, SaysWhenAPullLeavesItOpenWhichPinCounts) {
  insert(options());
  const auto session = open();
  const auto facts = session->look();
  card->add({.kind = Fault::Kind::pull, .at = 1, .ins = GetParam().way == core::UnlockWay::issuer ? 0x54 : 0x2C, .after = true});
  const auto report = session->unlock(order(*facts));
  EXPECT_EQ(report.outcome, Outcome::interrupted) << report.sentence.id;
}

TEST_P(Session, SaysThatNothingBeganWhenTheCardIsPulledBefore) {
  insert(options());
  const auto session = open();
  const auto facts = session->look();
  card->add({.kind = Fault::Kind::pull, .at = 1});
  EXPECT_EQ(session->unlock(order(*facts)).outcome, Outcome::not_begun);
}

TEST_P(Session, DoesNotBelieveACardThatSaysYes) {
  CardOptions blocked = options();
  blocked.pin_blocked = true;
  insert(std::move(blocked));
  const auto session = open();
  const auto facts = session->look();
  card->add({.kind = Fault::Kind::say_yes, .at = 0, .ins = GetParam().way == core::UnlockWay::issuer ? 0x54 : 0x2C});
  const auto report = session->unlock(order(*facts));
  EXPECT_NE(report.outcome, Outcome::proven);
}

INSTANTIATE_TEST_SUITE_P(
    Families, Session,
    ::testing::Values(Way{"piv", make<PivCard>, core::UnlockWay::puk, "12345678", "piv"},
                      Way{"gids", make<GidsCard>, core::UnlockWay::admin_key, "", "gids"},
                      Way{"openpgp_code", make<OpenPgpCard>, core::UnlockWay::resetting_code, "12345678", "openpgp"},
                      Way{"openpgp_pw3", make<OpenPgpCard>, core::UnlockWay::admin_pin, "12345678", "openpgp"},
                      Way{"openpgp_kdf", make_hashing_openpgp, core::UnlockWay::resetting_code, "12345678", "openpgp"},
                      Way{"akis_puk", make<AkisCard>, core::UnlockWay::puk, "12345678", "akis"},
                      Way{"akis_issuer", make_akis_of_issuer, core::UnlockWay::issuer, "", "akis"},
                      Way{"iso_puk", make<IsoCard>, core::UnlockWay::puk, "12345678", "iso"},
                      Way{"iso_officer", make<IsoCard>, core::UnlockWay::admin_pin, "12345678", "iso"}),
    [](const auto& way) { return way.param.name; });

}  // namespace
}  // namespace anahtar::card
