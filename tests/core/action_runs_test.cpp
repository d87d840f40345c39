// SPDX-License-Identifier: GPL-3.0-or-later
// A run from its recorded start to its recorded end, whatever the plugin does.
#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "core/tickets.h"
#include "scripted_actions.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;
using sdk::Desk;
using sdk::Outcome;

struct ActionRunTest : ActionTest {
  ActionRunTest() { office.verify(ticket, "registered_mobile"); }

  Result<std::shared_ptr<ActionRun>> start(std::shared_ptr<ScriptedConversation> conversation) {
    return office.actions->start(office.operator_(), ticket, "password.unblock", std::move(conversation));
  }
  /// The run failed, its end is recorded and nothing was changed.
  void expect_ended(const std::string& outcome) {
    EXPECT_EQ(office.recorded_ends(), std::vector<std::string>{outcome});
    EXPECT_TRUE(office.store.records_of(record_type::action_changed).empty());
    EXPECT_TRUE(office.blocked(office.demo.blocked));
    EXPECT_TRUE(office.store.open_runs().empty());
  }
  static sdk::Form question() { return sdk::Form(tr("A question")).text("answer", tr("Answer")); }
  std::string detail_of_end() {
    const auto ends = office.store.records_of(record_type::action_ended);
    const auto detail = ends.at(0).fields.find(Tag::detail);
    return detail == ends.at(0).fields.end() ? "" : detail->second;
  }
};

TEST_F(ActionRunTest, RecordsStartChangeAndEndInThisOrderAndTellsTheConversationOnce) {
  const auto script = office.conversation();
  const auto result = office.run(office.operator_(), ticket, "password.unblock", script);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->id, "The password is active again.");
  ASSERT_EQ(script->results().size(), 1u);
  EXPECT_EQ(*script->results()[0], *result);

  const auto records = office.store.records();
  ASSERT_GE(records.size(), 3u);
  const auto* last = &records[records.size() - 3];
  EXPECT_EQ(last[0].record.type, record_type::action_started);
  EXPECT_EQ(last[1].record.type, record_type::action_changed);
  EXPECT_EQ(last[2].record.type, record_type::action_ended);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(last[i].record.actor, "ada");
    EXPECT_EQ(last[i].record.ticket, office.store.ticket(ticket)->id);
    EXPECT_EQ(last[i].record.subject, office.store.subscriber(office.demo.blocked)->pseudonym);
    EXPECT_EQ(last[i].record.fields.at(Tag::run), last[0].record.fields.at(Tag::run));
    EXPECT_EQ(last[i].record.fields.at(Tag::session), "session-ada");
  }
  EXPECT_EQ(last[1].record.fields.at(Tag::change),
            R"({"kind":"password.unblock","parameters":{"cause":"forgot","note":"a note"}})");
  const auto account = office.store.portal_account(office.demo.blocked);
  EXPECT_EQ(account->failed_tries, 0);
  EXPECT_FALSE(account->blocked_at);
}

TEST_F(ActionRunTest, DoesNotRunWhenItsStartCannotBeRecorded) {
  office.store.fail_commits_with({Code::unavailable, tr("The disk is full.")});
  const auto result = unblock();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::unavailable);
  EXPECT_EQ(result.error().sentence.id.substr(0, 20), "Nothing was done, be");
  EXPECT_EQ(service_ran, 0);
  office.store.let_commits_succeed();
  EXPECT_TRUE(unblock());  // the ticket is free again
}

TEST_F(ActionRunTest, ChangesNothingWhenTheChangeCannotBeRecorded) {
  office.store.fail_commits_with({Code::unavailable, tr("The disk is full.")}, 1);
  const auto result = unblock();
  ASSERT_FALSE(result);
  EXPECT_EQ(service_ran, 1);
  EXPECT_TRUE(office.blocked(office.demo.blocked));
  EXPECT_TRUE(office.store.records_of(record_type::action_changed).empty());
  office.store.let_commits_succeed();
  const auto unfinished = office.actions->unfinished(office.operator_());
  ASSERT_EQ(unfinished->size(), 1u);
  EXPECT_EQ((*unfinished)[0].action, "password.unblock");
}

