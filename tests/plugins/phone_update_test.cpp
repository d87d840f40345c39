// SPDX-License-Identifier: GPL-3.0-or-later
// The phone update, the card at the desk, and the known ways of attacking them.
#include <set>

#include "core/approvals.h"
#include "core/number_changes.h"
#include "plugin_office.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;

constexpr char fresh[] = "+905321234567";

struct PhoneUpdate : PluginTest {
  PhoneUpdate() { office.policy.methods["civil_registry"].level = 2; }  // e.g. because calls are recorded

  void name_the_number(const std::string& typed = "0532 123 45 67") { script->answer({{"mobile", typed}}); }
  void give_back_the_code() {
    script->step([this](const sdk::Form&) {
      sdk::Answers answers;
      answers.values["code"] = office.code_on_phone();
      return answers;
    });
  }
  Result<Text> update_as(const Session& session) {
    script = office.conversation();
    name_the_number();
    give_back_the_code();
    return office.run(session, ticket, "phone.update", script);
  }
  Result<Text> update() { return update_as(office.operator_()); }
  std::string mobile() { return office.store.subscriber(office.demo.blocked)->mobile; }
  Approvals approvals{office.store,    office.store,   office.store, office.verification,
                      Outside{office.outbox.get()}, office.plugins, office.clock};

  Session field() const { return office.session_of(office.demo.field); }
  /// The holder stands at the desk of the field staff, card in hand.
  void at_the_desk() {
    office.change_ticket(ticket, [&](Ticket& t) { t.channel = Channel::desk, t.assignee = office.demo.field.id; });
  }
  Result<Text> show_card(const std::string& serial, const std::string& photo = "same") {
    script = office.conversation();
    script->answer({{"document", serial}, {"photo", photo}});
    return office.run(field(), ticket, "verification.identity_card", script);
  }
};

TEST_F(PhoneUpdate, WaitsForFourEyesAndThenChangesTheNumberTellsTheOldOneAndStartsCoolingOff) {
  office.verify(ticket, "civil_registry");
  const auto asked = update();
  ASSERT_TRUE(asked) << asked.error().sentence.id;
  EXPECT_EQ(mobile(), "+905000000001");
  ASSERT_EQ(office.gateway.messages().size(), 1u);
  EXPECT_EQ(office.gateway.messages()[0].to, fresh);

  const auto view = approvals.view(office.supervisor(), 1);
  EXPECT_EQ(view->change.at(0).second, sdk::verbatim("0532 123 45 67"));
  ASSERT_TRUE(approvals.approve(office.supervisor(), 1));
  EXPECT_EQ(mobile(), fresh);
  ASSERT_EQ(office.gateway.messages().size(), 2u);
  EXPECT_EQ(office.gateway.messages()[1].to, "+905000000001");
  EXPECT_EQ(office.gateway.messages()[1].body.find("532"), std::string::npos);
  EXPECT_EQ(office.store.cooling_off(office.demo.blocked)->until, office.clock.now() + 24h);
  EXPECT_EQ(office.store.records_of(record_type::cooling_off_started).size(), 1u);
}

TEST_F(PhoneUpdate, NeedsNoSecondPersonForWhoShowedTheirIdentityCard) {
  at_the_desk();
  ASSERT_TRUE(show_card("a00b 00001"));
  EXPECT_EQ(status().level, 3);
  ASSERT_TRUE(update_as(field()));
  EXPECT_EQ(mobile(), fresh);
}

TEST_F(PhoneUpdate, AsksForTheNumberUntilItIsAMobileOfTheNumberingPlan) {
  office.verify(ticket, "civil_registry");
  for (const char* typed : {"0212 123 45 67", "12", "+49 151 23456789"}) name_the_number(typed);
  name_the_number();
  give_back_the_code();
  ASSERT_TRUE(run("phone.update"));
  EXPECT_EQ(form(3).problem.id, "This is no Turkish mobile number.");
}

TEST_F(PhoneUpdate, GivesUpAfterThreeCodes) {
  office.verify(ticket, "civil_registry");
  name_the_number();
  for (int i = 0; i < 3; ++i) script->press("new_code");
  EXPECT_FALSE(run("phone.update"));
  EXPECT_EQ(office.gateway.messages().size(), 3u);
  EXPECT_TRUE(office.store.waiting_approvals().empty());
}

