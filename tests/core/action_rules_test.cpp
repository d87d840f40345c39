// SPDX-License-Identifier: GPL-3.0-or-later
// Who may run what, when: every rule, told by the offer, by the refusal and by the record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_actions.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;
using ActionRulesTest = ActionTest;

TEST_F(ActionRulesTest, RunsWhenVerifiedAtTheLevelThatThePolicyAsksFor) {
  office.verify(ticket, "registered_mobile");
  EXPECT_TRUE(office.offer(office.operator_(), ticket, "password.unblock").possible);
  ASSERT_TRUE(unblock());
  EXPECT_EQ(service_ran, 1);
  EXPECT_FALSE(office.blocked(office.demo.blocked));
}

TEST_F(ActionRulesTest, RefusesBelowTheLevelAndNamesTheMethodsThatWouldSupplyIt) {
  expect_refused("level", office.operator_());
  EXPECT_EQ(office.offer(office.operator_(), ticket, "password.unblock").supplied_by,
            (std::vector<std::string>{"verification.sms_code", "verification.civil_registry"}));
}

TEST_F(ActionRulesTest, NamesOnlyMethodsThatReachTheLevel) {
  office.policy.actions["password.unblock"].level = 2;
  office.verify(ticket, "civil_registry");
  expect_refused("level", office.operator_());
  EXPECT_EQ(office.offer(office.operator_(), ticket, "password.unblock").supplied_by,
            (std::vector<std::string>{"verification.sms_code"}));
}

TEST_F(ActionRulesTest, NamesNoMethodThatTheTicketDoesNotAllow) {
  const auto text = [&] {
    const Text missing = office.offer(office.operator_(), ticket, "password.unblock").missing;
    return sdk::fill(missing.id, missing.args);
  };
  EXPECT_THAT(text(), ::testing::HasSubstr("SMS code")) << "the one that can be gone";
  office.change_ticket(ticket, [&](Ticket& t) { t.subscriber = office.demo.no_phone; });
  office.change_subscriber(office.demo.no_phone, [](Subscriber& s) { s.civil = {}; });
  EXPECT_THAT(text(), ::testing::HasSubstr("no way to it is open on this ticket"));
}

TEST_F(ActionRulesTest, RefusesWhenTheVerificationHasRunOut) {
  office.verify(ticket, "sms_code");
  office.clock.advance(15min);
  expect_refused("level", office.operator_());
}

TEST_F(ActionRulesTest, RefusesWhenTheVerificationIsOlderThanTheActionAllows) {
  office.policy.actions["password.unblock"].freshness = 5min;
  office.verify(ticket, "sms_code");
  office.clock.advance(5min);
  EXPECT_EQ(office.level(ticket), 2);
  expect_refused("level", office.operator_());
}

TEST_F(ActionRulesTest, RefusesAVerificationThatWasVoided) {
  office.verify(ticket, "sms_code");
  office.change([&](Transaction& tx) { office.verification.void_all(tx, *tx.ticket(ticket)); });
  expect_refused("level", office.operator_());
}

TEST_F(ActionRulesTest, DoesNotCountAVerificationOfAnotherSubscriberOnTheSameTicket) {
  office.change_ticket(ticket, [&](Ticket& t) { t.subscriber = office.demo.active; });
  office.verify(ticket, "sms_code");
  office.change_ticket(ticket, [&](Ticket& t) { t.subscriber = office.demo.blocked; });
  expect_refused("level", office.operator_());
}

TEST_F(ActionRulesTest, DoesNotCountAVerificationOfTheSameSubscriberOnAnotherTicket) {
  office.verify(office.open_ticket(office.demo.blocked, office.demo.operator_), "sms_code");
  expect_refused("level", office.operator_());
}

TEST_F(ActionRulesTest, DoesNotBelieveAVerificationFromTheFuture) {
  office.clock.advance(2h);
  office.verify(ticket, "sms_code");
  office.clock.advance(-2h);
  expect_refused("level", office.operator_());
}

