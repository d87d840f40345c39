// SPDX-License-Identifier: GPL-3.0-or-later
#include "fault_matrix.h"

#include "card/emulated/emulated_readers.h"

/// In process; virtual/fault_matrix_test.cpp does the same over a real pcscd.
namespace anahtar::card::matrix {
namespace {

class InProcess : public Place {
 public:
  Readers& readers() override { return readers_; }
  const std::string& reader() const override { return name_; }
  void put(std::shared_ptr<EmulatedCard> card) override { readers_.insert(name_, std::move(card)); }
  void take() override { readers_.remove(name_); }

 private:
  const std::string name_ = "Desk reader";
  emulated::EmulatedReaders readers_;
};

class EveryFamily : public ::testing::TestWithParam<Setup> {
 protected:
  InProcess place_;
};

TEST_P(EveryFamily, IsUnlockedWithProof) {
  Table table(place_, GetParam());
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
  Table table(place_, GetParam());
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

TEST_P(EveryFamily, TakesAnotherPukWhereItHasThatWayAndTheOldOneNoLonger) {
  Table table(place_, GetParam());
  auto session = table.open();
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  const auto before = table.memory();
  const Secret old(std::string(GetParam().unlocker)), fresh{std::string(new_puk)};
  const auto report = session->replace_puk(facts->serial, old, fresh);
  if (!facts->puk_changes) {
    EXPECT_EQ(report.outcome, Outcome::not_begun) << report.sentence.id;
    EXPECT_EQ(table.memory(), before);
    return;
  }
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_EQ(session->replace_puk("00000000", fresh, old).outcome, Outcome::other_card);
  EXPECT_EQ(session->replace_puk(facts->serial, old, fresh).outcome, Outcome::refused);
  EXPECT_EQ(table.left("puk"), 2);
  EXPECT_EQ(session->unlock(table.order(facts->serial, new_puk)).outcome, Outcome::proven);
}

TEST_P(EveryFamily, GetsAnotherPukWithoutALieWhateverHappens) { change_puk_through_each(place_, GetParam()); }

TEST_P(EveryFamily, IsLeftAloneWhenAnotherCardIsThere) {
  Table table(place_, GetParam());
  auto session = table.open();
  ASSERT_TRUE(session->look());
  const auto before = table.memory();
  EXPECT_EQ(session->unlock(table.order("00000000", GetParam().unlocker)).outcome, Outcome::other_card);
  EXPECT_EQ(table.memory(), before);
}

TEST_P(EveryFamily, LeavesItOpenWhichPinCountsWhenThePullComesWithTheUnblock) {
  Table table(place_, GetParam());
  const auto session = table.open();
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  const std::uint8_t unblock = GetParam().way == UnlockWay::issuer ? 0x54 : 0x2C;
  table.faulty().add({.kind = Kind::pull, .at = 1, .ins = unblock, .after = true});
  EXPECT_EQ(session->unlock(table.order(facts->serial, GetParam().unlocker)).outcome, Outcome::interrupted);
}

TEST_P(EveryFamily, SaysThatNothingBeganWhenThePullComesBefore) {
  Table table(place_, GetParam());
  const auto session = table.open();
  const auto facts = session->look();
  ASSERT_TRUE(facts);
  table.faulty().add({.kind = Kind::pull, .at = 1});
  EXPECT_EQ(session->unlock(table.order(facts->serial, GetParam().unlocker)).outcome, Outcome::not_begun);
}

TEST_P(EveryFamily, TellsTheTruthWhateverGoesWrongAtWhicheverCommand) { unlock_through_each(place_, GetParam()); }
TEST_P(EveryFamily, LosesNoTryByALookWhateverGoesWrong) { look_through_each(place_, GetParam()); }
TEST_P(EveryFamily, SendsAWrongCodeOnceWhateverGoesWrong) { refuse_through_each(place_, GetParam()); }

/// A card that says yes to everything cannot be told from one that does it, unless it shows counters.
bool both_lies(const Trouble& first, const Trouble& second) { return first.kind == Kind::say_yes && second.kind == Kind::say_yes; }

/// Some 40 000 unlocks, some minutes: `ninja card_fault_matrix`.
TEST_P(EveryFamily, DISABLED_TellsTheTruthWhenTwoThingsGoWrong) {
  const int commands = commands_of(place_, GetParam());
  for (const Trouble& first : troubles)
    for (const Trouble& second : troubles)
      for (int at = 1; at <= commands && !both_lies(first, second); ++at)
        for (int then = at + 1; then <= commands + 2; ++then)
          unlock_through(place_, GetParam(), {{first, at}, {second, then}}, commands);
}

INSTANTIATE_TEST_SUITE_P(Card, EveryFamily, ::testing::ValuesIn(setups()),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace anahtar::card::matrix