TEST_F(PhoneUpdate, CountsWrongCodesAndSendsAnotherAfterThree) {
  office.verify(ticket, "civil_registry");
  name_the_number();
  for (int i = 0; i < 3; ++i)
    script->step([this](const sdk::Form&) {
      sdk::Answers answers;
      answers.values["code"] = office.code_on_phone() == "000000" ? "111111" : "000000";
      return answers;
    });
  give_back_the_code();
  ASSERT_TRUE(run("phone.update"));
  EXPECT_EQ(office.gateway.messages().size(), 2u);
  EXPECT_EQ(office.store.records_of(record_type::verification_failed).size(), 3u);
}

TEST_F(PhoneUpdate, AllowsASupervisorOnlyUntilCoolingOffIsOver) {
  office.verify(ticket, "civil_registry");
  ASSERT_TRUE(update());
  ASSERT_TRUE(approvals.approve(office.supervisor(), 1));
  office.verify(ticket, "sms_code");
  EXPECT_EQ(office.offer(office.operator_(), ticket, "security_word.reset").refusal, "cooling_off");
  EXPECT_TRUE(office.offer(office.supervisor(), ticket, "security_word.reset").possible);
  office.clock.advance(24h);
  office.verify(ticket, "sms_code");
  EXPECT_TRUE(office.offer(office.operator_(), ticket, "security_word.reset").possible);
}

TEST_F(PhoneUpdate, EndsWhatWasProvenWithTheOldNumber) {
  const auto other = office.open_ticket(office.demo.blocked, office.demo.operator_);
  office.verify(other, "sms_code");
  office.verify(ticket, "civil_registry");
  office.clock.advance(1min);
  office.verify(ticket, "call_back");
  EXPECT_EQ(status().method, "call_back");
  ASSERT_TRUE(update());
  ASSERT_TRUE(approvals.approve(office.supervisor(), 1));
  EXPECT_EQ(office.level(other), 0);
  EXPECT_EQ(status().method, "civil_registry") << "this one does not hang on the number";
}

TEST_F(PhoneUpdate, WithdrawsASecurityWordOnItsWayToTheOldNumber) {
  const auto other = office.open_ticket(office.demo.blocked, office.demo.operator_);
  office.verify(other, "sms_code");
  office.gateway.fail_with({Code::unavailable, sdk::tr("The gateway is down.")});
  script->answer({{"delivery", "sms"}});
  (void)office.run(office.operator_(), other, "security_word.reset", script);
  office.gateway.let_succeed();
  const auto waiting = [&] { return office.store.messages({.ticket = other, .device = {}, .unsettled = true}).size(); };
  ASSERT_EQ(waiting(), 1u);
  office.verify(ticket, "civil_registry");
  ASSERT_TRUE(update());
  ASSERT_TRUE(approvals.approve(office.supervisor(), 1));
  EXPECT_EQ(waiting(), 0u);
  office.clock.advance(10min);
  for (const auto& message : office.gateway.messages()) EXPECT_EQ(message.body.find("guvenlik"), std::string::npos) << message.to;
}

TEST_F(PhoneUpdate, SeesTheCardAtTheDeskOnlyAndByFieldStaffOnly) {
  EXPECT_EQ(office.offer(office.operator_(), ticket, "verification.identity_card").refusal, "role");
  office.change_ticket(ticket, [&](Ticket& t) { t.assignee = office.demo.field.id; });
  EXPECT_EQ(office.offer(field(), ticket, "verification.identity_card").refusal, "channel");
  at_the_desk();
  EXPECT_TRUE(office.offer(field(), ticket, "verification.identity_card").possible);
}

TEST_F(PhoneUpdate, DoesNotVerifyWithAnotherPhotoOrAnotherCardAndLocksAfterThree) {
  at_the_desk();
  EXPECT_FALSE(show_card("A00B00001", "other"));
  EXPECT_EQ(status().level, 0);
  script = office.conversation();
  for (int i = 0; i < 4; ++i) script->answer({{"document", "X99Y99999"}, {"photo", "same"}});
  EXPECT_FALSE(office.run(field(), ticket, "verification.identity_card", script));
  EXPECT_EQ(status().level, 0);
  EXPECT_EQ(status().locked_methods, std::vector<std::string>{"identity_card"});
  EXPECT_TRUE(is_sealed(Tag::document));
  EXPECT_EQ(office.store.records_of(record_type::document_seen).at(0).fields.at(Tag::document), "X99Y99999");
}

// ---- Undo ----------------------------------------------------------------------------------------------------------