TEST_F(ActionRulesTest, CountsAVerificationForNoMoreThanItsMethodGivesToday) {
  office.verify(ticket, "sms_code");
  office.policy.methods["sms_code"].level = 0;
  expect_refused("level", office.operator_());
  office.policy.methods.erase("sms_code");
  EXPECT_EQ(office.level(ticket), 0);
}

TEST_F(ActionRulesTest, RefusesRolesThatThePolicyDoesNotName) {
  office.verify(ticket, "sms_code");
  expect_refused("role", office.session_of(office.demo.administrator));
}

TEST_F(ActionRulesTest, RefusesAnActionThatIsNotInThePolicy) {
  expect_refused("role", office.operator_(), "test.not_in_policy");
}

TEST_F(ActionRulesTest, RefusesAClosedTicket) {
  office.verify(ticket, "sms_code");
  office.change_ticket(ticket, [](Ticket& t) { t.state = TicketState::closed; });
  expect_refused("state", office.operator_());
}

TEST_F(ActionRulesTest, RefusesATicketThatNobodyHasTaken) {
  office.verify(ticket, "sms_code");
  office.change_ticket(ticket, [](Ticket& t) { t.assignee.reset(); });
  expect_refused("state", office.operator_());
  EXPECT_EQ(office.offer(office.operator_(), ticket, "password.unblock").missing.id,
            "Nobody has this ticket. Take it first.");
}

TEST_F(ActionRulesTest, RefusesAnotherOperatorsTicket) {
  office.verify(ticket, "sms_code");
  expect_refused("state", office.session_of(office.demo.other_operator));
}

TEST_F(ActionRulesTest, LetsASupervisorActOnAnybodysTicket) {
  office.verify(ticket, "sms_code");
  EXPECT_TRUE(unblock_as(office.supervisor()));
}

TEST_F(ActionRulesTest, RefusesATicketWithoutSubscriber) {
  office.change_ticket(ticket, [](Ticket& t) { t.subscriber.reset(); });
  expect_refused("state", office.operator_());
}

TEST_F(ActionRulesTest, VerifiesNobodyWhenSomebodyElseCallsForTheHolder) {
  office.verify(ticket, "sms_code");
  office.change_ticket(ticket, [](Ticket& t) { t.caller_is = "the holder's son"; });
  for (const char* method : {"verification.registered_mobile", "verification.sms_code", "verification.civil_registry"})
    expect_refused("caller", office.operator_(), method);
  expect_refused("level", office.operator_());
  EXPECT_TRUE(office.verification.status(office.store, *office.store.ticket(ticket)).impossible);
}

TEST_F(ActionRulesTest, RefusesALockedMethodAlsoOnAnotherTicketOfTheSubscriber) {
  for (int i = 0; i < 3; ++i)
    office.change([&](Transaction& tx) {
      office.verification.count_failure(tx, office.operator_(), *tx.ticket(ticket), "civil_registry");
    });
  ticket = office.open_ticket(office.demo.blocked, office.demo.operator_);
  expect_refused("locked", office.operator_(), "verification.civil_registry");
}

TEST_F(ActionRulesTest, RefusesTheCallMethodWithoutAProvenCall) {
  office.change_ticket(ticket, [](Ticket& t) { t.call_number = "+905000000001"; });
  expect_refused("port", office.operator_(), "verification.registered_mobile");
}

TEST_F(ActionRulesTest, RefusesTheCallMethodOnceTheProvenCallIsOlderThanAVerificationLives) {
  office.change_ticket(ticket, [this](Ticket& t) { t.call_number = "+905000000001", t.call_proven = office.clock.now(); });
  office.clock.advance(14min);
  EXPECT_TRUE(office.offer(office.operator_(), ticket, "verification.registered_mobile").possible);
  office.clock.advance(1min);
  expect_refused("port", office.operator_(), "verification.registered_mobile");
}

