// SPDX-License-Identifier: GPL-3.0-or-later
// Four eyes: what a request is bound to, who may decide, and what ends it.
#include "core/approvals.h"

#include <gtest/gtest.h>

#include "scripted_actions.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;

struct ApprovalsTest : ActionTest {
  ApprovalsTest() {
    office.policy.actions["password.unblock"].approval = ApprovalRule::four_eyes;
    office.verify(ticket, "sms_code");
  }

  /// The operator's action, which now waits.
  std::int64_t request() { return request_as(office.operator_()); }
  std::int64_t request_as(const Session& session) {
    const auto result = unblock_as(session);
    if (!result) throw FailureError(result.error());
    return office.store.waiting_approvals().back().number;
  }
  Operator add_supervisor(const std::string& name, const std::string& person) {
    Operator account = office.demo.supervisor;
    account.id = 0;
    account.name = name;
    account.person = person;
    office.change([&](Transaction& tx) { tx.save(account); });
    return account;
  }
  void change_operator(const Operator& who, const std::function<void(Operator&)>& change) {
    office.change([&](Transaction& tx) {
      Operator account = *tx.operator_by_id(who.id);
      change(account);
      tx.save(account);
    });
  }
  /// The supervisor's approval fails, the request is over, nothing was changed, and the rule stands in the record.
  void expect_void(std::int64_t number, const std::string& rule) {
    EXPECT_FALSE(approvals.approve(office.supervisor(), number));
    EXPECT_EQ(office.store.approval(number)->state, "void");
    EXPECT_EQ(office.store.records_of(record_type::approval_void).at(0).fields.at(Tag::refusal), rule);
    EXPECT_TRUE(office.blocked(office.demo.blocked));
    EXPECT_TRUE(office.store.records_of(record_type::action_changed).empty());
  }
  /// Refused as one's own; the request still waits and somebody else may approve it.
  void expect_own(const Session& session, std::int64_t number) {
    const auto result = approvals.approve(session, number);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::not_permitted);
    EXPECT_EQ(office.recorded_refusals().back(), "own");
    EXPECT_EQ(office.store.approval(number)->state, "waiting");
    EXPECT_TRUE(office.blocked(office.demo.blocked));
  }

  Approvals approvals{office.store,    office.store,   office.store, office.verification,
                      Outside{office.outbox.get()}, office.plugins, office.clock, &office.store};
};

TEST_F(ApprovalsTest, AnActionThatNeedsApprovalWaitsAndSaysSo) {
  EXPECT_TRUE(office.offer(office.operator_(), ticket, "password.unblock").needs_approval);
  const auto result = unblock();
  ASSERT_TRUE(result);
  EXPECT_NE(result->id.find("Waiting for approval"), std::string::npos);
  EXPECT_TRUE(office.blocked(office.demo.blocked));
  EXPECT_EQ(office.recorded_ends(), std::vector<std::string>{"waiting"});
  const auto asked = office.store.records_of(record_type::approval_requested).at(0);
  EXPECT_EQ(asked.fields.at(Tag::change),
            R"({"kind":"password.unblock","parameters":{"cause":"forgot","note":"a note"}})");
  const Approval stored = *office.store.approval(1);
  EXPECT_EQ(stored.run, asked.fields.at(Tag::run));
  EXPECT_EQ(stored.ticket, ticket);
  EXPECT_EQ(stored.verification, office.store.verifications(ticket).at(0).id);
  EXPECT_EQ(stored.expires, office.clock.now() + 30min);
}

TEST_F(ApprovalsTest, SayWhenTheyCanNoLongerBeApproved) {
  const auto number = request();
  EXPECT_TRUE(approvals.view(office.supervisor(), number)->line.objection.empty());
  office.change([&](Transaction& tx) {
    for (auto& each : tx.verifications(ticket)) {
      each.voided = true;
      tx.save(each);
    }
  });
  EXPECT_FALSE(approvals.list(office.supervisor())->back().objection.empty());
  EXPECT_FALSE(approvals.view(office.supervisor(), number)->line.objection.empty());
}

