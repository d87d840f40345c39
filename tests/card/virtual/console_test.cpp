// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "card/card_desk.h"
#include "card/emulated/card_socket.h"
#include "card/emulated/demo_issuer.h"
#include "card/emulated/emulated_readers.h"
#include "card/pcsc_readers.h"
#include "card/socket_readers.h"
#include "card/virtual/virtual_reader_test.h"
#include "crypto/card_cipher.h"

/// The console at a real pcscd: what it unlocks the tools agree on, and the other way round; and what happens to it there.
namespace anahtar::testing {
namespace {

using namespace std::chrono_literals;
using card::emulated::CardOptions;
using card::emulated::Fault;
using core::CardPin;
using core::UnlockReport;
using core::UnlockWay;
using sdk::Secret;
using ::testing::HasSubstr;
using Outcome = UnlockReport::Outcome;
using Presence = core::CardReaderState::Presence;

core::UnlockOrder order(const std::string& serial, UnlockWay way, const std::string& unlocker) {
  core::UnlockOrder order;
  order.way = way;
  order.serial = serial;
  order.unlocker = Secret(std::string(unlocker));
  order.new_pin = Secret(std::string("246810"));
  order.respond = [](const std::string& challenge) -> core::Result<std::string> {
    return std::string(crypto::text_of(crypto::tdes_ecb(crypto::Direction::encrypt, card::emulated::default_admin_key(), crypto::view_of(challenge))));
  };
  return order;
}

class ConsoleTest : public VirtualReaderTest {
 protected:
  void SetUp() override {
    VirtualReaderTest::SetUp();
    if (IsSkipped()) return;
    write("root.pem", authority().root_pem());
    desk_ = std::make_unique<card::CardDesk>(pcsc_, folder_.path());
  }

  std::unique_ptr<core::CardSession> open() {
    auto session = desk_->open(VirtualReader::name());
    EXPECT_TRUE(session) << (session ? "" : session.error().sentence.id);
    return session ? std::move(*session) : nullptr;
  }
  core::CardFacts look() {
    const auto session = open();
    auto facts = session ? session->look() : core::failure(core::Code::unavailable, {});
    EXPECT_TRUE(facts) << (facts ? "" : facts.error().sentence.id);
    return facts ? std::move(*facts) : core::CardFacts{};
  }
  UnlockReport unlock(UnlockWay way, const std::string& unlocker = "12345678") {
    const auto session = open();
    if (!session) return {};
    const auto facts = session->look();
    EXPECT_TRUE(facts) << (facts ? "" : facts.error().sentence.id);
    return session->unlock(order(facts ? facts->serial : "", way, unlocker));
  }
  bool piv_takes(const std::string& pin) {
    return run({"yubico-piv-tool", "-r", "Virtual", "-a", "verify", "-P", pin}).exit == 0;
  }