/// The number was replaced; now its owner calls in from it.
struct PhoneUndo : PhoneUpdate {
  PhoneUndo() {
    office.verify(ticket, "civil_registry");
    update().value();
    approvals.approve(office.supervisor(), 1).value();
    call_from(old);
  }
  void call_from(const std::string& number, bool proven = true) {
    office.change_ticket(ticket, [&](Ticket& t) { t.call_number = number, t.call_proven = proven ? std::optional(office.clock.now()) : std::nullopt; });
  }
  Result<Text> undo_as(const Session& session) {
    script = office.conversation();
    script->answer({{"note", "I changed nothing."}});
    return office.run(session, ticket, "phone.undo", script);
  }
  /// Refused by this rule, recorded, and nothing is changed.
  void expect_refused(const Session& session, const std::string& rule) {
    const auto messages = office.gateway.messages().size();
    EXPECT_FALSE(undo_as(session));
    EXPECT_EQ(office.recorded_refusals().back(), rule);
    EXPECT_EQ(mobile(), fresh);
    EXPECT_EQ(office.gateway.messages().size(), messages);
    EXPECT_TRUE(office.store.records_of(record_type::number_restored).empty());
  }
  static constexpr char old[] = "+905000000001";
};

TEST_F(PhoneUndo, RestoresTheOldNumberTellsBothAndLetsTheCoolingOffGoOn) {
  const Time until = office.store.cooling_off(office.demo.blocked)->until;
  office.clock.advance(5h);
  EXPECT_EQ(office.offer(office.supervisor(), ticket, "phone.undo").refusal, "level");
  office.verify(ticket, "civil_registry");
  EXPECT_EQ(office.offer(office.supervisor(), ticket, "phone.undo").refusal, "port") << "that call is over";
  call_from(old);
  const auto done = undo_as(office.supervisor());
  ASSERT_TRUE(done) << done.error().sentence.id;
  EXPECT_EQ(mobile(), old);
  EXPECT_EQ(form(0).say.args.at(0), "05•• ••• •• 01");
  const auto messages = office.gateway.messages();
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ((std::set<std::string>{messages[2].to, messages[3].to}), (std::set<std::string>{old, fresh}));
  for (const auto& message : messages) EXPECT_LE(message.body.size(), 160u);
  EXPECT_EQ(office.store.cooling_off(office.demo.blocked)->until, until);
  EXPECT_EQ(office.store.records_of(record_type::number_restored).at(0).fields.at(Tag::number), old);
  const auto changed = office.store.records_of(record_type::action_changed).back();
  EXPECT_EQ(changed.fields.at(Tag::change_kind), "phone.undo");
  EXPECT_EQ(changed.actor, "selin");
  call_from(fresh);
  EXPECT_EQ(office.offer(office.supervisor(), ticket, "phone.undo").refusal, "port") << "there is nothing left to undo";
}

TEST_F(PhoneUndo, EndsWhatWasProvenWithTheNumberThatGoes) {
  const auto other = office.open_ticket(office.demo.blocked, office.demo.operator_);
  office.verify(other, "sms_code");
  ASSERT_TRUE(undo_as(office.supervisor()));
  EXPECT_EQ(office.level(other), 0);
}

TEST_F(PhoneUndo, GoesBackToTheFirstNumberWhenItWasChangedTwice) {
  constexpr char third[] = "+905321234568";
  office.change([&](Transaction& tx) {
    auto subscriber = *tx.subscriber(office.demo.blocked);
    note_number_change(tx, {"test.cooling_off", "", "", "", "", {}}, subscriber.id, subscriber.mobile, "phone.update", "run", 24h,
                       office.clock.now());
    subscriber.mobile = third;
    tx.save(subscriber);
  });
  call_from(fresh);
  EXPECT_EQ(office.offer(office.supervisor(), ticket, "phone.undo").refusal, "port") << "whoever had the number in between";
  call_from(old);
  ASSERT_TRUE(undo_as(office.supervisor()));
  EXPECT_EQ(mobile(), old);
}

TEST_F(PhoneUndo, IsNotForWhoHasNothingButTheOldTelephone) {
  office.clock.advance(20min);
  call_from(old);
  EXPECT_EQ(office.level(ticket), 0);
  expect_refused(office.supervisor(), "level");
  for (const char* by_number : {"registered_mobile", "sms_code", "call_back"}) office.verify(ticket, by_number);
  expect_refused(office.supervisor(), "level");
  office.verify(ticket, "civil_registry");
  EXPECT_TRUE(undo_as(office.supervisor()));
}

