// SPDX-License-Identifier: GPL-3.0-or-later
// Which call PINs are taken, and how one that was typed on the telephone opens its holder's record.
#include "core/call_pin_rules.h"
#include "desk_fixture.h"

namespace anahtar::core {
namespace {
using namespace std::chrono_literals;

struct PinCase {
  const char* pin;
  bool good;
};
struct CallPinRule : ::testing::TestWithParam<PinCase> {};

TEST_P(CallPinRule, IsHeld) {
  Subscriber holder;
  holder.national_id = "10000000146";
  holder.mobile = "+905321234567";
  holder.civil.birth_date = "1979-04-23";
  EXPECT_EQ(!objection_to_call_pin(Secret(std::string(GetParam().pin)), holder), GetParam().good) << GetParam().pin;
}

INSTANTIATE_TEST_SUITE_P(
    Pins, CallPinRule,
    ::testing::Values(PinCase{"4827", true}, PinCase{"90216348", true}, PinCase{"0583", true}, PinCase{"482", false},
                      PinCase{"482716359", false}, PinCase{"48 27", false}, PinCase{"48a7", false}, PinCase{"", false},
                      PinCase{"1111", false}, PinCase{"1234", false}, PinCase{"9876", false}, PinCase{"2468", false},
                      PinCase{"7890", false}, PinCase{"1212", false}, PinCase{"483483", false}, PinCase{"1221", false},
                      PinCase{"1121", false}, PinCase{"0146", false}, PinCase{"4567", false}, PinCase{"3212", false},
                      PinCase{"1979", false}, PinCase{"2304", false}, PinCase{"0423", false}, PinCase{"23041979", false},
                      PinCase{"230479", false}));

struct CallPinTest : DeskTest {
  void choose(SubscriberId holder, const std::string& pin) {
    CallPin chosen{holder, verification.hash_of_pin(holder, Secret(std::string(pin))), clock.now()};
    ASSERT_TRUE(store.commit([&](Transaction& tx) -> Result<> {
      tx.record(record_of(ada, "test.changed"));
      tx.save(chosen);
      return {};
    }));
  }
  static IncomingCall call(const std::string& pin, const std::string& national_id = {}, bool proven = true) {
    return {"+905000000001", proven, std::make_shared<const GivenPin>(Secret(std::string(pin)), national_id)};
  }
  int failures(SubscriberId holder) { return store.method_state(holder, "call_pin").failures; }
};

TEST_F(CallPinTest, OpensTheRecordAndVerifiesTheCaller) {
  choose(demo.blocked, "4827");
  const auto match = tickets.match_call(ada, call("4827"));
  ASSERT_TRUE(match);
  EXPECT_EQ(match->recognised, demo.blocked);
  const auto ticket = tickets.open_for_call(ada, match->call, demo.blocked, {}, "other");
  ASSERT_TRUE(ticket);
  const auto status = verification.status(store, *store.ticket(*ticket));
  EXPECT_EQ(status.level, 1);
  EXPECT_EQ(status.method, "call_pin");
}

TEST_F(CallPinTest, VerifiesOnAnOpenTicketThatTheCallIsPutOnto) {
  choose(demo.blocked, "4827");
  ASSERT_TRUE(tickets.open_for_call(ada, call("4827"), demo.blocked, demo.open, "other"));
  EXPECT_EQ(level(demo.open), 1);
}

TEST_F(CallPinTest, CountsAWrongOneOnceACall) {
  choose(demo.blocked, "4827");
  const auto match = tickets.match_call(ada, call("4826"));
  ASSERT_TRUE(match);
  EXPECT_FALSE(match->recognised);
  const auto ticket = tickets.open_for_call(ada, match->call, demo.blocked, {}, "other");
  ASSERT_TRUE(ticket);
  EXPECT_EQ(level(*ticket), 0);
  EXPECT_EQ(failures(demo.blocked), 1);
}

TEST_F(CallPinTest, LocksOverCallsAndThenTakesNotEvenTheRightOne) {
  choose(demo.blocked, "4827");
  for (const char* wrong : {"4826", "4825", "4824"}) ASSERT_TRUE(tickets.match_call(ada, call(wrong)));
  EXPECT_TRUE(store.method_state(demo.blocked, "call_pin").locked);
  EXPECT_EQ(store.records_of(record_type::method_locked).size(), 1u);
  const auto match = tickets.match_call(bora, call("4827"));
  ASSERT_TRUE(match);
  EXPECT_FALSE(match->recognised);
}

TEST_F(CallPinTest, CountsNothingWithoutTheTelephoneSystemsToken) {
  choose(demo.blocked, "4827");
  const auto match = tickets.match_call(ada, call("4827", {}, false));
  ASSERT_TRUE(match);
  EXPECT_FALSE(match->recognised);
  const auto ticket = tickets.open_for_call(ada, call("4827", {}, false), demo.blocked, {}, "other");
  ASSERT_TRUE(ticket);
  EXPECT_EQ(level(*ticket), 0);
  EXPECT_EQ(failures(demo.blocked), 0);
}

TEST_F(CallPinTest, GuessesNobodyAmongSeveralWithOneNumber) {
  choose(demo.shared_a, "4827");
  const std::string number = store.subscriber(demo.shared_a)->mobile;
  IncomingCall shared = call("4827");
  shared.number = number;
  const auto match = tickets.match_call(ada, shared);
  ASSERT_TRUE(match);
  ASSERT_EQ(match->callers.size(), 2u);
  EXPECT_FALSE(match->recognised);
  EXPECT_EQ(failures(demo.shared_a), 0);
  const auto ticket = tickets.open_for_call(ada, match->call, demo.shared_a, {}, "other");
  ASSERT_TRUE(ticket);
  EXPECT_EQ(level(*ticket), 1);
}

TEST_F(CallPinTest, FindsTheHolderByTheNationalIdThatTheyTyped) {
  choose(demo.active, "4827");
  const auto match = tickets.match_call(ada, call("4827", store.subscriber(demo.active)->national_id));
  ASSERT_TRUE(match);
  EXPECT_EQ(match->recognised, demo.active);
}

TEST_F(CallPinTest, IsOfNoUseWithoutTheMethodInThePolicy) {
  choose(demo.blocked, "4827");
  policy.methods.erase("call_pin");
  const auto match = tickets.match_call(ada, call("4827"));
  ASSERT_TRUE(match);
  EXPECT_FALSE(match->recognised);
}

TEST_F(CallPinTest, ATryIsTakenBeforeItIsCompared) {
  choose(demo.blocked, "4827");
  store.fail_commits_with({Code::unavailable, tr("full")}, 1);  // the try is taken, its outcome cannot be written
  EXPECT_FALSE(verification.check_pin(ada, demo.blocked, {}, Secret(std::string("4827"))));
  store.let_commits_succeed();
  EXPECT_EQ(failures(demo.blocked), 1);
}

}  // namespace
}  // namespace anahtar::core
