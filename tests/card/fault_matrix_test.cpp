// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "card/card_desk.h"
#include "card/emulated/card_maker.h"
#include "card/emulated/demo_issuer.h"
#include "card/emulated/emulated_readers.h"
#include "card/emulated/misbehaviour.h"
#include "crypto/card_cipher.h"
#include "support/temporary_folder.h"

/// Every family is unlocked with something going wrong at every single command. Whatever the console then reports is
/// held against what the card itself holds.
namespace anahtar::card {
namespace {

using core::UnlockOrder;
using core::UnlockReport;
using core::UnlockWay;
using emulated::CardOptions;
using emulated::Fault;
using emulated::Memory;
using emulated::Misbehaviour;
using sdk::Secret;
using Outcome = UnlockReport::Outcome;
using Kind = Fault::Kind;

constexpr const char* new_pin = "246810";
constexpr const char* wrong = "87654321";  ///< for whatever unlocks
const std::string desk = "Desk reader";

struct Setup {
  const char* name;
  const char* family;
  UnlockWay way;
  const char* unlocker;        ///< the right one
  const char* unlocker_memory; ///< where the card keeps its tries; empty: it counts none
  CardOptions options;
};

void PrintTo(const Setup& setup, std::ostream* out) { *out << setup.name; }

const crypto::DemoAuthority& authority() {
  static const auto made = crypto::DemoAuthority::create("Anahtar test root");
  return made;
}

CardOptions blocked(CardOptions options = {}) {
  static const auto holder = emulated::make_holder(authority());
  options.pin_blocked = true;
  options.holder = holder;
  return options;
}

std::vector<Setup> setups() {
  return {{"Piv", "piv", UnlockWay::puk, "12345678", "puk", blocked()},
          {"PivT0", "piv", UnlockWay::puk, "12345678", "puk", blocked({.t0 = true})},
          {"PivThatTellsMore", "piv", UnlockWay::puk, "12345678", "puk", blocked({.tells_puk_tries = true, .packed_certificate = true})},
          {"Gids", "gids", UnlockWay::admin_key, "", "", blocked()},
          {"OpenPgpCode", "openpgp", UnlockWay::resetting_code, "12345678", "code", blocked()},
          {"OpenPgpAdministrator", "openpgp", UnlockWay::admin_pin, "12345678", "admin", blocked()},
          {"OpenPgpHashed", "openpgp", UnlockWay::resetting_code, "12345678", "code", blocked({.hashed_pins = true})},
          {"AkisPuk", "akis", UnlockWay::puk, "12345678", "puk", blocked()},
          {"AkisIssuer", "akis", UnlockWay::issuer, "", "", blocked({.no_puk = true, .issuer_master_key = emulated::demo_master_key()})},
          {"Iso", "iso", UnlockWay::puk, "12345678", "puk", blocked()}};
}

/// A card in a reader, the desk in front of it, and what the card really holds.
class Table {
 public:
  explicit Table(const Setup& setup) : setup_(setup), card_(emulated::make_card(setup.family, setup.options)) {
    faulty_ = std::make_shared<Misbehaviour>(card_);
    readers_.insert(desk, faulty_);
  }

  std::unique_ptr<core::CardSession> open() {
    auto session = desk_.open(desk);
    return session ? std::move(*session) : nullptr;
  }

  UnlockOrder order(const std::string& serial, const std::string& unlocker) const {
    UnlockOrder order;
    order.way = setup_.way;
    order.serial = serial;
    order.unlocker = Secret(std::string(unlocker));
    order.new_pin = Secret(std::string(new_pin));
    order.respond = [key = unlocker == wrong ? Bytes(24) : emulated::default_admin_key()](
                        const std::string& challenge) -> core::Result<std::string> {
      return std::string(crypto::text_of(crypto::tdes_ecb(crypto::Direction::encrypt, key, crypto::view_of(challenge))));
    };
    return order;
  }

  Memory memory() const {
    Memory memory;
    card_->store(memory);
    return memory;
  }
  int left(const std::string& secret) const { return std::stoi(memory().at(secret + ".left")); }
  bool pin_is_new() const { return memory().at("pin") != Table(setup_).memory().at("pin"); }

  /// How often a command that could cost something was sent.
  int sent(std::uint8_t ins) const {
    int count = 0;
    for (const Bytes& header : readers_.sent(desk)) count += header.size() > 1 && header[1] == ins;
    return count;
  }

  Misbehaviour& faulty() { return *faulty_; }
  emulated::EmulatedReaders& readers() { return readers_; }
  void insert_again() {
    faulty_->clear();
    readers_.insert(desk, faulty_);
  }