TEST_F(ActionRunTest, ShowsARunAsUnfinishedWhenItsEndCannotBeRecorded) {
  Bodies::now().service = [](Desk&) { return sdk::done(tr("done")); };
  office.store.fail_commits_with({Code::unavailable, tr("The disk is full.")}, 1);
  EXPECT_FALSE(unblock());
  office.store.let_commits_succeed();
  EXPECT_EQ(office.actions->unfinished(office.supervisor())->size(), 1u);
}

TEST_F(ActionRunTest, RecordsARefusalByTheActionItself) {
  Bodies::now().service = [](Desk&) { return sdk::refused(tr("The password is not blocked.")); };
  const auto result = unblock();
  EXPECT_EQ(result.error().code, Code::refused);
  EXPECT_EQ(result.error().sentence.id, "The password is not blocked.");
  expect_ended("refused");
}

TEST_F(ActionRunTest, SurvivesAnExceptionAndKeepsItsTextInTheRecordOnly) {
  Bodies::now().service = [](Desk&) -> Outcome { throw std::runtime_error("inner workings"); };
  const auto result = unblock();
  EXPECT_EQ(result.error().code, Code::internal);
  EXPECT_EQ(sdk::fill(result.error().sentence.id, result.error().sentence.args).find("inner"), std::string::npos);
  expect_ended("failed");
  EXPECT_EQ(detail_of_end(), "inner workings");
  EXPECT_TRUE(is_sealed(Tag::detail));
}

TEST_F(ActionRunTest, SurvivesWhatIsNotAnException) {
  Bodies::now().service = [](Desk&) -> Outcome { throw 42; };
  EXPECT_EQ(unblock().error().code, Code::internal);
  expect_ended("failed");
}

TEST_F(ActionRunTest, TellsWhatAPortSaid) {
  Bodies::now().service = [](Desk&) -> Outcome { throw sdk::Failed(tr("The gateway is down.")); };
  EXPECT_EQ(unblock().error().sentence.id, "The gateway is down.");
  expect_ended("failed");
  EXPECT_EQ(detail_of_end(), "");
}

TEST_F(ActionRunTest, RefusesAPortThatWasNotDeclared) {
  Bodies::now().service = [](Desk& desk) -> Outcome { return desk.codes().send(), sdk::done(tr("sent")); };
  EXPECT_EQ(unblock().error().code, Code::internal);
  expect_ended("failed");
  EXPECT_TRUE(office.gateway.messages().empty());
}

TEST_F(ActionRunTest, RefusesAnActionThatProposesNothing) {
  Bodies::now().service = [](Desk&) { return Outcome{Outcome::Kind::proposed, tr("Done."), {}}; };
  EXPECT_FALSE(unblock());
  expect_ended("failed");
}

TEST_F(ActionRunTest, AsksAgainUntilTheAnswersAreValid) {
  std::string given;
  Bodies::now().service = [&](Desk& desk) {
    given = desk.ask(sdk::Form(tr("When?")).date("day", tr("Day")))["day"];
    return sdk::done(tr("done"));
  };
  const auto script = office.conversation();
  script->answer({{"day", ""}}).answer({{"day", "31.02.2020"}}).answer({{"day", " 29.02.2020 "}, {"unasked", "x"}});
  EXPECT_TRUE(office.run(office.operator_(), ticket, "password.unblock", script));
  EXPECT_EQ(given, "2020-02-29");
  ASSERT_EQ(script->problems().size(), 3u);
  EXPECT_TRUE(script->problems()[0].empty());
  EXPECT_EQ(script->problems()[1].at(0).field, "day");
  EXPECT_EQ(script->problems()[2].at(0).field, "day");
}

TEST_F(ActionRunTest, IgnoresAButtonThatTheFormDoesNotHave) {
  Bodies::now().service = [](Desk& desk) {
    const auto answers = desk.ask(question());
    return sdk::done(answers.pressed_button.empty() ? tr("answered") : tr("pressed"));
  };
  const auto script = office.conversation();
  script->press("no_such").answer({{"answer", "x"}});
  EXPECT_EQ(office.run(office.operator_(), ticket, "password.unblock", script)->id, "answered");
}