TEST_F(ApprovalsTest, AreNotAskedForWhereThePolicyAsksForNone) {
  office.policy.actions["password.unblock"].approval = ApprovalRule::none;
  EXPECT_FALSE(office.offer(office.operator_(), ticket, "password.unblock").needs_approval);
  ASSERT_TRUE(unblock());
  EXPECT_FALSE(office.blocked(office.demo.blocked));
}

TEST_F(ApprovalsTest, AreNotNeededAtLevelThreeWhereThePolicySaysSo) {
  office.policy.actions["password.unblock"].approval = ApprovalRule::four_eyes_unless_level_3;
  EXPECT_TRUE(office.offer(office.operator_(), ticket, "password.unblock").needs_approval);
  office.verify(ticket, "identity_card");
  EXPECT_FALSE(office.offer(office.operator_(), ticket, "password.unblock").needs_approval);
  ASSERT_TRUE(unblock());
  EXPECT_FALSE(office.blocked(office.demo.blocked));
}

TEST_F(ApprovalsTest, ApplyTheVeryChangeAndNameEachOther) {
  const auto number = request();
  const auto result = approvals.approve(office.supervisor(), number);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->id, "The password is active again.");
  EXPECT_FALSE(office.blocked(office.demo.blocked));
  const auto approved = office.store.records_of(record_type::approval_approved).at(0);
  const auto changed = office.store.records_of(record_type::action_changed).at(0);
  EXPECT_EQ(approved.fields.at(Tag::approval), "1");
  EXPECT_EQ(changed.fields.at(Tag::approval), "1");
  EXPECT_EQ(approved.fields.at(Tag::execution), changed.fields.at(Tag::execution));
  EXPECT_EQ(approved.fields.at(Tag::run), changed.fields.at(Tag::run));
  EXPECT_EQ(approved.fields.at(Tag::operator_name), "ada");
  EXPECT_EQ(approved.actor, "selin");
  EXPECT_EQ(changed.fields.at(Tag::change), office.store.records_of(record_type::approval_requested).at(0).fields.at(Tag::change));
  EXPECT_EQ(office.store.approval(number)->state, "approved");
  EXPECT_EQ(approvals.approve(office.supervisor(), number).error().code, Code::conflict);
}

TEST_F(ApprovalsTest, AreListedToSupervisorsAndToWhoAsked) {
  request();
  EXPECT_EQ(approvals.count(office.supervisor()), 1);
  ASSERT_EQ(approvals.list(office.supervisor())->size(), 1u);
  EXPECT_FALSE(approvals.list(office.supervisor())->at(0).mine);
  EXPECT_EQ(approvals.list(office.supervisor())->at(0).subscriber, "I••• İ••• Ö•••");
  ASSERT_EQ(approvals.list(office.operator_())->size(), 1u);
  EXPECT_TRUE(approvals.list(office.operator_())->at(0).mine);
  EXPECT_TRUE(approvals.list(office.session_of(office.demo.other_operator))->empty());
  EXPECT_EQ(approvals.count(office.operator_()), 0);
}

TEST_F(ApprovalsTest, ShowWhatIsNeededToDecideAndRecordThatItWasSeen) {
  const auto number = request();
  const auto view = approvals.view(office.supervisor(), number);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->level, 2);
  EXPECT_EQ(view->change.at(0).second.id, "Forgot the security word");
  EXPECT_EQ(office.store.records_of(record_type::approval_viewed).size(), 1u);
  EXPECT_EQ(approvals.view(office.operator_(), number).error().code, Code::not_permitted);
}

TEST_F(ApprovalsTest, AreDecidedBySupervisorsOnly) {
  const auto number = request();
  for (const Operator& who : {office.demo.other_operator, office.demo.field, office.demo.administrator}) {
    EXPECT_EQ(approvals.approve(office.session_of(who), number).error().code, Code::not_permitted);
    EXPECT_EQ(approvals.reject(office.session_of(who), number, "no").error().code, Code::not_permitted);
  }
  EXPECT_EQ(office.store.approval(number)->state, "waiting");
}

