// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <span>

#include "card/card_desk.h"
#include "card/emulated/card_maker.h"
#include "card/emulated/demo_issuer.h"
#include "card/emulated/misbehaviour.h"
#include "crypto/card_cipher.h"
#include "support/temporary_folder.h"

/// A card of every family is looked at and unlocked, with the right code and with a wrong one, while something goes wrong
/// at one of the commands. Whatever the console then reports is held against what the card itself holds.
namespace anahtar::card::matrix {

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

inline constexpr const char* new_pin = "246810";
inline constexpr const char* wrong = "87654321";  ///< for whatever unlocks

struct Setup {
  const char* name;
  const char* family;
  UnlockWay way;
  const char* unlocker;        ///< the right one
  const char* unlocker_memory; ///< where the card keeps its tries; empty: it counts none
  CardOptions options;
};

inline void PrintTo(const Setup& setup, std::ostream* out) { *out << setup.name; }

inline CardOptions blocked(CardOptions options = {}) {
  static const auto authority = crypto::DemoAuthority::create("Anahtar test root");
  static const auto holder = emulated::make_holder(authority);
  options.pin_blocked = true;
  options.holder = holder;
  return options;
}

inline std::vector<Setup> setups() {
  return {{"Piv", "piv", UnlockWay::puk, "12345678", "puk", blocked()},
          {"PivT0", "piv", UnlockWay::puk, "12345678", "puk", blocked({.t0 = true})},
          {"PivThatTellsMore", "piv", UnlockWay::puk, "12345678", "puk", blocked({.tells_puk_tries = true, .packed_certificate = true})},
          {"Gids", "gids", UnlockWay::admin_key, "", "", blocked()},
          {"GidsPuk", "gids", UnlockWay::puk, "12345678", "puk", blocked({.gids_puk = true})},
          {"OpenPgpCode", "openpgp", UnlockWay::resetting_code, "12345678", "code", blocked()},
          {"OpenPgpAdministrator", "openpgp", UnlockWay::admin_pin, "12345678", "admin", blocked()},
          {"OpenPgpHashed", "openpgp", UnlockWay::resetting_code, "12345678", "code", blocked({.hashed_pins = true})},
          {"AkisPuk", "akis", UnlockWay::puk, "12345678", "puk", blocked()},
          {"AkisIssuer", "akis", UnlockWay::issuer, "", "", blocked({.no_puk = true, .issuer_master_key = emulated::demo_master_key()})},
          {"Iso", "iso", UnlockWay::puk, "12345678", "puk", blocked()},
          {"IsoOfficer", "iso", UnlockWay::admin_pin, "12345678", "officer", blocked()}};
}

struct Trouble {
  const char* name;
  Kind kind;
  bool late;
};

inline constexpr Trouble troubles[] = {
    {"pulled before", Kind::pull, false},        {"pulled after", Kind::pull, true},      {"reset before", Kind::reset, false},
    {"reset after", Kind::reset, true},          {"forgotten", Kind::forget, false},      {"silent before", Kind::silence, false},
    {"silent after", Kind::silence, true},       {"garbage before", Kind::garbage, false}, {"garbage after", Kind::garbage, true},
    {"a false yes before", Kind::say_yes, false}, {"a false yes after", Kind::say_yes, true}};

/// A trouble and the command at which it comes, counted from 1.
struct Appointment {
  Trouble trouble;
  int at;
};

inline std::string text_of(const std::vector<Appointment>& appointments, int commands) {
  std::string text;
  for (const auto& each : appointments) text += std::string(each.trouble.name) + " at " + std::to_string(each.at) + ", ";
  return text + "of " + std::to_string(commands) + " commands";
}

/// Where the cards are.
class Place {
 public:
  virtual ~Place() = default;
  virtual Readers& readers() = 0;
  virtual const std::string& reader() const = 0;
  virtual void put(std::shared_ptr<EmulatedCard> card) = 0;
  /// Also after it was pulled.
  virtual void take() = 0;
};

/// Takes down what was sent, whether it reached the card or not.
class Watched : public EmulatedCard {
 public:
  explicit Watched(std::shared_ptr<EmulatedCard> card) : card_(std::move(card)) {}
  Bytes atr() const override { return card_->atr(); }
  void reset() override { card_->reset(); }
  Bytes answer(BytesView command) override {
    if (command.size() > 1) ++sent_[command[1]];
    return card_->answer(command);
  }
  int sent(std::uint8_t ins) const { return sent_[ins]; }

