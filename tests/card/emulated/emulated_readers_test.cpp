// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/emulated_readers.h"

#include <gmock/gmock.h>

#include <thread>

#include "card/emulated/dialogue.h"
#include "card/emulated/misbehaviour.h"
#include "card/emulated/piv_card.h"

namespace anahtar::card::emulated {
namespace {

using namespace std::chrono_literals;
using Presence = core::CardReaderState::Presence;
using Kind = LinkError::Kind;

const Bytes select_piv = hex("00A404000BA00000030800001000010000"), tries_left = hex("00200080");
const std::string desk = "Desk reader";

template <class Act>
std::optional<std::pair<Kind, bool>> link_error(Act act) {
  try {
    act();
    return {};
  } catch (const LinkError& error) {
    return std::pair{error.kind, error.may_have_arrived};
  }
}

std::optional<std::pair<Kind, bool>> fails(Kind kind, bool may_have_arrived) { return std::pair{kind, may_have_arrived}; }

TEST(EmulatedReaders, ShowReadersAndCardsComingAndGoing) {
  EmulatedReaders readers;
  EXPECT_TRUE(readers.list().empty());
  readers.plug(desk);
  EXPECT_EQ(readers.list().at(0).presence, Presence::empty);
  readers.insert(desk, std::make_shared<PivCard>());
  const auto first = readers.list().at(0);
  EXPECT_EQ(first.presence, Presence::present);
  EXPECT_EQ(first.atr, "3B8B8131FE45416E61687461722D504956A3");
  readers.insert(desk, std::make_shared<PivCard>());
  EXPECT_NE(readers.list().at(0).events, first.events) << "a swapped card";
  readers.hold_elsewhere(desk, true);
  EXPECT_EQ(readers.list().at(0).presence, Presence::in_use);
  readers.insert_mute(desk);
  EXPECT_EQ(readers.list().at(0).presence, Presence::mute);
  readers.unplug(desk);
  EXPECT_TRUE(readers.list().empty());
}

TEST(EmulatedReaders, WakeWhoeverWaitsForAChange) {
  EmulatedReaders readers;
  readers.plug(desk);
  const auto known = readers.list();
  EXPECT_EQ(readers.wait_for_change(known, 1ms, {}).size(), 1u);
  std::jthread hand([&] {
    std::this_thread::sleep_for(20ms);
    readers.insert(desk, std::make_shared<PivCard>());
  });
  EXPECT_EQ(readers.wait_for_change(known, 10s, {}).at(0).presence, Presence::present);
  std::stop_source stop;
  stop.request_stop();
  const auto begun = std::chrono::steady_clock::now();
  readers.wait_for_change(readers.list(), 10s, stop.get_token());
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST(EmulatedReaders, GiveACardToOneAtATimeAndLeaveItAsItIs) {
  EmulatedReaders readers;
  readers.insert(desk, std::make_shared<PivCard>());
  {
    const auto link = readers.connect(desk);
    EXPECT_EQ(link->protocol(), Protocol::t1);
    EXPECT_EQ(link_error([&] { readers.connect(desk); }), fails(Kind::in_use, false));
    link->transmit(select_piv);
  }
  EXPECT_EQ(readers.connect(desk)->transmit(tries_left), hex("63C3"));
  EXPECT_THAT(readers.sent(desk), ::testing::ElementsAre(hex("00A40400"), hex("00200080")));
}

TEST(EmulatedReaders, SayWhyThereIsNoCard) {
  EmulatedReaders readers;
  EXPECT_EQ(link_error([&] { readers.connect(desk); }), fails(Kind::no_reader, false));
  readers.plug(desk);
  EXPECT_EQ(link_error([&] { readers.connect(desk); }), fails(Kind::no_card, false));
  readers.insert(desk, std::make_shared<PivCard>());
  readers.hold_elsewhere(desk, true);
  EXPECT_EQ(link_error([&] { readers.connect(desk); }), fails(Kind::in_use, false));
  readers.hold_elsewhere(desk, false);
  const auto link = readers.connect(desk);
  readers.remove(desk);
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), fails(Kind::no_card, false));
  readers.unplug(desk);
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), fails(Kind::no_reader, false));
  readers.stop_service();
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), fails(Kind::no_service, false));
  EXPECT_EQ(link_error([&] { readers.list(); }), fails(Kind::no_service, false));
}

TEST(EmulatedReaders, TellOfAnotherProgramsResetAndGoOnAfterwards) {
  EmulatedReaders readers;
  readers.insert(desk, std::make_shared<PivCard>());
  const auto link = readers.connect(desk);
  link->transmit(select_piv);
  readers.reset_elsewhere(desk);
  EXPECT_EQ(link_error([&] { link->transmit(tries_left); }), fails(Kind::reset, false));
  link->resume();
  EXPECT_EQ(link->transmit(tries_left), hex("6D00")) << "nothing is selected any more";
  readers.insert(desk, std::make_shared<PivCard>());
  EXPECT_EQ(link_error([&] { link->resume(); }), fails(Kind::no_card, false)) << "another card";
}

TEST(EmulatedReaders, CarryWhatTheCardDoesWrong) {
  EmulatedReaders readers;
  const auto card = std::make_shared<Misbehaviour>(std::make_shared<PivCard>());
  readers.insert(desk, card);
  auto link = readers.connect(desk);
  card->add({.kind = Fault::Kind::reset});
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), fails(Kind::reset, false));
  link->resume();
  card->add({.kind = Fault::Kind::silence});
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), fails(Kind::silent, true));
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), fails(Kind::silent, false)) << "of no use any more";
  link.reset();
  link = readers.connect(desk);
  card->add({.kind = Fault::Kind::pull});
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), fails(Kind::no_card, true));
  EXPECT_EQ(readers.list().at(0).presence, Presence::empty);
}

TEST(EmulatedReaders, KnowNoConnectionOfAServiceThatWasAway) {
  EmulatedReaders readers;
  readers.insert(desk, std::make_shared<PivCard>());
  const auto link = readers.connect(desk);
  readers.stop_service();
  readers.start_service();
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), fails(Kind::no_card, false));
  EXPECT_NE(readers.connect(desk), nullptr);
}

}  // namespace
}  // namespace anahtar::card::emulated