TEST_F(ActionRulesTest, RefusesQuestionsWhoseAnswersWereOpenToTheOperator) {
  office.verify(ticket, "sms_code");
  EXPECT_TRUE(office.offer(office.operator_(), ticket, "verification.civil_registry").possible);
  office.change([&](Transaction& tx) {
    Opening opening{.ticket = ticket, .subscriber = office.demo.blocked, .operator_id = office.operator_().operator_id,
                    .until = office.clock.now() + 5min};
    tx.save(opening);
  });
  office.clock.advance(20min);  // neither the data nor the verification stand any more; the operator remembers
  expect_refused("seen", office.operator_(), "verification.civil_registry");
}

TEST_F(ActionRulesTest, RefusesTheCallMethodForACallFromAnotherNumber) {
  office.change_ticket(ticket, [this](Ticket& t) { t.call_number = "+905000000002", t.call_proven = office.clock.now(); });
  expect_refused("port", office.operator_(), "verification.registered_mobile");
}

TEST_F(ActionRulesTest, RefusesTheCallMethodWithoutARegisteredMobileEvenForAWithheldNumber) {
  office.change_ticket(
      ticket, [&](Ticket& t) { t.subscriber = office.demo.no_phone, t.call_number = "", t.call_proven = office.clock.now(); });
  expect_refused("port", office.operator_(), "verification.registered_mobile");
}

TEST_F(ActionRulesTest, RefusesCodesWithoutAGateway) {
  office.has_gateway = false;
  office.open_actions();
  expect_refused("port", office.operator_(), "verification.sms_code");
}

TEST_F(ActionRulesTest, RefusesCodesWithoutARegisteredMobile) {
  office.change_ticket(ticket, [&](Ticket& t) { t.subscriber = office.demo.no_phone; });
  expect_refused("port", office.operator_(), "verification.sms_code");
}

TEST_F(ActionRulesTest, RefusesQuestionsWhenTheRecordHoldsTooFewAnswers) {
  office.change_subscriber(office.demo.blocked, [](Subscriber& s) {
    s.civil = {};
    s.civil.birth_date = "1985-04-23";
    s.civil.mother_name = "Gülşen";
  });
  expect_refused("port", office.operator_(), "verification.civil_registry");
}

TEST_F(ActionRulesTest, RefusesWhoeverIsNoLongerAnOperator) {
  office.verify(ticket, "sms_code");
  office.change([&](Transaction& tx) {
    Operator disabled = office.demo.operator_;
    disabled.disabled = true;
    tx.save(disabled);
  });
  EXPECT_FALSE(office.actions->offers(office.operator_(), ticket));
  EXPECT_FALSE(unblock());
  EXPECT_EQ(office.recorded_refusals(), std::vector<std::string>{"session"});
  EXPECT_EQ(service_ran, 0);
}

TEST_F(ActionRulesTest, RefusesUnknownActionsAndTicketsAndRecordsIt) {
  const auto no_action = office.run(office.operator_(), ticket, "no.such", office.conversation());
  EXPECT_EQ(no_action.error().code, Code::not_found);
  const auto no_ticket = office.run(office.operator_(), 9999, "password.unblock", office.conversation());
  EXPECT_EQ(no_ticket.error().code, Code::not_found);
  EXPECT_EQ(office.recorded_refusals(), (std::vector<std::string>{"unknown", "unknown"}));
}

TEST_F(ActionRulesTest, ListsMethodsFirstAndSaysWhatThePolicyKnows) {
  const auto catalogue = office.actions->catalogue();
  ASSERT_EQ(catalogue.size(), 5u);
  EXPECT_EQ(catalogue[0].id, "verification.registered_mobile");
  EXPECT_EQ(catalogue[0].level, 1);
  EXPECT_EQ(catalogue[3].id, "password.unblock");
  EXPECT_EQ(catalogue[3].roles, (std::vector<Role>{Role::operator_, Role::supervisor, Role::field}));
  EXPECT_FALSE(catalogue[4].in_policy);
}

}  // namespace
}  // namespace anahtar::testing