  card::PcscReaders pcsc_{700ms};
  std::unique_ptr<card::CardDesk> desk_;
};

TEST_F(ConsoleTest, UnlocksAPivCardAndTheToolsAgree) {
  insert("piv", {.pin_blocked = true, .holder = holder()});
  const auto facts = look();
  EXPECT_EQ(facts.family, "piv");
  ASSERT_TRUE(facts.certificate);
  EXPECT_EQ(facts.certificate->national_id, "10000000146");
  EXPECT_EQ(facts.certificate->trust, core::HolderCertificate::Trust::trusted) << facts.certificate->trust_reason.id;
  EXPECT_TRUE(facts.pin(CardPin::Kind::pin)->blocked);
  const auto report = unlock(UnlockWay::puk);
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_LE(report.exchanges, 10);
  EXPECT_TRUE(piv_takes("246810"));
  EXPECT_THAT(run({"yubico-piv-tool", "-r", "Virtual", "-a", "status"}).text, HasSubstr("PIN tries left:\t3"));
}

TEST_F(ConsoleTest, SeesWhatTheToolsDidToAPivCard) {
  insert("piv", {});
  EXPECT_EQ(look().pin(CardPin::Kind::pin)->tries_left, 3);
  EXPECT_FALSE(piv_takes("111111"));
  EXPECT_EQ(look().pin(CardPin::Kind::pin)->tries_left, 2);
  EXPECT_TRUE(piv_takes("123456"));
  EXPECT_EQ(look().pin(CardPin::Kind::pin)->tries_left, 3) << "though a tool left it verified";
  for (int i = 0; i < 3; ++i) piv_takes("111111");
  EXPECT_TRUE(look().pin(CardPin::Kind::pin)->blocked);
  run({"yubico-piv-tool", "-r", "Virtual", "-a", "unblock-pin", "-P", "12345678", "-N", "654321"});
  EXPECT_EQ(look().pin(CardPin::Kind::pin)->tries_left, 3);
  EXPECT_EQ(left("puk"), 3) << "looking costs nothing";
}

TEST_F(ConsoleTest, UnlocksAGidsCardAndTheToolsAgree) {
  insert("gids", {.pin_blocked = true, .holder = holder()});
  const auto report = unlock(UnlockWay::admin_key);
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_EQ(run({"pkcs15-tool", "-r", "0", "--verify-pin", "--pin", "246810"}).exit, 0);
  EXPECT_THAT(run({"pkcs15-tool", "-r", "0", "--list-pins"}).text, HasSubstr("Tries left     : 3"));
}

TEST_F(ConsoleTest, UnlocksAnOpenPgpCardAndTheToolsAgree) {
  for (const UnlockWay way : {UnlockWay::resetting_code, UnlockWay::admin_pin}) {
    insert("openpgp", {.pin_blocked = true});
    const auto report = unlock(way);
    EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
    EXPECT_EQ(run({"openpgp-tool", "-r", "0", "--verify", "CHV1", "--pin", "246810"}).exit, 0);
    readers_->remove();
  }
  card_.reset();
}

TEST_F(ConsoleTest, UnlocksAnIsoCardAndTheToolsAgree) {
  insert("iso", {.pin_blocked = true, .holder = holder(), .t0 = true});
  write("opensc.conf", "app default { enable_default_driver = true; }\n");
  environment_["OPENSC_CONF"] = folder_ / "opensc.conf";
  const auto report = unlock(UnlockWay::puk);
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_EQ(run({"pkcs15-tool", "-r", "0", "--verify-pin", "--auth-id", "01", "--pin", "246810"}).exit, 0);
}

TEST_F(ConsoleTest, UnlocksAnAkisCardThroughItsIssuerAlone) {
  insert("akis", {.pin_blocked = true, .no_puk = true, .issuer_master_key = card::emulated::demo_master_key()});
  const auto alone = look();
  EXPECT_THAT(alone.ways, ::testing::Not(::testing::Contains(UnlockWay::issuer))) << "nobody serves it";
  card::emulated::DemoIssuer issuer(card::emulated::demo_master_key());
  desk_ = std::make_unique<card::CardDesk>(pcsc_, folder_.path(), &issuer);
  EXPECT_THAT(look().ways, ::testing::Contains(UnlockWay::issuer));
  const auto report = unlock(UnlockWay::issuer, "");
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_EQ(left("pin"), 3);
}

TEST_F(ConsoleTest, VerifiesTheHolderByASignature) {
  for (const char* family : {"piv", "gids", "openpgp"}) {
    SCOPED_TRACE(family);
    insert(family, {.holder = holder()});
    const auto session = open();
    ASSERT_TRUE(session);
    EXPECT_TRUE(session->sign_and_check("a challenge", Secret("123456")));
    EXPECT_FALSE(session->sign_and_check("a challenge", Secret("111111")));
    EXPECT_EQ(left("pin"), 2);
    readers_->remove();
  }
  card_.reset();
}

TEST_F(ConsoleTest, SaysThatNobodyKnowsWhenTheCardIsPulled) {
  for (const bool late : {false, true}) {
    SCOPED_TRACE(late ? "after the unblock" : "before it");
    insert("piv", {.pin_blocked = true});
    faults_->add({.kind = Fault::Kind::pull, .ins = 0x2C, .after = late});
    const auto report = unlock(UnlockWay::puk);
    EXPECT_EQ(report.outcome, Outcome::interrupted) << report.sentence.id;
    ASSERT_TRUE(VirtualReader::wait_for_pulled_card());
    insert_again();
    EXPECT_EQ(look().pin(CardPin::Kind::pin)->blocked, !late) << "and looks again";
    readers_->remove();
  }
  card_.reset();
}

TEST_F(ConsoleTest, IsNotFooledByACardThatLostItsPower) {
  insert("gids", {.pin_blocked = true});
  faults_->add({.kind = Fault::Kind::forget, .ins = 0x2C});
  const auto report = unlock(UnlockWay::admin_key);
  EXPECT_NE(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_EQ(left("pin"), 0);
  EXPECT_EQ(unlock(UnlockWay::admin_key).outcome, Outcome::proven) << "with a new challenge";
}

TEST_F(ConsoleTest, DoesNotWaitForeverForASilentCard) {
  insert("piv", {.pin_blocked = true});
  faults_->add({.kind = Fault::Kind::silence, .ins = 0x2C});
  const auto begun = std::chrono::steady_clock::now();
  const auto report = unlock(UnlockWay::puk);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  EXPECT_EQ(report.outcome, Outcome::interrupted) << report.sentence.id;
  readers_->remove();
  insert_again();
  EXPECT_TRUE(look().pin(CardPin::Kind::pin)->blocked);
  EXPECT_EQ(unlock(UnlockWay::puk).outcome, Outcome::proven);
}

TEST_F(ConsoleTest, GoesOnAfterTheServiceCrashed) {
  insert("piv", {.pin_blocked = true});
  {
    const auto session = open();
    const auto facts = session->look();
    ASSERT_TRUE(facts);
    readers_->kill_service();
    const auto report = session->unlock(order(facts->serial, UnlockWay::puk, "12345678"));
    EXPECT_EQ(report.outcome, Outcome::not_begun) << report.sentence.id;
    EXPECT_EQ(left("puk"), 3);
  }
  EXPECT_EQ(desk_->readers().error().code, core::Code::unavailable);
  readers_->start_service();
  insert_again();
  EXPECT_EQ(unlock(UnlockWay::puk).outcome, Outcome::proven);
}

TEST_F(ConsoleTest, LeavesACardAloneThatAnotherProgramHolds) {
  insert("openpgp", {});
  environment_["GNUPGHOME"] = folder_.path().string();
  write("scdaemon.conf", "disable-ccid\n");
  run({"gpg", "--card-status"});  // its daemon goes on holding the card
  const auto refused = desk_->open(VirtualReader::name());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Code::unavailable);
  run({"gpgconf", "--kill", "all"});
  EXPECT_TRUE(wait_until([&] { return desk_->open(VirtualReader::name()).has_value(); })) << "given back";
}

TEST_F(ConsoleTest, IsNotDisturbedByToolsWhileItHoldsACard) {
  insert("piv", {.pin_blocked = true});
  const auto session = open();
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  EXPECT_NE(run({"yubico-piv-tool", "-r", "Virtual", "-a", "status"}).exit, 0) << "they have to wait";
  EXPECT_EQ(session->unlock(order(facts->serial, UnlockWay::puk, "12345678")).outcome, Outcome::proven);
}

TEST_F(ConsoleTest, NoticesCardsComingGoingAndSwapped) {
  const auto state = [](const std::vector<core::CardReaderState>& all) {
    for (const auto& each : all)
      if (each.name == VirtualReader::name()) return each;
    return core::CardReaderState{};
  };
  auto before = desk_->readers();
  ASSERT_TRUE(before);
  ASSERT_EQ(before->size(), 2u);
  EXPECT_EQ(state(*before).presence, Presence::empty);
  insert("piv", {});
  auto now = desk_->wait_for_change(*before, 5s, {});
  ASSERT_TRUE(now);
  EXPECT_EQ(state(*now).presence, Presence::present);
  const auto first = state(*now).events;
  readers_->remove();
  insert("piv", {});
  now = desk_->wait_for_change(*now, 5s, {});
  EXPECT_NE(state(*now).events, first) << "another card of the same kind";
}

/// The same console with another way to cards: no service, no root.
TEST(ConsoleWithoutPcscd, UnlocksACardThatAnotherProcessServes) {
  TemporaryFolder folder;
  const auto inside = std::make_shared<card::emulated::EmulatedReaders>();
  inside->insert("desk", std::shared_ptr(card::emulated::make_card("gids", {.pin_blocked = true})));
  const auto socket = card::emulated::CardSocket::open(folder / "desk.card", inside, "desk").value();
  card::SocketReaders readers(folder.path());
  card::CardDesk desk(readers, folder.path());
  const auto session = desk.open("desk").value();
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  const auto report = session->unlock(order(facts->serial, UnlockWay::admin_key, ""));
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_EQ(desk.open("desk").error().code, core::Code::unavailable) << "held";
}

}  // namespace
}  // namespace anahtar::testing