 private:
  Setup setup_;
  std::shared_ptr<emulated::CardShell> card_;
  std::shared_ptr<Misbehaviour> faulty_;
  emulated::EmulatedReaders readers_;
  emulated::DemoIssuer issuer_{emulated::demo_master_key()};
  testing::TemporaryFolder roots_;
  CardDesk desk_{readers_, roots_.path(), &issuer_};
};

class EveryFamily : public ::testing::TestWithParam<Setup> {};

TEST_P(EveryFamily, IsUnlockedWithProof) {
  Table table(GetParam());
  auto session = table.open();
  ASSERT_TRUE(session);
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  EXPECT_TRUE(std::ranges::find(facts->ways, GetParam().way) != facts->ways.end());
  const auto report = session->unlock(table.order(facts->serial, GetParam().unlocker));
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_TRUE(table.pin_is_new());
  EXPECT_EQ(table.left("pin"), 3);
}

TEST_P(EveryFamily, RefusesAWrongUnlockerOnceAndTellsNoLie) {
  if (GetParam().way == UnlockWay::issuer) return;  // nobody at the desk gives it anything
  Table table(GetParam());
  auto session = table.open();
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  const auto report = session->unlock(table.order(facts->serial, wrong));
  EXPECT_EQ(report.outcome, Outcome::refused) << report.sentence.id;
  EXPECT_FALSE(table.pin_is_new());
  if (*GetParam().unlocker_memory) {
    EXPECT_EQ(table.left(GetParam().unlocker_memory), 2) << "one try, no more";
  }
}

TEST_P(EveryFamily, IsLeftAloneWhenAnotherCardIsThere) {
  Table table(GetParam());
  auto session = table.open();
  ASSERT_TRUE(session->look());
  const auto before = table.memory();
  EXPECT_EQ(session->unlock(table.order("00000000", GetParam().unlocker)).outcome, Outcome::other_card);
  EXPECT_EQ(table.memory(), before);
}

struct Trouble {
  const char* name;
  Kind kind;
  bool late;
};

constexpr Trouble troubles[] = {{"pulled before", Kind::pull, false},     {"pulled after", Kind::pull, true},
                                {"reset before", Kind::reset, false},     {"reset after", Kind::reset, true},
                                {"forgotten", Kind::forget, false},       {"silent before", Kind::silence, false},
                                {"silent after", Kind::silence, true},    {"garbage before", Kind::garbage, false},
                                {"garbage after", Kind::garbage, true},   {"a false yes before", Kind::say_yes, false},
                                {"a false yes after", Kind::say_yes, true}};

/// What must hold, whatever the console says.
void hold_against_the_card(Table& table, const UnlockReport& report, const Memory& before) {
  EXPECT_FALSE(report.sentence.empty());
  EXPECT_LE(table.sent(0x2C), 1) << "an unblock is never sent twice";
  switch (report.outcome) {
    case Outcome::proven:
      EXPECT_TRUE(table.pin_is_new());
      EXPECT_GT(table.left("pin"), 0);
      break;
    case Outcome::not_begun:
    case Outcome::other_card: EXPECT_EQ(table.memory(), before); break;
    case Outcome::refused:
    case Outcome::blocked:
    case Outcome::pin_refused: EXPECT_FALSE(table.pin_is_new()); break;
    case Outcome::not_proven:
    case Outcome::interrupted: break;  // that is what they say: look again
  }
}

/// A trouble and the command of the unlock at which it comes, counted from 1.
struct Appointment {
  Trouble trouble;
  int at;
};

std::string text_of(const std::vector<Appointment>& appointments, int commands) {
  std::string text;
  for (const auto& each : appointments) text += std::string(each.trouble.name) + " at " + std::to_string(each.at) + ", ";
  return text + "of " + std::to_string(commands) + " commands";
}

/// Looks, unlocks while things go wrong, and looks again when they are over.
void unlock_through(const Setup& setup, const std::vector<Appointment>& appointments, int commands) {
  SCOPED_TRACE(text_of(appointments, commands));
  Table table(setup);
  auto session = table.open();
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  const Memory before = table.memory();
  table.readers().forget_sent();
  for (const auto& each : appointments) table.faulty().add({.kind = each.trouble.kind, .at = each.at, .after = each.trouble.late});
  const auto report = session->unlock(table.order(facts->serial, setup.unlocker));
  hold_against_the_card(table, report, before);
  if (appointments.front().at > commands) {
    EXPECT_EQ(report.outcome, Outcome::proven) << "nothing went wrong";
  }

  session.reset();
  table.insert_again();
  session = table.open();
  ASSERT_TRUE(session) << "the card can be looked at again";
  const auto again = session->look();
  ASSERT_TRUE(again);
  const auto* pin = again->pin(core::CardPin::Kind::pin);
  ASSERT_TRUE(pin);
  if (pin->tries_left) {
    EXPECT_EQ(*pin->tries_left, table.left("pin")) << "and shows what it is";
  }
}

/// How many commands an unlock takes when nothing goes wrong.
int commands_of(const Setup& setup) {
  Table table(setup);
  auto session = table.open();
  const auto facts = session->look();
  const int looked = table.faulty().commands();
  session->unlock(table.order(facts.value().serial, setup.unlocker));
  return table.faulty().commands() - looked;
}

TEST_P(EveryFamily, TellsTheTruthWhateverGoesWrongAtWhicheverCommand) {
  const int commands = commands_of(GetParam());
  ASSERT_GT(commands, 2);
  for (const Trouble& trouble : troubles)
    for (int at = 1; at <= commands + 1; ++at) unlock_through(GetParam(), {{trouble, at}}, commands);
}

/// A card that says yes to everything cannot be told from one that does it, unless it shows counters.
bool both_lies(const Trouble& first, const Trouble& second) { return first.kind == Kind::say_yes && second.kind == Kind::say_yes; }

/// Some 40 000 unlocks, some minutes: `ninja card_fault_matrix`.
TEST_P(EveryFamily, DISABLED_TellsTheTruthWhenTwoThingsGoWrong) {
  const int commands = commands_of(GetParam());
  for (const Trouble& first : troubles)
    for (const Trouble& second : troubles)
      for (int at = 1; at <= commands && !both_lies(first, second); ++at)
        for (int then = at + 1; then <= commands + 2; ++then)
          unlock_through(GetParam(), {{first, at}, {second, then}}, commands);
}

INSTANTIATE_TEST_SUITE_P(Card, EveryFamily, ::testing::ValuesIn(setups()),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace anahtar::card
