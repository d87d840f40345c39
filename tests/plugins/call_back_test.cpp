// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/call_backs.h"
#include "plugin_office.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;

struct CallBackMethod : PluginTest {
  CallBackMethod() { office.open_actions(); }

  void dial() {
    script->step([](const sdk::Form&) { return sdk::Answers(); });
  }
  void reach(const std::string& whom, std::function<void()> before = {}) {
    script->step([whom, before](const sdk::Form&) {
      if (before) before();
      sdk::Answers answers;
      answers.values["reached"] = whom;
      return answers;
    });
  }
  /// What the telephone system says of the newest call.
  Result<> telephone_reports_an_answer(const std::string& number = "+905000000001") {
    return calls.answered(office.telephone.calls().back().id, number);
  }
  std::size_t records(const char* type) { return office.store.records_of(type).size(); }

  CallBacks calls{office.store, office.store, office.store, office.verification, office.clock};
};

TEST_F(CallBackMethod, CountsOnceOperatorAndTelephoneSystemHaveConfirmed) {
  dial();
  reach("holder", [this] { EXPECT_TRUE(telephone_reports_an_answer()); });
  ASSERT_TRUE(run("verification.call_back"));
  EXPECT_EQ(status().level, 2);
  EXPECT_EQ(status().method, "call_back");
  ASSERT_EQ(office.telephone.calls().size(), 1u);
  EXPECT_EQ(office.telephone.calls()[0].number, "+905000000001");
  EXPECT_EQ(form(0).say.args.at(0), "05•• ••• •• 01");
  for (const char* type : {record_type::call_back_asked, record_type::call_back_dialled, record_type::call_back_answered,
                           record_type::call_back_confirmed})
    EXPECT_EQ(records(type), 1u) << type;
}

TEST_F(CallBackMethod, DoesNotBelieveTheOperatorAlone) {
  dial();
  reach("holder");
  reach("holder");
  script->never_answer();
  const auto started = office.actions->start(office.operator_(), ticket, "verification.call_back", script).value();
  script->wait_for_forms(4);
  EXPECT_FALSE(form(2).problem.empty());
  EXPECT_EQ(status().level, 0);
  started->cancel();
  started->wait();
  EXPECT_EQ(records(record_type::call_back_unanswered), 2u);
  EXPECT_EQ(records(record_type::verification_failed), 0u) << "the caller did nothing wrong";
}

TEST_F(CallBackMethod, DoesNotBelieveTheTelephoneSystemAlone) {
  dial();
  reach("other", [this] { EXPECT_TRUE(telephone_reports_an_answer()); });
  EXPECT_FALSE(run("verification.call_back"));
  EXPECT_EQ(status().level, 0);
  EXPECT_EQ(office.store.method_state(office.demo.blocked, "call_back").failures, 1);
}

TEST_F(CallBackMethod, IsVoidAfterItsTime) {
  dial();
  reach("holder", [this] {
    EXPECT_TRUE(telephone_reports_an_answer());
    office.clock.advance(5min);
  });
  dial();  // it asks to dial again
  reach("holder");
  script->never_answer();
  const auto started = office.actions->start(office.operator_(), ticket, "verification.call_back", script).value();
  script->wait_for_forms(5);
  EXPECT_FALSE(form(2).problem.empty());
  EXPECT_EQ(office.telephone.calls().size(), 2u);
  EXPECT_EQ(status().level, 0) << "the answer of the first call counted for the second";
  started->cancel();
  started->wait();
}

TEST_F(CallBackMethod, IgnoresEventsThatFitNoCall) {
  dial();
  reach("holder", [this] {
    EXPECT_FALSE(telephone_reports_an_answer("+905000000099"));
    EXPECT_FALSE(calls.answered("0123456789abcdef0123456789abcdef", "+905000000001"));
  });
  script->never_answer();
  const auto started = office.actions->start(office.operator_(), ticket, "verification.call_back", script).value();
  script->wait_for_forms(3);
  EXPECT_EQ(status().level, 0);
  EXPECT_EQ(records(record_type::call_back_ignored), 2u);
  started->cancel();
  started->wait();
}

TEST_F(CallBackMethod, DialsTheNumberThatIsRegisteredAndIsVoidWhenItChanges) {
  dial();
  reach("holder", [this] {
    EXPECT_TRUE(telephone_reports_an_answer());
    office.change_subscriber(office.demo.blocked, [](Subscriber& s) { s.mobile = "+905000000077"; });
  });
  dial();
  script->never_answer();
  const auto started = office.actions->start(office.operator_(), ticket, "verification.call_back", script).value();
  script->wait_for_forms(4);
  EXPECT_EQ(status().level, 0);
  EXPECT_EQ(office.telephone.calls().back().number, "+905000000077");
  started->cancel();
  started->wait();
}

TEST_F(CallBackMethod, LocksWhenSomebodyElseAnswersThreeTimes) {
  for (int i = 0; i < 3; ++i) {
    script = office.conversation();
    dial();
    reach("other");
    EXPECT_FALSE(run("verification.call_back"));
  }
  EXPECT_EQ(office.offer(office.operator_(), ticket, "verification.call_back").refusal, "locked");
}

TEST_F(CallBackMethod, SaysWhenTheTelephoneSystemCannotBeReached) {
  office.telephone.fail_with({Code::unavailable, tr("down")});
  dial();
  EXPECT_FALSE(run("verification.call_back"));
  EXPECT_EQ(records(record_type::call_back_failed), 1u);
  EXPECT_TRUE(office.store.latest_call_back(ticket)->voided);
}

TEST_F(CallBackMethod, NeedsATelephoneSystemAndARegisteredNumber) {
  const auto nobody = office.open_ticket(office.demo.no_phone, office.demo.operator_);
  EXPECT_EQ(office.offer(office.operator_(), nobody, "verification.call_back").refusal, "port");
  office.has_telephone = false;
  office.open_actions();
  EXPECT_EQ(office.offer(office.operator_(), ticket, "verification.call_back").refusal, "port");
}

TEST_F(CallBackMethod, DoesNotCarryAChangeOfTheNumberThatItHangsOn) {
  office.verify(ticket, "call_back");
  EXPECT_EQ(office.offer(office.operator_(), ticket, "phone.update").refusal, "level");
}

}  // namespace
}  // namespace anahtar::testing
