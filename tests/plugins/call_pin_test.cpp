// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin_office.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;

struct CallPin : PluginTest {
  CallPin() { office.verify(ticket, "sms_code"); }
  void answer(const std::string& pin, const std::string& again) {
    script->step([=](const sdk::Form&) {
      sdk::Answers answers;
      answers.secrets.emplace("pin", sdk::Secret(std::string(pin)));
      answers.secrets.emplace("again", sdk::Secret(std::string(again)));
      return answers;
    });
  }
  void say(const std::string& pin) { answer(pin, pin); }
  void choose(const std::string& pin) {
    say(pin);
    ASSERT_TRUE(run("call_pin.set"));
    office.clock.advance(20min);  // nobody is verified any more
    ASSERT_EQ(status().level, 0);
    script = office.conversation();
  }
  bool recorded_anywhere(const std::string& text) {
    for (const auto& stored : office.store.records())
      for (const auto& [tag, value] : stored.record.fields)
        if (value.find(text) != std::string::npos) return true;
    return false;
  }
};

TEST_F(CallPin, IsSetByAVerifiedHolderAndVerifiesThemLater) {
  choose("4827");
  say("4827");
  ASSERT_TRUE(run("verification.call_pin"));
  EXPECT_EQ(status().level, 1);
  EXPECT_EQ(status().method, "call_pin");
}

TEST_F(CallPin, NeedsLevelTwoToBeSet) {
  office.clock.advance(20min);
  office.change_ticket(ticket, [this](Ticket& t) { t.call_number = "+905000000001", t.call_proven = office.clock.now(); });
  office.verify(ticket, "registered_mobile");
  EXPECT_EQ(office.offer(office.operator_(), ticket, "call_pin.set").refusal, "level");
}

TEST_F(CallPin, IsStoredAsAHashAlone) {
  choose("4827");
  const auto stored = office.store.call_pin(office.demo.blocked);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->hash.find("4827"), std::string::npos);
  EXPECT_FALSE(office.store.password_matches(sdk::Secret("4827"), stored->hash)) << "the hash is not under the site's key";
  EXPECT_FALSE(recorded_anywhere("4827"));
}

TEST_F(CallPin, AsksAgainForOneThatIsTooEasyOrTypedTwoWays) {
  answer("4827", "4872");
  say("1234");
  say("4827");
  ASSERT_TRUE(run("call_pin.set"));
  EXPECT_TRUE(form(0).problem.empty());
  EXPECT_FALSE(form(1).problem.empty());
  EXPECT_FALSE(form(2).problem.empty());
  EXPECT_EQ(form(0).fields.at(0).kind, sdk::FieldKind::secret);
}

TEST_F(CallPin, LocksAfterThreeWrongOnesForEveryOperatorAndTicket) {
  choose("4827");
  for (const char* wrong : {"4826", "4825", "4824"}) say(wrong);
  EXPECT_FALSE(run("verification.call_pin"));
  EXPECT_EQ(form(1).fields.at(0).hint.args.at(0), "2");
  EXPECT_TRUE(office.store.method_state(office.demo.blocked, "call_pin").locked);
  const auto other = office.open_ticket(office.demo.blocked, office.demo.other_operator);
  EXPECT_EQ(office.offer(office.session_of(office.demo.other_operator), other, "verification.call_pin").refusal, "locked");
}

TEST_F(CallPin, IsNoMethodForAHolderWhoChoseNone) {
  EXPECT_EQ(office.offer(office.operator_(), ticket, "verification.call_pin").refusal, "port");
}

TEST_F(CallPin, OfARunThatLiesIsNotSet) {
  struct Liar {
    static sdk::Outcome run(sdk::Desk&) { return sdk::propose(sdk::Change::set_call_pin()); }
  };
  for (auto& plugin : office.plugins.loaded)
    for (auto& action : plugin.plugin.actions)
      if (action.id == "call_pin.set") action.run = Liar::run;
  office.open_actions();
  EXPECT_FALSE(run("call_pin.set"));
  EXPECT_FALSE(office.store.call_pin(office.demo.blocked));
}

TEST_F(CallPin, ANewOneReplacesTheOldAndForgivesItsFailures) {
  choose("4827");
  say("4826");
  script->press("");  // the form is answered with nothing: a failure too
  office.verify(ticket, "sms_code");
  const auto second = office.conversation();
  script = second;
  say("7315");
  ASSERT_TRUE(run("call_pin.set"));
  EXPECT_EQ(office.store.method_state(office.demo.blocked, "call_pin").failures, 0);
  script = office.conversation();
  say("7315");
  EXPECT_TRUE(run("verification.call_pin"));
}

}  // namespace
}  // namespace anahtar::testing