TEST_F(ActionRunTest, CanBeCancelledWhileItAsks) {
  Bodies::now().service = [](Desk& desk) -> Outcome {
    desk.ask(question());
    return sdk::propose(sdk::Change::unblock_password("forgot"));
  };
  const auto script = office.conversation();
  script->never_answer();
  const auto run = start(script);
  script->wait_for_forms(1);
  EXPECT_FALSE((*run)->ended());
  (*run)->cancel();
  EXPECT_EQ((*run)->wait().error().code, Code::cancelled);
  EXPECT_TRUE((*run)->ended());
  expect_ended("cancelled");
}

TEST_F(ActionRunTest, AppliesNothingOfAnActionThatSwallowsItsCancelling) {
  std::latch cancelled(1);
  Bodies::now().service = [&](Desk& desk) -> Outcome {
    try {
      desk.ask(question());
    } catch (...) {
    }
    cancelled.wait();
    return sdk::propose(sdk::Change::unblock_password("forgot"));
  };
  const auto script = office.conversation();
  script->never_answer();
  const auto run = start(script);
  script->wait_for_forms(1);
  (*run)->cancel();
  cancelled.count_down();
  EXPECT_EQ((*run)->wait().error().code, Code::cancelled);
  expect_ended("cancelled");
}

TEST_F(ActionRunTest, RunsOnePerTicket) {
  Bodies::now().service = [](Desk& desk) { return desk.ask(question()), sdk::done(tr("done")); };
  const auto script = office.conversation();
  script->never_answer();
  const auto run = start(script);
  script->wait_for_forms(1);
  EXPECT_EQ(office.offer(office.operator_(), ticket, "password.unblock").refusal, "running");
  const auto second = start(office.conversation());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_EQ(office.recorded_refusals(), std::vector<std::string>{"running"});
  EXPECT_TRUE(office.actions->unfinished(office.supervisor())->empty());
  EXPECT_FALSE(office.actions->resolve(office.supervisor(), (*run)->id(), "gone"));
  (*run)->cancel();
  (*run)->wait();
  EXPECT_TRUE(office.offer(office.operator_(), ticket, "password.unblock").possible);
}

/// A plugin that hangs beyond reach until the test lets it go, and then tries everything that it knows.
struct HangingPlugin {
  HangingPlugin() {
    Bodies::now().service = [this](Desk& desk) -> Outcome {
      hangs.count_down();
      released.get_future().wait();
      tries(desk);
      came_back.set_value();
      return sdk::propose(sdk::Change::unblock_password("late"));
    };
  }
  void tries(Desk& desk) {
    const auto attempt = [&](auto call) {
      try {
        call();
        ++succeeded;
      } catch (const sdk::Cancelled&) {
        ++thrown_out;
      }
    };
    attempt([&] { desk.ask(ActionRunTest::question()); });
    attempt([&] { desk.show(tr("late")); });
    attempt([&] { desk.progress(0.5, tr("late")); });
    attempt([&] { desk.reveal(sdk::Secret("late"), sdk::Audience::holder); });
    attempt([&] { desk.subscriber(); });
    attempt([&] { desk.registry(); });
    attempt([&] { desk.codes(); });
  }
  std::latch hangs{1};
  std::promise<void> released, came_back;
  std::atomic<int> succeeded = 0, thrown_out = 0;
};

TEST_F(ActionRunTest, GivesUpOnAHangingActionAndLetsItDoNothingWhenItComesBack) {
  HangingPlugin plugin;
  const auto script = office.conversation();
  const auto run = start(script);
  plugin.hangs.wait();
  (*run)->cancel();
  EXPECT_FALSE((*run)->ended());
  (*run)->abandon();
  EXPECT_EQ((*run)->wait().error().code, Code::cancelled);
  expect_ended("abandoned");
  EXPECT_TRUE(office.offer(office.operator_(), ticket, "password.unblock").possible);

  plugin.released.set_value();
  plugin.came_back.get_future().wait();
  EXPECT_EQ(plugin.succeeded, 0);
  EXPECT_EQ(plugin.thrown_out, 7);
  std::this_thread::sleep_for(20ms);  // time for the late outcome to be wrongly applied
  expect_ended("abandoned");
  EXPECT_EQ(script->results().size(), 1u);
  EXPECT_TRUE(script->notices().empty());
  EXPECT_EQ(script->revealed(), 0);
}