TEST_F(PhoneUndo, IsNotForAForgedNumber) {
  call_from(old, false);
  expect_refused(office.supervisor(), "port");
}

TEST_F(PhoneUndo, IsNotForAnyOtherNumber) {
  for (const char* number : {fresh, "+905000000002", ""}) {
    call_from(number);
    expect_refused(office.supervisor(), "port");
  }
}

TEST_F(PhoneUndo, IsNotForWhoCallsInPlaceOfTheHolder) {
  office.change_ticket(ticket, [](Ticket& t) { t.caller_is = "a neighbour"; });
  expect_refused(office.supervisor(), "level");
}

TEST_F(PhoneUndo, IsOverWithTheCoolingOff) {
  office.clock.advance(24h);
  office.verify(ticket, "civil_registry");
  expect_refused(office.supervisor(), "port");
}

TEST_F(PhoneUndo, IsNotForOperatorsFieldStaffOrAdministrators) {
  office.change_ticket(ticket, [&](Ticket& t) { t.assignee = office.demo.operator_.id; });
  expect_refused(office.operator_(), "role");
  expect_refused(field(), "role");
  expect_refused(office.session_of(office.demo.administrator), "role");
}

TEST_F(PhoneUndo, FallsWhenTheCallChangesWhileTheFormIsOpen) {
  script = office.conversation();
  script->step([this](const sdk::Form&) {
    call_from(fresh);
    sdk::Answers answers;
    answers.values["note"] = "I changed nothing.";
    return answers;
  });
  EXPECT_FALSE(office.run(office.supervisor(), ticket, "phone.undo", script));
  EXPECT_EQ(mobile(), fresh);
  EXPECT_NE(office.recorded_ends().back(), "done");
}

TEST_F(PhoneUndo, IsAppliedOnlyByTheRunThatSawTheCall) {
  // A plugin that proposes the change without having looked.
  office.plugins.loaded = {{"liar", "1.0.0", "liar.so",
                            {sdk::tr("Liar"),
                             {{"phone.undo", sdk::tr("Undo"), {sdk::Port::previous_number}, "",
                               [](sdk::Desk&) { return sdk::propose(sdk::Change::undo_phone_update()); }}}},
                            nullptr}};
  office.open_actions();
  expect_refused(office.supervisor(), "evidence");
}

// ---- Attacks ------------------------------------------------------------------------------------------------------

struct Attack : PhoneUpdate {};

TEST_F(Attack, AForgedCallerIdProvesNothing) {
  office.change_ticket(ticket, [](Ticket& t) { t.call_number = "+905000000001", t.call_proven.reset(); });
  EXPECT_FALSE(run("verification.registered_mobile"));
  EXPECT_EQ(office.recorded_refusals().back(), "port");
  EXPECT_EQ(status().level, 0);
}

TEST_F(Attack, PressureDoesNotSkipTheVerification) {
  // "I am the director, just do it": every service, by everybody, with the words that would have been typed.
  const std::string before = mobile();
  for (const Session& who : {office.operator_(), office.supervisor(), field()})
    for (const char* service : {"phone.update", "security_word.reset", "password.unblock"}) {
      script = office.conversation();
      script->answer({{"mobile", fresh}, {"delivery", "sms"}, {"cause", "forgot"}});
      EXPECT_FALSE(office.run(who, ticket, service, script)) << service;
      EXPECT_TRUE(script->forms().empty()) << "it did not even ask";
    }
  const auto refused = office.store.records_of(record_type::action_refused);
  ASSERT_EQ(refused.size(), 9u);
  for (const Record& record : refused) EXPECT_NE(record.fields.at(Tag::refusal), "");
  EXPECT_TRUE(office.store.records_of(record_type::action_started).empty());
  EXPECT_EQ(mobile(), before);
  EXPECT_TRUE(office.blocked(office.demo.blocked));
  EXPECT_TRUE(office.gateway.messages().empty());
}

TEST_F(Attack, ARequestThatNoVerificationCarriesIsNotApplied) {
  office.change([&](Transaction& tx) {
    Approval forged{.action = "phone.update", .ticket = ticket, .subscriber = office.demo.blocked, .run = "none",
                    .requested_by = office.demo.operator_.id, .person = office.demo.operator_.person,
                    .requested = office.clock.now(), .expires = office.clock.now() + 30min, .decided = {},
                    .change = R"({"kind":"phone.update","parameters":{"mobile":"+905321234567"}})"};
    tx.save(forged);
  });
  EXPECT_FALSE(approvals.approve(office.supervisor(), 1)) << "no verification carries it";
  EXPECT_EQ(office.store.records_of(record_type::approval_void).at(0).fields.at(Tag::refusal), "level");
  EXPECT_EQ(mobile(), "+905000000001");
}

