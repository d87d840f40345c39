// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/misbehaviour.h"

#include "card/emulated/dialogue.h"
#include "card/emulated/piv_card.h"

namespace anahtar::card::emulated {
namespace {

using testing::ask;
using testing::talk;
using enum Fault::Kind;

constexpr const char* select_piv = "00A404000BA00000030800001000010000";
constexpr const char* wrong_pin = "0020008008 313131313131FFFF";

std::optional<Disturbance::Kind> disturbance(Misbehaviour& card, std::string_view command) {
  try {
    ask(card, command);
    return {};
  } catch (const Disturbance& met) {
    return met.kind;
  }
}

TEST(Misbehaviour, PullsAtTheNthCommandAndOnlyThere) {
  Misbehaviour card(std::make_shared<PivCard>());
  card.add({.kind = pull, .at = 3});
  EXPECT_EQ(disturbance(card, select_piv), std::nullopt);
  EXPECT_EQ(disturbance(card, wrong_pin), std::nullopt);
  EXPECT_EQ(disturbance(card, wrong_pin), Disturbance::Kind::pulled);
  talk(card, {{"the third never came", "00200080", "63C2"}});
}

TEST(Misbehaviour, TellsEachCommandAndWhichFaultStruckIt) {
  Misbehaviour card(std::make_shared<PivCard>());
  std::vector<std::pair<int, std::optional<Fault::Kind>>> told;
  card.tell([&](BytesView command, const std::optional<Fault>& struck) {
    told.emplace_back(command[1], struck ? std::optional(struck->kind) : std::nullopt);
  });
  card.add({.kind = garbage, .at = 2, .ins = 0x20});
  card.add({.kind = pull, .at = 9});
  ask(card, select_piv);
  ask(card, wrong_pin);
  ask(card, wrong_pin);
  const std::vector<std::pair<int, std::optional<Fault::Kind>>> expected = {{0xA4, {}}, {0x20, {}}, {0x20, garbage}};
  EXPECT_EQ(told, expected);
}

TEST(Misbehaviour, LosesTheAnswerAfterTheCardHasActed) {
  Misbehaviour card(std::make_shared<PivCard>());
  card.add({.kind = silence, .ins = 0x20, .after = true});
  ask(card, select_piv);
  EXPECT_EQ(disturbance(card, wrong_pin), Disturbance::Kind::silent);
  talk(card, {{"the try was spent", "00200080", "63C2"}});
}

TEST(Misbehaviour, IsResetByAnotherProgram) {
  Misbehaviour card(std::make_shared<PivCard>());
  card.add({.kind = reset, .ins = 0x20});
  ask(card, select_piv);
  EXPECT_EQ(disturbance(card, "00200080"), Disturbance::Kind::reset);
  talk(card, {{"nothing is selected any more", "00200080", "6D00"}});
}

TEST(Misbehaviour, ForgetsWithoutAWord) {
  Misbehaviour card(std::make_shared<PivCard>());
  card.add({.kind = forget, .ins = 0x20});
  talk(card, {{"SELECT", select_piv, "…9000"}, {"it was away for a moment", "00200080", "6D00"}, {"SELECT", select_piv, "…9000"},
              {"and works", "00200080", "63C3"}});
}

TEST(Misbehaviour, LiesAboutSuccessAndAboutTheTries) {
  Misbehaviour card(std::make_shared<PivCard>(CardOptions{.pin_blocked = true}));
  card.add({.kind = say_yes, .at = 0, .ins = 0x2C});
  talk(card, {{"SELECT", select_piv, "…9000"},
              {"yes to a wrong PUK", "002C008010 3030303030303030 363534333231FFFF", "9000"},
              {"yet it is blocked", "00200080", "6983"}});
  Misbehaviour frozen(std::make_shared<PivCard>());
  frozen.add({.kind = repeat, .at = 0, .ins = 0x20});
  talk(frozen, {{"SELECT", select_piv, "…9000"}, {"three", "00200080", "63C3"}, {"wrong", wrong_pin, "63C2"},
                {"still three", "00200080", "63C3"}});
}

TEST(Misbehaviour, AnswersGarbageAndSlowly) {
  Misbehaviour card(std::make_shared<PivCard>());
  card.add({.kind = garbage});
  EXPECT_EQ(ask(card, select_piv), "DEADBEEF0000");
  card.add({.kind = slow, .delay = std::chrono::milliseconds(30)});
  const auto begun = std::chrono::steady_clock::now();
  talk(card, {{"SELECT", select_piv, "…9000"}});
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(30));
}

}  // namespace
}  // namespace anahtar::card::emulated
