// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hints.h"

#include "core/desk_fixture.h"

namespace anahtar::core {
namespace {
using namespace std::chrono_literals;

const Time start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5};

const HintRule takeover{"takeover", tr("t"), {"phone.update", "security_word.reset", "password.unblock"}, "", 0,
                        HintRule::Per::subscriber, 24h};
const HintRule refusals{"many_refusals", tr("t"), {}, "refused", 3, HintRule::Per::subscriber, 1h};
const HintRule updates{"many_phone_updates", tr("t"), {}, "phone.update", 3, HintRule::Per::operator_, 8h};

struct Happened {
  int hour;
  const char* what;
  SubscriberId subscriber = 1;
  const char* operator_name = "ada";
};
struct HintCase {
  const char* name;
  HintRule rule;
  std::vector<Happened> events;
  int found;  ///< hints
  int count;  ///< events in the first
};
struct HintRules : ::testing::TestWithParam<HintCase> {};

TEST_P(HintRules, FindTheirPattern) {
  std::vector<HintEvent> events;
  for (const Happened& each : GetParam().events)
    events.push_back({start + std::chrono::hours(each.hour), each.what, each.subscriber, each.operator_name, each.hour + 1});
  const auto hints = hints_of(GetParam().rule, events);
  ASSERT_EQ(static_cast<int>(hints.size()), GetParam().found) << GetParam().name;
  if (!hints.empty()) {
    EXPECT_EQ(hints[0].count, GetParam().count) << GetParam().name;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Patterns, HintRules,
    ::testing::Values(
        HintCase{"all three in order", takeover,
                 {{0, "phone.update"}, {2, "security_word.reset"}, {20, "password.unblock"}}, 1, 3},
        HintCase{"exactly at the end of the time", takeover,
                 {{0, "phone.update"}, {2, "security_word.reset"}, {24, "password.unblock"}}, 1, 3},
        HintCase{"too slow", takeover, {{0, "phone.update"}, {2, "security_word.reset"}, {25, "password.unblock"}}, 0, 0},
        HintCase{"in another order", takeover,
                 {{0, "security_word.reset"}, {1, "phone.update"}, {2, "password.unblock"}}, 0, 0},
        HintCase{"of two subscribers", takeover,
                 {{0, "phone.update", 1}, {1, "security_word.reset", 2}, {2, "password.unblock", 1}}, 0, 0},
        HintCase{"by three operators", takeover,
                 {{0, "phone.update", 1, "ada"}, {1, "security_word.reset", 1, "bora"}, {2, "password.unblock", 1, "cem"}},
                 1, 3},
        HintCase{"with other things between", takeover,
                 {{0, "phone.update"}, {1, "password.unblock"}, {2, "security_word.reset"}, {3, "refused"},
                  {4, "password.unblock"}}, 1, 3},
        HintCase{"an early step too old, a later one in time", takeover,
                 {{0, "phone.update"}, {20, "phone.update"}, {21, "security_word.reset"}, {40, "password.unblock"}}, 1, 3},
        HintCase{"refusals, enough of them", refusals, {{0, "refused"}, {0, "refused"}, {1, "refused"}}, 1, 3},
        HintCase{"refusals, too few in an hour", refusals, {{0, "refused"}, {0, "refused"}, {2, "refused"}}, 0, 0},
        HintCase{"refusals about nobody", refusals, {{0, "refused", 0}, {0, "refused", 0}, {0, "refused", 0}}, 0, 0},
        HintCase{"refusals on two subscribers", refusals,
                 {{0, "refused", 1}, {0, "refused", 2}, {0, "refused", 1}, {0, "refused", 2}, {0, "refused", 1},
                  {0, "refused", 2}}, 2, 3},
        HintCase{"updates by one operator", updates,
                 {{0, "phone.update", 1}, {3, "phone.update", 2}, {7, "phone.update", 3}}, 1, 3},
        HintCase{"updates by several operators", updates,
                 {{0, "phone.update", 1, "ada"}, {3, "phone.update", 2, "bora"}, {7, "phone.update", 3, "cem"}}, 0, 0}));

struct HintsTest : DeskTest {
  Hints hints{store, store, store, verification, clock};

  void run_done(const std::string& action, TicketNumber ticket) {
    ASSERT_TRUE(store.commit([&](Transaction& tx) -> Result<> {
      tx.record(record_of(ada, record_type::action_ended, tx, *tx.ticket(ticket)));
      ActionRunRow run{"", action, ticket, ada.operator_id, clock.now(), clock.now(), "done", "device"};
      tx.save(run);
      return {};
    }));
    clock.advance(10min);
  }
};

TEST_F(HintsTest, AreFoundInWhatTheDeskRecordedAndForgottenAfterADay) {
  for (const char* action : {"phone.update", "security_word.reset", "password.unblock"}) run_done(action, demo.taken);
  const auto found = hints.current(selin);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].rule, "takeover");
  EXPECT_EQ((*found)[0].subscriber, demo.active);
  EXPECT_EQ((*found)[0].ticket, demo.taken);
  EXPECT_EQ((*found)[0].subscriber_name, "Ç••• D•••");
  clock.advance(25h);
  EXPECT_TRUE(hints.current(selin)->empty());
}

TEST_F(HintsTest, CountRefusalsOfTheLog) {
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(tickets.note(bora, demo.taken, "Mine?"));
  const auto found = hints.current(selin);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].rule, "many_refusals");
  EXPECT_EQ((*found)[0].count, 5);
}

TEST_F(HintsTest, AreForSupervisorsAlone) {
  EXPECT_EQ(code_of(hints.current(ada)), Code::not_permitted);
  EXPECT_EQ(last_refusal(), "role");
}

TEST_F(HintsTest, FollowThePolicy) {
  policy.hints.clear();
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(tickets.note(bora, demo.taken, "Mine?"));
  EXPECT_TRUE(hints.current(selin)->empty());
}

struct HistoryTest : DeskTest {};

TEST_F(HistoryTest, TellsASubscribersStoryOverAllTicketsAndRecordsTheLook) {
  ASSERT_TRUE(tickets.note(ada, demo.taken, "On the first"));
  const auto second = tickets.open(bora, {.subscriber = demo.active, .note = "On the second"});
  ASSERT_TRUE(second);
  const auto history = tickets.history(bora, demo.active);
  ASSERT_TRUE(history);
  std::vector<std::pair<TicketNumber, std::string>> notes;
  for (const auto& event : *history)
    if (!event.text.empty()) notes.emplace_back(event.ticket, event.text);
  EXPECT_EQ(notes, (std::vector<std::pair<TicketNumber, std::string>>{{demo.taken, "On the first"},
                                                                       {*second, "On the second"}}));
  const auto looks = store.records_of(record_type::history_viewed);
  ASSERT_EQ(looks.size(), 1u);
  EXPECT_EQ(looks[0].actor, "bora");
  EXPECT_EQ(looks[0].subject, store.subscriber(demo.active)->pseudonym);
}

TEST_F(HistoryTest, IsForTheDeskAndShowsNothingThatCannotBeRecorded) {
  EXPECT_EQ(code_of(tickets.history(yusuf, demo.active)), Code::not_permitted);
  EXPECT_EQ(code_of(tickets.history(ada, 9999)), Code::not_found);
  store.fail_commits_with({Code::unavailable, tr("full")});
  EXPECT_EQ(code_of(tickets.history(ada, demo.active)), Code::unavailable);
}

}  // namespace
}  // namespace anahtar::core