TEST_F(Attack, TheOldNumberDoesNotReplaceItself) {
  office.verify(ticket, "registered_mobile");
  office.verify(ticket, "sms_code");
  EXPECT_FALSE(update());
  EXPECT_EQ(office.recorded_refusals().back(), "level");
  EXPECT_TRUE(office.gateway.messages().empty());
}

TEST_F(Attack, ACodeIsRightOnce) {
  std::string code;
  script->step([&](const sdk::Form&) {
    sdk::Answers answers;
    answers.values["code"] = code = office.code_on_phone();
    return answers;
  });
  ASSERT_TRUE(run("verification.sms_code"));
  EXPECT_EQ(office.verification.check_code(office.operator_(), ticket, Secret(code)), sdk::CodeCheck::expired);
  EXPECT_EQ(office.store.records_of(record_type::verification_failed).back().fields.at(Tag::refusal), "expired");
}

TEST_F(Attack, ACodeFromAnotherTicketIsWrong) {
  const auto other = office.open_ticket(office.demo.blocked, office.demo.operator_);
  const auto sent_on = [&](TicketNumber number) {
    const auto prepared = office.verification.prepare_code(office.operator_(), number);
    office.outbox->wake();
    office.outbox->wait_for_try(prepared->message, 5s);
    return office.code_on_phone();
  };
  const std::string theirs = sent_on(other), ours = sent_on(ticket);
  ASSERT_NE(theirs, ours);
  EXPECT_EQ(office.verification.check_code(office.operator_(), ticket, Secret(theirs)), sdk::CodeCheck::wrong);
  EXPECT_EQ(office.store.records_of(record_type::verification_failed).size(), 1u);
}

TEST_F(Attack, NobodyApprovesTheirOwnUpdateWithASecondAccount) {
  office.verify(ticket, "civil_registry");
  ASSERT_TRUE(update());
  Operator second = office.demo.supervisor;
  second.id = 0;
  second.name = "ada2";
  second.person = office.demo.operator_.person;
  office.change([&](Transaction& tx) { tx.save(second); });
  EXPECT_FALSE(approvals.approve(office.session_of(second), 1));
  EXPECT_EQ(office.recorded_refusals().back(), "own");
  EXPECT_EQ(mobile(), "+905000000001");
}

TEST_F(Attack, WhoChangedTheNumberDoesNotUseItAsASupervisorWithASecondAccount) {
  office.verify(ticket, "civil_registry");
  ASSERT_TRUE(update());
  ASSERT_TRUE(approvals.approve(office.supervisor(), 1));
  Operator second = office.demo.supervisor;
  second.id = 0;
  second.name = "ada2";
  second.person = office.demo.operator_.person;
  office.change([&](Transaction& tx) { tx.save(second); });
  office.verify(ticket, "sms_code");
  EXPECT_EQ(office.offer(office.session_of(second), ticket, "security_word.reset").refusal, "cooling_off");
  EXPECT_TRUE(office.offer(office.supervisor(), ticket, "security_word.reset").possible);
}

TEST_F(Attack, AnOldVerificationDoesNotMoveToAnotherSubscriber) {
  office.verify(ticket, "sms_code");
  office.change_ticket(ticket, [&](Ticket& t) { t.subscriber = office.demo.active; });
  EXPECT_FALSE(run("security_word.reset"));
  EXPECT_EQ(office.recorded_refusals().back(), "level");
}

TEST_F(Attack, ANewNumberDoesNotResetTheWordOnTheSameDay) {
  office.verify(ticket, "civil_registry");
  ASSERT_TRUE(update());
  ASSERT_TRUE(approvals.approve(office.supervisor(), 1));
  script = office.conversation();
  give_back_the_code();
  const auto messages = office.gateway.messages().size();
  ASSERT_TRUE(run("verification.sms_code"));  // the attacker has the new number
  EXPECT_FALSE(run("security_word.reset"));
  EXPECT_EQ(office.recorded_refusals().back(), "cooling_off");
  EXPECT_EQ(office.gateway.messages().size(), messages + 1);
}

}  // namespace
}  // namespace anahtar::testing
