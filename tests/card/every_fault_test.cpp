// SPDX-License-Identifier: GPL-3.0-or-later
// While a card is looked at, or refuses a code, something goes wrong at every command; fault_matrix_test.cpp does the same
// to an unlock that would succeed.
#include <gmock/gmock.h>

#include "family_cases.h"

namespace anahtar::card {
namespace {

using core::CardPin;
using core::Code;
using emulated::Fault;
using Outcome = core::UnlockReport::Outcome;

constexpr const char* old_pin = "123456";
constexpr const char* new_pin = "246813";

struct Trouble {
  FamilyCase card;
  Fault::Kind kind;
  bool after;
  std::string name;
};
void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }

std::vector<Trouble> troubles() {
  std::vector<Trouble> all;
  for (const FamilyCase& card : family_cases())
    for (const auto& [kind, name] : {std::pair{Fault::Kind::pull, "Pulled"}, std::pair{Fault::Kind::reset, "Reset"},
                                     std::pair{Fault::Kind::silence, "Silent"}, std::pair{Fault::Kind::garbage, "Garbage"}})
      for (const bool after : {false, true}) all.push_back({card, kind, after, card.name + name + (after ? "After" : "Before")});
  return all;
}

class EveryFault : public testing::TestWithParam<Trouble> {
 protected:
  static constexpr int most_commands = 40;

  /// Puts the card back, as hands do, and looks without any fault.
  static core::CardFacts looked_again(FamilyBench& bench) {
    bench.card->clear();
    bench.readers.insert(FamilyBench::reader, bench.card);
    return bench.open()->look().value();
  }
  /// What counts in truth: asked of the bare card, by a session of its own, only after everything else.
  static bool takes(FamilyBench& bench, const char* pin) {
    bench.card->clear();
    bench.readers.insert(FamilyBench::reader, bench.card);
    const auto connection = bench.readers.connect(FamilyBench::reader);
    Channel channel(*connection);
    for (const Family* family : families())
      if (family->recognises(channel)) return family->verify(channel, core::Secret(pin)).ok();
    return false;
  }
};
INSTANTIATE_TEST_SUITE_P(Cards, EveryFault, testing::ValuesIn(troubles()), [](const auto& each) { return each.param.name; });

TEST_P(EveryFault, LookingNeverCostsATry) {
  for (int at = 1; at <= most_commands; ++at) {
    FamilyBench bench(GetParam().card);
    auto session = bench.open();
    bench.card->add({.kind = GetParam().kind, .at = at, .after = GetParam().after});
    const auto facts = session->look();
    const bool reached = bench.card->commands() >= at;
    if (reached && GetParam().kind == Fault::Kind::reset) {
      EXPECT_TRUE(facts) << "a reset is got over, at " << at;
    } else if (reached && GetParam().kind != Fault::Kind::garbage) {
      EXPECT_FALSE(facts) << at;
    }
    if (!facts) {
      EXPECT_THAT(facts.error().code, testing::AnyOf(Code::not_found, Code::unavailable)) << at;
    }
    session.reset();
    const auto again = looked_again(bench);
    if (GetParam().card.counts_pin) {
      ASSERT_EQ(again.pin(CardPin::Kind::pin)->tries_left, 3) << at;
    }
    ASSERT_TRUE(takes(bench, old_pin)) << at;
    if (!reached) return;
  }
  FAIL() << "the flow has no end";
}

/// Of a wrong code one try and no more is spent, whatever happens.
TEST_P(EveryFault, AWrongCodeIsSentOnce) {
  if (GetParam().card.unlocker.empty()) return;
  for (int at = 1; at <= most_commands; ++at) {
    FamilyBench bench(GetParam().card, {.pin_blocked = true});
    auto session = bench.open();
    const auto facts = session->look().value();
    const int before = bench.card->commands();
    bench.card->add({.kind = GetParam().kind, .at = at, .after = GetParam().after});
    bench.readers.forget_sent();
    const auto report = session->unlock(bench.order(facts, /*right=*/false));
    const bool reached = bench.card->commands() - before >= at;
    EXPECT_NE(report.outcome, Outcome::proven) << at;
    EXPECT_NE(report.outcome, Outcome::not_proven) << at;
    const auto sent = bench.readers.sent(FamilyBench::reader);
    const auto is_costly = [](const Bytes& header) { return header[1] == 0x2C || (header[1] == 0x20 && header[2] == 0x00 && header[3] == 0x83); };
    EXPECT_LE(std::ranges::count_if(sent, is_costly), 1) << at;
    session.reset();
    EXPECT_FALSE(takes(bench, new_pin)) << at;
    if (!reached) return;
  }
  FAIL() << "the flow has no end";
}

}  // namespace
}  // namespace anahtar::card