TEST_F(ApprovalsTest, AreNeverOnesOwnWithTheSameAccount) { expect_own(office.supervisor(), request_as(office.supervisor())); }

TEST_F(ApprovalsTest, AreNeverOnesOwnWithASecondAccount) {
  const auto number = request();
  expect_own(office.session_of(add_supervisor("ada2", office.demo.operator_.person)), number);
}

TEST_F(ApprovalsTest, AreNotForWhoVerifiedTheCaller) {
  const Operator second = add_supervisor("bora2", office.demo.other_operator.person);
  office.change([&](Transaction& tx) {
    office.verification.grant(tx, office.session_of(office.demo.other_operator), *tx.ticket(ticket), "registered_mobile");
  });
  const auto number = request();
  expect_own(office.session_of(second), number);
  EXPECT_TRUE(approvals.approve(office.supervisor(), number));
}

TEST_F(ApprovalsTest, AreNeverOnesOwnAfterAPromotion) {
  const auto number = request();
  change_operator(office.demo.operator_, [](Operator& account) { account.role = Role::supervisor; });
  Operator promoted = office.demo.operator_;
  promoted.role = Role::supervisor;
  expect_own(office.session_of(promoted), number);
}

TEST_F(ApprovalsTest, AreNeverOnesOwnWhenTheAccountIsGivenToAnotherPersonMeanwhile) {
  const auto number = request();
  change_operator(office.demo.operator_, [](Operator& account) { account.person = "somebody else"; });
  expect_own(office.session_of(add_supervisor("ada2", office.demo.operator_.person)), number);
}

TEST_F(ApprovalsTest, ARejectionKillsItForGoodAndNeedsAReason) {
  const auto number = request();
  EXPECT_EQ(approvals.reject(office.supervisor(), number, "  ").error().code, Code::invalid);
  ASSERT_TRUE(approvals.reject(office.supervisor(), number, "the voice was another"));
  EXPECT_EQ(office.store.records_of(record_type::approval_rejected).at(0).fields.at(Tag::reason), "the voice was another");
  EXPECT_EQ(approvals.approve(office.supervisor(), number).error().code, Code::conflict);
  EXPECT_TRUE(office.blocked(office.demo.blocked));
}

/// The run that asked ends as its request did; one that came to nothing leaves the limit to the next.
TEST_F(ApprovalsTest, CountTowardsALimitWhileTheyWaitOrWereApprovedOnly) {
  office.policy.actions["password.unblock"].per_subscriber_day = 1;
  const auto first = request();
  const auto run_of = [&](std::int64_t number) { return *office.store.action_run(office.store.approval(number)->run); };
  EXPECT_EQ(run_of(first).outcome, "waiting");
  ASSERT_TRUE(approvals.reject(office.supervisor(), first, "the voice was another"));
  EXPECT_EQ(run_of(first).outcome, "rejected");
  const auto second = request();
  office.clock.advance(30min);
  ASSERT_TRUE(approvals.expire_due());
  EXPECT_EQ(run_of(second).outcome, "expired");
  office.verify(ticket, "sms_code");
  const auto third = request();
  ASSERT_TRUE(approvals.approve(office.supervisor(), third));
  EXPECT_EQ(run_of(third).outcome, "done");
  const auto refused = unblock_as(office.operator_());
  ASSERT_FALSE(refused);
  EXPECT_EQ(office.recorded_refusals().back(), "rate");
}

TEST_F(ApprovalsTest, Expire) {
  const auto number = request();
  office.clock.advance(30min);
  EXPECT_TRUE(approvals.list(office.supervisor())->empty());
  EXPECT_EQ(approvals.approve(office.supervisor(), number).error().code, Code::refused);
  EXPECT_EQ(office.store.approval(number)->state, "expired");
  EXPECT_EQ(office.store.records_of(record_type::approval_expired).size(), 1u);
  EXPECT_TRUE(office.blocked(office.demo.blocked));
}

