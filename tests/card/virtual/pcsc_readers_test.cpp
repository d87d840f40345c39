// SPDX-License-Identifier: GPL-3.0-or-later
// The console's own way to cards, over a real pcscd.
#include <gtest/gtest.h>

#include <future>

#include "card/apdu.h"
#include "card/card_desk.h"
#include "card/emulated/card_maker.h"
#include "card/emulated/misbehaviour.h"
#include "card/pcsc_connection.h"
#include "card/pcsc_readers.h"
#include "card/support/virtual_reader.h"

namespace anahtar::testing {
namespace {

using namespace std::chrono_literals;
using card::LinkError;
using card::PcscReaders;
using card::emulated::CardOptions;
using card::emulated::Fault;
using card::emulated::Misbehaviour;
using Outcome = core::UnlockReport::Outcome;
using Presence = core::CardReaderState::Presence;

class ConsoleOnPcsc : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (VirtualReader::missing().empty()) service_ = std::make_unique<VirtualReader>();
  }
  static void TearDownTestSuite() { service_.reset(); }
  void SetUp() override {
    if (!service_) GTEST_SKIP() << VirtualReader::missing();
  }
  void TearDown() override {
    if (service_ && card_) service_->remove();
  }

  void insert(bool blocked) {
    CardOptions options;
    options.pin_blocked = blocked;
    card_ = std::make_shared<Misbehaviour>(card::emulated::make_card("piv", std::move(options)));
    service_->insert(card_);
  }
  core::UnlockOrder order(const core::CardFacts& facts) const {
    core::UnlockOrder made;
    made.serial = facts.serial;
    made.unlocker = sdk::Secret("12345678");
    made.new_pin = sdk::Secret("714285");
    return made;
  }
  core::CardReaderState state() {
    for (const auto& each : readers_.list())
      if (each.name == VirtualReader::name()) return each;
    return {};
  }

  static inline std::unique_ptr<VirtualReader> service_;
  PcscReaders readers_{500ms};
  card::CardDesk desk_{readers_, "/no/such/folder"};
  std::shared_ptr<Misbehaviour> card_;
};

TEST_F(ConsoleOnPcsc, SeesCardsComeAndGo) {
  EXPECT_EQ(state().presence, Presence::empty);
  const auto known = readers_.list();
  auto change = std::async(std::launch::async, [&] { return readers_.wait_for_change(known, 5s, {}); });
  insert(false);
  EXPECT_NE(change.get().front().presence, Presence::empty);
  const auto first = state();
  EXPECT_EQ(first.presence, Presence::present);
  EXPECT_FALSE(first.atr.empty());
  service_->remove();
  insert(false);
  EXPECT_NE(state().events, first.events);
}

TEST_F(ConsoleOnPcsc, StopsWaitingWhenAskedTo) {
  std::stop_source stop;
  const auto begun = std::chrono::steady_clock::now();
  auto change = std::async(std::launch::async, [&] { return readers_.wait_for_change(readers_.list(), 30s, stop.get_token()); });
  std::this_thread::sleep_for(50ms);
  stop.request_stop();
  change.get();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST_F(ConsoleOnPcsc, UnlocksAndProves) {
  insert(true);
  const auto session = core::value_or_throw(desk_.open(VirtualReader::name()));
  const auto facts = session->look();
  ASSERT_TRUE(facts) << facts.error().sentence.id;
  EXPECT_TRUE(facts->pin(core::CardPin::Kind::pin)->blocked);
  const auto report = session->unlock(order(*facts));
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_LE(report.exchanges, 7);
  EXPECT_LE(facts->exchanges, 12);
}

TEST_F(ConsoleOnPcsc, SaysWhoHoldsACardThatAnotherProgramHolds) {
  insert(false);
  const auto held = readers_.connect(VirtualReader::name());
  PcscReaders elsewhere;
  try {
    elsewhere.connect(VirtualReader::name());
    FAIL() << "two held it";
  } catch (const LinkError& error) {
    EXPECT_EQ(error.kind, LinkError::Kind::in_use);
  }
}

TEST_F(ConsoleOnPcsc, GivesUpACardThatIsSilent) {
  insert(true);
  const auto session = core::value_or_throw(desk_.open(VirtualReader::name()));
  const auto facts = session->look();
  card_->add({.kind = Fault::Kind::slow, .at = 1, .ins = std::uint8_t{0x2C}, .after = true, .delay = 1500ms});
  const auto begun = std::chrono::steady_clock::now();
  const auto report = session->unlock(order(*facts));
  EXPECT_EQ(report.outcome, Outcome::interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 1400ms);
  std::this_thread::sleep_for(1500ms);  // the card comes back to an abandoned connection
}

TEST_F(ConsoleOnPcsc, SaysWhenTheServiceGoesAwayAndGoesOnWithAnother) {
  insert(false);
  auto session = core::value_or_throw(desk_.open(VirtualReader::name()));
  ASSERT_TRUE(session->look());
  service_->kill_service();
  const auto lost = session->look();
  ASSERT_FALSE(lost);
  EXPECT_FALSE(desk_.readers());
  session.reset();
  card_.reset();
  service_->start_service();
  EXPECT_TRUE(desk_.readers());
}

TEST_F(ConsoleOnPcsc, ResetsACardThatCannotBeToldToLogOut) {
  insert(false);
  const auto select = card::bytes_of_hex("00A404000BA00000030800001000010000"), who_is_there = card::bytes_of_hex("00200080");
  for (const bool by_reset : {false, true}) {
    auto connection = readers_.connect(VirtualReader::name());
    connection->transmit(select);
    EXPECT_EQ(card::hex_of(connection->transmit(card::bytes_of_hex("0020008008313233343536FFFF"))), "9000");
    if (by_reset) connection->reset_when_closed();
    connection.reset();
    const auto next = readers_.connect(VirtualReader::name());
    EXPECT_EQ(card::hex_of(next->transmit(who_is_there)) == "9000", !by_reset);
  }
}

}  // namespace
}  // namespace anahtar::testing