 private:
  std::shared_ptr<EmulatedCard> card_;
  std::array<std::atomic<int>, 256> sent_{};
};

/// A card in a reader, the desk in front of it, and what the card really holds.
class Table {
 public:
  Table(Place& place, const Setup& setup) : place_(place), setup_(setup), card_(emulated::make_card(setup.family, setup.options)) {
    faulty_ = std::make_shared<Misbehaviour>(card_);
    watched_ = std::make_shared<Watched>(faulty_);
    place_.put(watched_);
  }
  ~Table() { place_.take(); }

  std::unique_ptr<core::CardSession> open() {
    auto session = desk_.open(place_.reader());
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

  /// The card's own, while nobody talks with it.
  Memory memory() const {
    Memory memory;
    card_->store(memory);
    return memory;
  }
  int left(const std::string& secret) const { return std::stoi(memory().at(secret + ".left")); }
  bool pin_is_new() const {
    Memory before;
    emulated::make_card(setup_.family, setup_.options)->store(before);
    return memory().at("pin") != before.at("pin");
  }

  /// How often a command that could cost something was sent.
  int sent(std::uint8_t ins) const { return watched_->sent(ins); }

  Misbehaviour& faulty() { return *faulty_; }
  void add(const Appointment& appointment) {
    faulty_->add({.kind = appointment.trouble.kind, .at = appointment.at, .after = appointment.trouble.late});
  }
  void insert_again() {
    place_.take();
    faulty_->clear();
    place_.put(watched_);
  }

 private:
  Place& place_;
  Setup setup_;
  std::shared_ptr<emulated::CardShell> card_;
  std::shared_ptr<Misbehaviour> faulty_;
  std::shared_ptr<Watched> watched_;
  emulated::DemoIssuer issuer_{emulated::demo_master_key()};
  testing::TemporaryFolder roots_;
  CardDesk desk_{place_.readers(), roots_.path(), &issuer_};
};

/// What must hold, whatever the console says.
inline void hold_against_the_card(Table& table, const UnlockReport& report, const Memory& before) {
  EXPECT_FALSE(report.sentence.empty());
  EXPECT_LE(table.sent(0x2C), 1) << "an unblock is never sent twice";
  switch (report.outcome) {
    case Outcome::proven:
      EXPECT_TRUE(table.pin_is_new());
      EXPECT_GT(table.left("pin"), 0);
      break;
    case Outcome::not_begun:
    case Outcome::other_card: EXPECT_EQ(table.memory(), before); break;
    case Outcome::not_sent: ADD_FAILURE() << "the code has the right form"; break;
    case Outcome::not_typed: ADD_FAILURE() << "nothing was to be typed"; break;
    case Outcome::refused:
    case Outcome::blocked:
    case Outcome::pin_refused: EXPECT_FALSE(table.pin_is_new()); break;
    case Outcome::not_proven:
    case Outcome::other_pin:
    case Outcome::interrupted: break;  // that is what they say: look again
  }
}

/// Looks, unlocks while things go wrong, and looks again when they are over.
inline void unlock_through(Place& place, const Setup& setup, const std::vector<Appointment>& appointments, int commands) {
  SCOPED_TRACE(text_of(appointments, commands));
  Table table(place, setup);
  auto session = table.open();
  ASSERT_TRUE(session);
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  const Memory before = table.memory();
  for (const auto& each : appointments) table.add(each);
  const auto report = session->unlock(table.order(facts->serial, setup.unlocker));
  session.reset();
  hold_against_the_card(table, report, before);
  if (appointments.front().at > commands) {
    EXPECT_EQ(report.outcome, Outcome::proven) << "nothing went wrong";
  }

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

/// Looks once while one thing goes wrong; false when the look was over before.
inline bool look_through(Place& place, const Setup& setup, const Appointment& appointment) {
  SCOPED_TRACE(text_of({appointment}, 0));
  const auto& [trouble, at] = appointment;
  Table table(place, setup);
  auto session = table.open();
  EXPECT_TRUE(session);
  if (!session) return false;
  const Memory before = table.memory();
  table.add(appointment);
  const auto facts = session->look();
  session.reset();
  EXPECT_EQ(table.memory(), before) << "a look costs nothing";
  const bool reached = table.faulty().commands() >= at;
  if (reached && trouble.kind == Kind::reset) {
    EXPECT_TRUE(facts) << "a reset is got over";
  }
  if (reached && (trouble.kind == Kind::pull || trouble.kind == Kind::silence)) {
    EXPECT_FALSE(facts);
  }
  if (!facts) {
    EXPECT_FALSE(facts.error().sentence.empty());
  }
  return reached;
}

/// Of a wrong code one try and no more is spent.
inline void refuse_through(Place& place, const Setup& setup, const Appointment& appointment, int commands) {
  SCOPED_TRACE(text_of({appointment}, commands));
  Table table(place, setup);
  auto session = table.open();
  ASSERT_TRUE(session);
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  table.add(appointment);
  const auto report = session->unlock(table.order(facts->serial, wrong));
  session.reset();
  EXPECT_NE(report.outcome, Outcome::proven);
  EXPECT_FALSE(table.pin_is_new());
  EXPECT_GE(table.left(setup.unlocker_memory), 2);
  EXPECT_LE(table.sent(0x2C), 1);
}

inline constexpr const char* new_puk = "90316572";

/// The card gets another PUK while something goes wrong; false when that was over before, or the card has no such way.
inline bool change_puk_through(Place& place, const Setup& setup, const Appointment& appointment) {
  SCOPED_TRACE(text_of({appointment}, 0));
  Table table(place, setup);
  auto session = table.open();
  EXPECT_TRUE(session);
  const auto facts = session->look();
  if (!facts || !facts->puk_changes) return false;
  const Memory before = table.memory();
  const int looked = table.faulty().commands();
  table.add(appointment);
  const auto report = session->replace_puk(facts->serial, Secret(std::string(setup.unlocker)), Secret(std::string(new_puk)));
  session.reset();
  EXPECT_FALSE(report.sentence.empty());
  EXPECT_LE(table.sent(0x24), 1) << "it is never sent twice";
  EXPECT_EQ(table.left(setup.unlocker_memory), 3) << "no try is lost";
  const bool changed = table.memory().at("puk") != before.at("puk");
  if (report.outcome == Outcome::proven) {
    EXPECT_TRUE(changed || appointment.trouble.kind == Kind::say_yes);
  } else if (report.outcome != Outcome::interrupted) {
    EXPECT_FALSE(changed) << report.sentence.id;
  }
  return table.faulty().commands() - looked >= appointment.at;
}

/// How many commands an unlock takes when nothing goes wrong.
inline int commands_of(Place& place, const Setup& setup) {
  Table table(place, setup);
  auto session = table.open();
  const auto facts = session->look();
  const int looked = table.faulty().commands();
  session->unlock(table.order(facts.value().serial, setup.unlocker));
  return table.faulty().commands() - looked;
}

// ---- every trouble at every command -------------------------------------------------------------------------------

using Troubles = std::span<const Trouble>;

inline void unlock_through_each(Place& place, const Setup& setup, Troubles all = troubles) {
  const int commands = commands_of(place, setup);
  ASSERT_GT(commands, 2);
  for (const Trouble& trouble : all)
    for (int at = 1; at <= commands + 1; ++at) unlock_through(place, setup, {{trouble, at}}, commands);
}

inline void look_through_each(Place& place, Setup setup, Troubles all = troubles) {
  setup.options.pin_blocked = false;  // otherwise no try could be lost
  for (const Trouble& trouble : all)
    for (int at = 1; look_through(place, setup, {trouble, at}); ++at) ASSERT_LT(at, 40) << "the look has no end";
}

inline void change_puk_through_each(Place& place, const Setup& setup, Troubles all = troubles) {
  for (const Trouble& trouble : all)
    for (int at = 1; change_puk_through(place, setup, {trouble, at}); ++at) ASSERT_LT(at, 40) << "it has no end";
}

inline void refuse_through_each(Place& place, const Setup& setup, Troubles all = troubles) {
  if (!*setup.unlocker_memory) return;
  const int commands = commands_of(place, setup);
  for (const Trouble& trouble : all) {
    const bool lets_everybody_in = trouble.kind == Kind::say_yes && setup.way == UnlockWay::admin_pin;
    for (int at = 1; at <= commands && !lets_everybody_in; ++at) refuse_through(place, setup, {trouble, at}, commands);
  }
}

}  // namespace anahtar::card::matrix