TEST_F(ApprovalsTest, ExpireByTheProgramItselfWhoeverLooks) {
  const auto number = request();
  office.clock.advance(30min - 1s);
  ASSERT_TRUE(approvals.expire_due());
  EXPECT_EQ(office.store.approval(number)->state, "waiting");
  office.clock.advance(1s);
  ASSERT_TRUE(approvals.expire_due());
  ASSERT_TRUE(approvals.expire_due());
  EXPECT_EQ(office.store.approval(number)->state, "expired");
  EXPECT_EQ(office.store.approval(number)->decided, office.clock.now());
  const auto expired = office.store.records_of(record_type::approval_expired);
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(expired[0].actor, "") << "the program's own record";
  EXPECT_EQ(expired[0].ticket, office.store.ticket(ticket)->id) << "the ticket's timeline tells it";
}

TEST_F(ApprovalsTest, TellWhoAskedWhatCameOfIt) {
  const Time before = office.clock.now();
  const auto approved = request();
  EXPECT_TRUE(approvals.outcomes(office.operator_(), before)->empty());
  office.clock.advance(1min);
  ASSERT_TRUE(approvals.approve(office.supervisor(), approved));
  auto told = approvals.outcomes(office.operator_(), before);
  ASSERT_EQ(told->size(), 1u);
  EXPECT_EQ(told->at(0).state, "approved");
  EXPECT_EQ(told->at(0).decided_by, office.demo.supervisor.display_name);
  EXPECT_EQ(outcome_of(told->at(0)).id, "{1} was approved by {2} (request {3}).");
  EXPECT_TRUE(approvals.outcomes(office.session_of(office.demo.other_operator), before)->empty()) << "theirs alone";
  EXPECT_TRUE(approvals.outcomes(office.operator_(), office.clock.now())->empty()) << "told once";
}

TEST_F(ApprovalsTest, TellOfARejectionWithItsReason) {
  const auto number = request();
  ASSERT_TRUE(approvals.reject(office.supervisor(), number, "the voice was another"));
  const auto told = approvals.outcomes(office.operator_(), office.clock.now() - 1min);
  EXPECT_EQ(told->at(0).reason, "the voice was another");
  EXPECT_EQ(outcome_of(told->at(0)).args.back(), "the voice was another");
}

TEST_F(ApprovalsTest, ShowHowTheCallerWasVerifiedTheAgeOfTheNumberAndThePast) {
  office.run(office.operator_(), office.open_ticket(office.demo.blocked, office.demo.operator_), "password.unblock",
             office.conversation());  // refused: nobody was verified
  office.clock.advance(3min);
  const auto number = request();
  office.change([&](Transaction& tx) {
    NumberChange change{.subscriber = office.demo.blocked, .action = "phone.update", .at = office.clock.now() - 1min, .until = {}, .undone = {}};
    tx.save(change);
  });
  office.change([&](Transaction& tx) {
    using Attached = std::pair<std::string, int>;
    for (const auto& [who, milliseconds] : {Attached{office.demo.operator_.name, 12'000}, Attached{office.demo.supervisor.name, 11'000}}) {
      Recording recording{.ticket = ticket, .subscriber = office.demo.blocked, .kind = "file", .milliseconds = milliseconds,
                          .attached = office.clock.now(), .attached_by = who};
      tx.save(recording);
    }
  });
  const auto view = approvals.view(office.supervisor(), number);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->recorded, 12s);
  EXPECT_EQ(view->recorded_by, office.demo.operator_.display_name);
  EXPECT_TRUE(view->recorded_by_asker);
  EXPECT_EQ(view->call.id, "no call is on the ticket");
  EXPECT_EQ(view->verified, office.clock.now() - 3min);
  EXPECT_EQ(view->verified_by, office.demo.operator_.display_name);
  EXPECT_EQ(view->number_since, office.clock.now() - 1min);
  EXPECT_FALSE(view->number_at_least);
  EXPECT_EQ(view->mobile, "05•• ••• •• 01");
  ASSERT_EQ(view->past.size(), 1u) << "the refusal; not the request itself";
  EXPECT_EQ(view->past[0].at, office.clock.now() - 3min);
}