TEST_F(ActionRunTest, TheDeskClosesWithAHangingActionAndNothingIsTouchedAfterwards) {
  HangingPlugin plugin;
  const auto run = start(office.conversation());
  plugin.hangs.wait();
  office.actions.reset();
  EXPECT_TRUE((*run)->ended());
  expect_ended("abandoned");
  plugin.released.set_value();
  plugin.came_back.get_future().wait();
  EXPECT_EQ(plugin.succeeded, 0);
}

TEST_F(ActionRunTest, TheDeskClosesWithAnActionThatAsks) {
  Bodies::now().service = [](Desk& desk) { return desk.ask(question()), sdk::done(tr("done")); };
  const auto script = office.conversation();
  script->never_answer();
  const auto run = start(script);
  script->wait_for_forms(1);
  office.actions.reset();
  expect_ended("cancelled");
}

/// Something happens between the start of a run and its proposal.
struct MeanwhileTest : ActionRunTest {
  Result<Text> unblock_while(std::function<void()> meanwhile) {
    Bodies::now().service = [meanwhile](Desk&) {
      meanwhile();
      return sdk::propose(sdk::Change::unblock_password("forgot")).then_say(tr("never said"));
    };
    return unblock();
  }
  void expect_refused_at_the_end(const std::string& rule) {
    expect_ended("refused");
    EXPECT_EQ(office.recorded_refusals(), std::vector<std::string>{rule});
  }
};

TEST_F(MeanwhileTest, TheVerificationRunsOut) {
  EXPECT_FALSE(unblock_while([&] { office.clock.advance(15min); }));
  expect_refused_at_the_end("level");
}

TEST_F(MeanwhileTest, TheTicketIsPutOntoAnotherSubscriber) {
  EXPECT_FALSE(unblock_while([&] {
    office.change_ticket(ticket, [&](Ticket& t) { t.subscriber = office.demo.active; });
    office.verify(ticket, "sms_code");
  }));
  expect_refused_at_the_end("state");
}

TEST_F(MeanwhileTest, SomebodyElseTurnsOutToBeCalling) {
  EXPECT_FALSE(unblock_while([&] { office.change_ticket(ticket, [](Ticket& t) { t.caller_is = "a neighbour"; }); }));
  expect_refused_at_the_end("state");
}

TEST_F(MeanwhileTest, TheTicketIsClosed) {
  EXPECT_FALSE(unblock_while([&] { office.change_ticket(ticket, [](Ticket& t) { t.state = TicketState::closed; }); }));
  expect_refused_at_the_end("state");
}

TEST_F(MeanwhileTest, TheTicketIsHandedOver) {
  EXPECT_FALSE(unblock_while(
      [&] { office.change_ticket(ticket, [&](Ticket& t) { t.assignee = office.demo.other_operator.id; }); }));
  expect_refused_at_the_end("state");
}

TEST_F(MeanwhileTest, TheOperatorIsDisabled) {
  EXPECT_FALSE(unblock_while([&] {
    office.change([&](Transaction& tx) {
      Operator disabled = office.demo.operator_;
      disabled.disabled = true;
      tx.save(disabled);
    });
  }));
  expect_refused_at_the_end("session");
}

TEST_F(MeanwhileTest, SomebodyElseUnblocksThePassword) {
  EXPECT_FALSE(unblock_while([&] {
    office.change([&](Transaction& tx) {
      PortalAccount account = *tx.portal_account(office.demo.blocked);
      account.blocked = false;
      tx.save(account);
    });
  }));
  EXPECT_EQ(office.recorded_refusals(), std::vector<std::string>{"state"});
  EXPECT_TRUE(office.store.records_of(record_type::action_changed).empty());
}

TEST_F(MeanwhileTest, ASupervisorSettlesTheRunFromAnotherConsole) {
  EXPECT_FALSE(unblock_while([&] {
    office.change([&](Transaction& tx) {
      ActionRunRow row = tx.open_runs().at(0);
      row.ended = office.clock.now();
      row.outcome = "resolved";
      tx.save(row);
    });
  }));
  EXPECT_TRUE(office.blocked(office.demo.blocked));
  EXPECT_TRUE(office.store.records_of(record_type::action_changed).empty());
}