TEST_F(ApprovalsTest, OutliveTheVerificationThatCarriedThem) {
  const auto number = request();
  office.clock.advance(20min);
  EXPECT_EQ(office.level(ticket), 0);
  EXPECT_TRUE(approvals.approve(office.supervisor(), number));
}

TEST_F(ApprovalsTest, StandOnTheVerificationTheyNameAlsoWhenANewerOneCameInTheSameMinute) {
  const auto number = request();
  office.verify(ticket, "sms_code");
  EXPECT_TRUE(approvals.approve(office.supervisor(), number));
}

TEST_F(ApprovalsTest, OneRequestAtATimeForAnActionOnATicket) {
  request();
  EXPECT_FALSE(unblock());
  EXPECT_EQ(office.recorded_refusals().back(), "waiting");
}

TEST_F(ApprovalsTest, FallWhenTheVerificationIsVoided) {
  const auto number = request();
  office.change([&](Transaction& tx) { office.verification.void_all(tx, *tx.ticket(ticket)); });
  expect_void(number, "level");
}

TEST_F(ApprovalsTest, FallWhenTheTicketIsPutOntoAnotherSubscriber) {
  const auto number = request();
  office.change_ticket(ticket, [&](Ticket& t) { t.subscriber = office.demo.active; });
  expect_void(number, "state");
}

TEST_F(ApprovalsTest, FallWhenSomebodyElseTurnsOutToBeCalling) {
  const auto number = request();
  office.change_ticket(ticket, [](Ticket& t) { t.caller_is = "a neighbour"; });
  expect_void(number, "state");
}

TEST_F(ApprovalsTest, FallWhenTheTicketIsClosed) {
  const auto number = request();
  office.change_ticket(ticket, [](Ticket& t) { t.state = TicketState::closed; });
  expect_void(number, "state");
}

TEST_F(ApprovalsTest, FallWhenTheRequesterIsDisabled) {
  const auto number = request();
  change_operator(office.demo.operator_, [](Operator& account) { account.disabled = true; });
  expect_void(number, "requester");
}

TEST_F(ApprovalsTest, FallWhenTheRequesterHasAnotherRole) {
  const auto number = request();
  change_operator(office.demo.operator_, [](Operator& account) { account.role = Role::field; });
  expect_void(number, "role");
}

TEST_F(ApprovalsTest, FallWhenThePolicyBecameStricter) {
  const auto number = request();
  office.policy.actions["password.unblock"].level = 3;
  expect_void(number, "level");
}

TEST_F(ApprovalsTest, FallWhenThePasswordIsUnblockedMeanwhile) {
  const auto number = request();
  office.change([&](Transaction& tx) {
    PortalAccount account = *tx.portal_account(office.demo.blocked);
    account.blocked = false;
    tx.save(account);
  });
  EXPECT_FALSE(approvals.approve(office.supervisor(), number));
  EXPECT_EQ(office.store.records_of(record_type::approval_void).at(0).fields.at(Tag::refusal), "state");
}

TEST_F(ApprovalsTest, TheSessionOfWhoApprovesIsCheckedInTheCommit) {
  const auto number = request();
  change_operator(office.demo.supervisor, [](Operator& account) { account.disabled = true; });
  EXPECT_EQ(approvals.approve(office.supervisor(), number).error().code, Code::not_permitted);
  EXPECT_EQ(office.store.approval(number)->state, "waiting");
}

TEST_F(ApprovalsTest, LeaveNoTraceOfAnApprovalThatCannotBeRecorded) {
  const auto number = request();
  office.store.fail_commits_with({Code::unavailable, tr("The disk is full.")});
  EXPECT_EQ(approvals.approve(office.supervisor(), number).error().code, Code::unavailable);
  office.store.let_commits_succeed();
  EXPECT_EQ(office.store.approval(number)->state, "waiting");
  EXPECT_TRUE(approvals.approve(office.supervisor(), number));
}

}  // namespace
}  // namespace anahtar::testing