TEST_F(ActionRunTest, RefusesAChangeThatTheConsoleDoesNotKnow) {
  Bodies::now().service = [](Desk&) { return sdk::propose({"certificate.revoke", {}}); };
  EXPECT_FALSE(unblock());
  expect_ended("refused");
  EXPECT_EQ(office.recorded_refusals(), std::vector<std::string>{"change"});
}

TEST_F(ActionRunTest, RefusesAServiceThatProposesToVerifyTheCaller) {
  for (const char* method : {"sms_code", ""}) {
    Bodies::now().service = [method](Desk&) { return sdk::propose(sdk::Change::verify_caller(method)); };
    EXPECT_FALSE(unblock());
  }
  EXPECT_EQ(office.recorded_refusals(), (std::vector<std::string>{"change", "change"}));
  EXPECT_EQ(office.level(ticket), 1);
}

TEST_F(ActionRunTest, KeepsTextThatIsNotUtf8InTheRecordWithoutFailing) {
  Bodies::now().service = [](Desk&) { return sdk::propose(sdk::Change::unblock_password("forgot", "\xff\xfe")); };
  EXPECT_TRUE(unblock());
}

struct UnfinishedTest : ActionRunTest {
  UnfinishedTest() {
    office.change([&](Transaction& tx) {
      ActionRunRow row{"crashed", "password.unblock",   ticket, office.demo.operator_.id, office.clock.now(), {},
                       "",        office.store.device()};
      tx.save(row);
    });
  }
};

TEST_F(UnfinishedTest, ShowsItsOwnToAnOperatorAndAllToASupervisor) {
  ASSERT_EQ(office.actions->unfinished(office.operator_())->size(), 1u);
  EXPECT_EQ(office.actions->unfinished(office.operator_())->at(0).operator_name, "ada");
  EXPECT_EQ(office.actions->unfinished(office.supervisor())->size(), 1u);
  EXPECT_TRUE(office.actions->unfinished(office.session_of(office.demo.other_operator))->empty());
}

TEST_F(UnfinishedTest, MarksItsTicketInAListAndNoOther) {
  std::vector<TicketLine> lines(2);
  lines[0].number = ticket;
  lines[1].number = ticket + 1;
  Actions::mark_unfinished(lines, *office.actions->unfinished(office.supervisor()));
  EXPECT_TRUE(lines[0].unfinished);
  EXPECT_FALSE(lines[1].unfinished);
}

TEST_F(UnfinishedTest, IsSettledByASupervisorOnceWithAReason) {
  EXPECT_EQ(office.actions->resolve(office.supervisor(), "crashed", "  ").error().code, Code::invalid);
  EXPECT_EQ(office.actions->resolve(office.operator_(), "crashed", "power cut").error().code, Code::not_permitted);
  EXPECT_EQ(office.recorded_refusals(), std::vector<std::string>{"role"});
  ASSERT_TRUE(office.actions->resolve(office.supervisor(), "crashed", "power cut, nothing was done"));
  EXPECT_TRUE(office.actions->unfinished(office.supervisor())->empty());
  EXPECT_EQ(office.store.records_of(record_type::action_resolved).at(0).fields.at(Tag::reason),
            "power cut, nothing was done");
  EXPECT_EQ(office.actions->resolve(office.supervisor(), "crashed", "again").error().code, Code::conflict);
  EXPECT_EQ(office.actions->resolve(office.supervisor(), "no such", "x").error().code, Code::not_found);
}

TEST_F(UnfinishedTest, LeavesAnotherDevicesRunAloneForAnHour) {
  office.change([&](Transaction& tx) {
    ActionRunRow row = *tx.action_run("crashed");
    row.device = "ffffffffffff4fff8fffffffffffffff";
    tx.save(row);
  });
  EXPECT_TRUE(office.actions->unfinished(office.supervisor())->empty());
  office.clock.advance(1h);
  EXPECT_EQ(office.actions->unfinished(office.supervisor())->size(), 1u);
}

}  // namespace
}  // namespace anahtar::testing
