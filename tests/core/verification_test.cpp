// SPDX-License-Identifier: GPL-3.0-or-later
// Methods as the console sees them: evidence, codes, questions, locks.
#include <gtest/gtest.h>

#include "core/titles.h"
#include "scripted_actions.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;
using sdk::CodeCheck;
using sdk::Desk;
using sdk::Outcome;

struct MethodTest : ActionTest {
  Result<Text> run(const std::string& action) {
    return office.run(office.operator_(), ticket, action, office.conversation());
  }
  Outcome grant(const char* method) {
    return sdk::propose(sdk::Change::verify_caller(method)).then_say(tr("Verified."));
  }
  /// What the code port says inside one run of the SMS method.
  void in_sms_run(std::function<void(sdk::CodesPort&)> work) {
    Bodies::now().sms = [&](Desk& desk) { return work(desk.codes()), sdk::done(tr("done")); };
    const auto result = run("verification.sms_code");
    EXPECT_TRUE(result) << (result ? "" : result.error().sentence.id);
  }
  std::string wrong_code() const { return office.code_on_phone() == "000000" ? "111111" : "000000"; }
  CodeCheck check_code(const std::string& typed) {
    CodeCheck outcome{};
    in_sms_run([&](sdk::CodesPort& codes) { outcome = codes.check(Secret(typed)); });
    return outcome;
  }
  void send_code() {
    in_sms_run([](sdk::CodesPort& codes) { codes.send(); });
  }
  MethodState state(const char* method) { return office.store.method_state(office.demo.blocked, method); }
};

TEST_F(MethodTest, GrantsTheCallMethodOnlyForAProvenCallFromTheRegisteredMobile) {
  office.change_ticket(ticket, [this](Ticket& t) { t.call_number = "+905000000001", t.call_proven = office.clock.now(); });
  Bodies::now().registered_mobile = [&](Desk& desk) {
    EXPECT_TRUE(desk.call().from_registered_mobile());
    return grant("registered_mobile");
  };
  ASSERT_TRUE(run("verification.registered_mobile"));
  const auto status = office.verification.status(office.store, *office.store.ticket(ticket));
  EXPECT_EQ(status.level, 1);
  EXPECT_EQ(status.method, "registered_mobile");
  EXPECT_EQ(status.expires, office.clock.now() + 15min);
  const auto record = office.store.records_of(record_type::verified).at(0);
  EXPECT_EQ(record.fields.at(Tag::level), "1");
  EXPECT_EQ(record.fields.at(Tag::until), "2026-01-05T09:15:00Z");
}

TEST_F(MethodTest, RefusesAGrantForWhichTheConsoleSawNoEvidence) {
  office.change_ticket(ticket, [this](Ticket& t) { t.call_number = "+905000000001", t.call_proven = office.clock.now(); });
  Bodies::now().registered_mobile = [&](Desk&) { return grant("registered_mobile"); };
  EXPECT_FALSE(run("verification.registered_mobile"));
  EXPECT_EQ(office.recorded_refusals(), std::vector<std::string>{"evidence"});
  EXPECT_EQ(office.recorded_ends(), std::vector<std::string>{"refused"});
  EXPECT_EQ(office.level(ticket), 0);
}

TEST_F(MethodTest, RefusesAGrantForAnotherMethodThanTheActionVerifies) {
  office.change_ticket(ticket, [this](Ticket& t) { t.call_number = "+905000000001", t.call_proven = office.clock.now(); });
  Bodies::now().registered_mobile = [&](Desk& desk) {
    desk.call().from_registered_mobile();
    return grant("sms_code");
  };
  EXPECT_FALSE(run("verification.registered_mobile"));
  EXPECT_EQ(office.level(ticket), 0);
}

TEST_F(MethodTest, RefusesAMethodThatProposesAnotherKindOfChange) {
  office.verify(ticket, "sms_code");
  Bodies::now().sms = [&](Desk&) { return sdk::propose(sdk::Change::unblock_password("forgot")); };
  EXPECT_FALSE(run("verification.sms_code"));
  EXPECT_TRUE(office.blocked(office.demo.blocked));
  EXPECT_EQ(office.recorded_refusals(), std::vector<std::string>{"change"});
}

TEST_F(MethodTest, DoesNotCarryEvidenceFromOneRunToTheNext) {
  send_code();
  EXPECT_EQ(check_code(office.code_on_phone()), CodeCheck::right);
  Bodies::now().sms = [&](Desk&) { return grant("sms_code"); };
  EXPECT_FALSE(run("verification.sms_code"));
  EXPECT_EQ(office.level(ticket), 0);
}

TEST_F(MethodTest, ForgetsEvidenceThatIsOlderThanAVerificationLives) {
  Bodies::now().sms = [&](Desk& desk) {
    desk.codes().send();
    EXPECT_EQ(desk.codes().check(Secret(office.code_on_phone())), CodeCheck::right);
    office.clock.advance(15min);
    return grant("sms_code");
  };
  EXPECT_FALSE(run("verification.sms_code"));
  EXPECT_EQ(office.recorded_refusals(), std::vector<std::string>{"evidence"});
}

TEST_F(MethodTest, DoesNotCountEvidenceOfAnEarlierCallOnANewOne) {
  Bodies::now().sms = [&](Desk& desk) {
    desk.codes().send();
    EXPECT_EQ(desk.codes().check(Secret(office.code_on_phone())), CodeCheck::right);
    office.change_ticket(ticket, [](Ticket& t) { t.call_number = "+905000000099"; });
    return grant("sms_code");
  };
  EXPECT_FALSE(run("verification.sms_code"));
  EXPECT_EQ(office.level(ticket), 0);
}

TEST_F(MethodTest, SendsNoCodeFromATicketThatWasClosedOrTakenAwayMeanwhile) {
  const auto messages_after = [&](auto change) {
    Bodies::now().sms = [&, change](Desk& desk) {
      office.change_ticket(ticket, change);
      desk.codes().send();
      return grant("sms_code");
    };
    EXPECT_FALSE(run("verification.sms_code"));
    return office.gateway.messages().size();
  };
  EXPECT_EQ(messages_after([](Ticket& t) { t.assignee = 999; }), 0u);
  office.change_ticket(ticket, [&](Ticket& t) { t.assignee = office.demo.operator_.id; });
  EXPECT_EQ(messages_after([](Ticket& t) { t.state = TicketState::closed; }), 0u);
}

TEST_F(MethodTest, GrantsTheSmsMethodForTheRightCodeAndForgetsEarlierFailures) {
  Bodies::now().sms = [&](Desk& desk) {
    desk.codes().send();
    EXPECT_EQ(desk.codes().check(Secret(wrong_code())), CodeCheck::wrong);
    EXPECT_EQ(desk.codes().tries_left(), 2);
    EXPECT_EQ(desk.codes().check(Secret(office.code_on_phone())), CodeCheck::right);
    return grant("sms_code");
  };
  ASSERT_TRUE(run("verification.sms_code"));
  EXPECT_EQ(office.level(ticket), 2);
  EXPECT_EQ(state("sms_code").failures, 0);
  EXPECT_EQ(state("sms_code").codes_sent, 0);
}

TEST_F(MethodTest, SendsTheCodeToTheRegisteredMobileInOneShortMessage) {
  sdk::SentCode sent;
  in_sms_run([&](sdk::CodesPort& codes) { sent = codes.send(); });
  ASSERT_EQ(office.gateway.messages().size(), 1u);
  const SentMessage message = office.gateway.messages()[0];
  EXPECT_EQ(message.to, "+905000000001");
  EXPECT_LE(message.body.size(), 160u);
  EXPECT_EQ(office.code_on_phone().find_first_not_of("0123456789"), std::string::npos);
  EXPECT_EQ(sent.masked_to.find("500000000"), std::string::npos);
  EXPECT_EQ(sent.expires, office.clock.now() + 180s);
  EXPECT_EQ(sent.tries_left, 3);
}

TEST_F(MethodTest, AcceptsARightCodeOnce) {
  send_code();
  const std::string code = office.code_on_phone();
  EXPECT_EQ(check_code(code), CodeCheck::right);
  EXPECT_EQ(check_code(code), CodeCheck::expired);
}

TEST_F(MethodTest, VoidsACodeAfterThreeWrongTriesEvenForTheRightOne) {
  send_code();
  const std::string wrong = wrong_code();
  EXPECT_EQ(check_code(wrong), CodeCheck::wrong);
  EXPECT_EQ(check_code(wrong), CodeCheck::wrong);
  EXPECT_EQ(check_code(wrong), CodeCheck::used_up);
  EXPECT_EQ(check_code(office.code_on_phone()), CodeCheck::used_up);
  EXPECT_EQ(state("sms_code").failures, 3);
}

TEST_F(MethodTest, RefusesACodeWhoseTimeIsOver) {
  send_code();
  office.clock.advance(180s);
  EXPECT_EQ(check_code(office.code_on_phone()), CodeCheck::expired);
}

TEST_F(MethodTest, VoidsTheEarlierCodeWhenANewOneIsSent) {
  send_code();
  const std::string first = office.code_on_phone();
  send_code();
  ASSERT_NE(first, office.code_on_phone());
  EXPECT_EQ(check_code(first), CodeCheck::wrong);
  EXPECT_EQ(check_code(office.code_on_phone()), CodeCheck::right);
}

TEST_F(MethodTest, DoesNotAcceptACodeOfAnotherTicket) {
  send_code();
  const auto first_ticket = std::exchange(ticket, office.open_ticket(office.demo.blocked, office.demo.operator_));
  EXPECT_EQ(check_code(office.code_on_phone()), CodeCheck::expired);  // no code was sent on this one
  const std::string code_of_first = office.code_on_phone();
  send_code();
  EXPECT_EQ(check_code(code_of_first), CodeCheck::wrong);
  ticket = first_ticket;
  EXPECT_EQ(check_code(code_of_first), CodeCheck::right);
}

TEST_F(MethodTest, DoesNotAcceptACodeAfterTheTicketWentToAnotherSubscriber) {
  send_code();
  office.change_ticket(ticket, [&](Ticket& t) { t.subscriber = office.demo.active; });
  EXPECT_EQ(check_code(office.code_on_phone()), CodeCheck::expired);
}

TEST_F(MethodTest, LocksCodesAfterTheThirdOneAcrossTicketsAndOperators) {
  for (int i = 0; i < 3; ++i) {
    ticket = office.open_ticket(office.demo.blocked, office.demo.operator_);
    send_code();
  }
  const std::string wrong = wrong_code();
  check_code(wrong);
  check_code(wrong);
  EXPECT_EQ(check_code(wrong), CodeCheck::locked);
  EXPECT_EQ(office.store.records_of(record_type::method_locked).size(), 1u);
  ticket = office.open_ticket(office.demo.blocked, office.demo.other_operator);
  expect_refused("locked", office.session_of(office.demo.other_operator), "verification.sms_code");
  EXPECT_EQ(office.verification.status(office.store, *office.store.ticket(ticket)).locked_methods,
            std::vector<std::string>{"sms_code"});
}

TEST_F(MethodTest, LocksCodesWhenAFourthIsAskedFor) {
  for (int i = 0; i < 3; ++i) send_code();
  Bodies::now().sms = [&](Desk& desk) { return desk.codes().send(), sdk::done(tr("done")); };
  EXPECT_FALSE(run("verification.sms_code"));
  EXPECT_EQ(office.gateway.messages().size(), 3u);
  EXPECT_TRUE(state("sms_code").locked);
  expect_refused("locked", office.operator_(), "verification.sms_code");
}

TEST_F(MethodTest, RecordsAMessageAsIntendedBeforeItLeavesAndAsHappenedAfter) {
  send_code();
  const auto intended = office.store.records_of(record_type::effect_intended);
  const auto happened = office.store.records_of(record_type::effect_happened);
  ASSERT_EQ(intended.size(), 1u);
  ASSERT_EQ(happened.size(), 1u);
  EXPECT_EQ(intended[0].fields.at(Tag::message_id), office.gateway.messages()[0].id);
  EXPECT_EQ(happened[0].fields.at(Tag::message_id), office.gateway.messages()[0].id);
  EXPECT_EQ(intended[0].fields.at(Tag::run), happened[0].fields.at(Tag::run));
}

TEST_F(MethodTest, DoesNotSendAMessageThatCannotBeRecordedAsIntended) {
  Bodies::now().sms = [&](Desk& desk) { return desk.codes().send(), sdk::done(tr("done")); };
  office.store.fail_commits_with({Code::unavailable, tr("The disk is full.")}, 1);
  EXPECT_FALSE(run("verification.sms_code"));
  EXPECT_TRUE(office.gateway.messages().empty());
}

TEST_F(MethodTest, DoesNotCountACodeThatCertainlyDidNotLeave) {
  office.gateway.fail_with({Code::refused, tr("no")});
  Bodies::now().sms = [&](Desk& desk) { return desk.codes().send(), sdk::done(tr("done")); };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(run("verification.sms_code").error().code, Code::unavailable);
  EXPECT_EQ(office.store.records_of(record_type::effect_failed).size(), 5u);
  EXPECT_EQ(state("sms_code").codes_sent, 0);
  EXPECT_TRUE(office.store.latest_code(ticket)->voided);
}

TEST_F(MethodTest, LetsACodeWaitForItsGatewayUntilItsTimeIsOver) {
  office.gateway.fail_with({Code::unavailable, tr("down")});
  for (int i = 0; i < 5; ++i) send_code();  // each takes back the one before, which has not left
  EXPECT_EQ(state("sms_code").codes_sent, 1);
  EXPECT_EQ(office.store.records_of(record_type::message_withdrawn).size(), 4u);
  office.gateway.let_succeed();
  office.clock.advance(180s);
  office.outbox->wake();
  EXPECT_TRUE(office.outbox->wait_until_sent(office.clock.now() - 1h, 5s).empty());
  EXPECT_TRUE(office.gateway.messages().empty());
  EXPECT_EQ(state("sms_code").codes_sent, 0);
  EXPECT_TRUE(office.store.latest_code(ticket)->voided);
}

TEST_F(MethodTest, TakesBackACodeThatHasNotLeftWhenTheCallerIsAnother) {
  office.gateway.fail_with({Code::unavailable, tr("down")});
  send_code();
  office.change([&](Transaction& tx) { office.verification.void_all(tx, *tx.ticket(ticket)); });
  const auto messages = office.store.messages({.ticket = ticket, .device = {}});
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].reason, message_reason::withdrawn);
  EXPECT_EQ(state("sms_code").codes_sent, 0);
}

TEST_F(MethodTest, CountsACodeOfWhichNobodyKnowsAndStillAcceptsIt) {
  office.gateway.fail_with({Code::internal, tr("timed out")});
  const auto script = office.conversation();
  Bodies::now().sms = [&](Desk& desk) { return desk.codes().send(), sdk::done(tr("done")); };
  EXPECT_TRUE(office.run(office.operator_(), ticket, "verification.sms_code", script));
  EXPECT_EQ(office.store.records_of(record_type::effect_unknown).size(), 1u);
  EXPECT_EQ(script->notices().size(), 1u);
  EXPECT_EQ(state("sms_code").codes_sent, 1);
  EXPECT_FALSE(office.store.latest_code(ticket)->voided);
}

TEST_F(MethodTest, WritesNoCodeIntoRecordsSentencesOrTables) {
  const auto script = office.conversation();
  std::vector<std::string> codes;
  Bodies::now().sms = [&](Desk& desk) {
    desk.codes().send();
    codes.push_back(office.code_on_phone());
    desk.codes().check(Secret(wrong_code()));
    EXPECT_EQ(desk.codes().check(Secret(codes.back())), CodeCheck::right);
    return grant("sms_code");
  };
  const auto result = office.run(office.operator_(), ticket, "verification.sms_code", script);
  ASSERT_TRUE(result);
  std::string everything = result->id;
  for (const auto& argument : result->args) everything += argument;
  for (const auto& notice : script->notices()) everything += notice.id;
  for (const auto& stored : office.store.records())
    for (const auto& [tag, value] : stored.record.fields) everything += value + "\n";
  everything += office.store.latest_code(ticket)->keyed_hash;
  for (const auto& code : codes) EXPECT_EQ(everything.find(code), std::string::npos);
  EXPECT_EQ(everything.find("onay kodunuz"), std::string::npos);
}

struct CivilTest : MethodTest {
  static std::string right_answer(const CivilRecord& record, const std::string& id) {
    const std::map<std::string, std::string> all = {{"birth_date", record.birth_date},
                                                    {"birth_place", record.birth_place},
                                                    {"mother_name", record.mother_name},
                                                    {"father_name", record.father_name},
                                                    {"registry_province", record.registry_province},
                                                    {"registry_district", record.registry_district},
                                                    {"volume_number", record.volume_number},
                                                    {"family_number", record.family_number},
                                                    {"order_number", record.order_number},
                                                    {"document_serial", record.document_serial}};
    return all.at(id);
  }
  /// Draws `count` questions, answers them rightly but for what `change` does, and compares.
  bool compare(
      std::size_t count, std::function<void(std::map<std::string, std::string>&)> change = [](auto&) {}) {
    bool same = false;
    Bodies::now().civil = [&](Desk& desk) -> Outcome {
      std::map<std::string, std::string> answers;
      const auto record = office.store.subscriber(office.demo.blocked)->civil;
      for (const auto& question : desk.civil_registry().draw(count))
        answers[question.id] = right_answer(record, question.id);
      change(answers);
      same = desk.civil_registry().compare(answers);
      return sdk::done(tr("done"));
    };
    const auto result = run("verification.civil_registry");
    last_failure = result ? "" : result.error().sentence.id;
    return same;
  }
  std::string last_failure;
};

TEST_F(CivilTest, AcceptsRightAnswersAsPeopleSayThem) {
  const auto as_said = [](std::map<std::string, std::string>& answers) {
    answers = {{"birth_date", "23.04.1985"},     {"birth_place", "  IĞDIR "},    {"mother_name", "GÜLŞEN"},
               {"father_name", "ibrahim"},       {"registry_province", "ığdır"}, {"registry_district", "TUZLUCA"},
               {"volume_number", "0012"},        {"family_number", "3 45"},      {"order_number", "67"},
               {"document_serial", "a00b 00001"}};
  };
  EXPECT_TRUE(compare(10, as_said));
  EXPECT_EQ(state("civil_registry").failures, 0);
}

/// The registry itself, as the test says.
struct FakeRegistry : CivilRegistryService {
  explicit FakeRegistry(Result<bool> says) : answer(std::move(says)) {}
  std::string name() const override { return "fake"; }
  Result<bool> confirm(const Subscriber&) override {
    ++asked;
    return answer;
  }
  GatewayState state() const override { return {GatewayState::Health::ok, {}, {}}; }

  Result<bool> answer;
  int asked = 0;
};

TEST_F(CivilTest, AsksTheRegistryItselfWhereItIsSetUp) {
  FakeRegistry registry(true);
  office.civil_registry = &registry;
  office.open_actions();
  EXPECT_TRUE(compare(3));
  EXPECT_EQ(registry.asked, 1);
  EXPECT_EQ(office.store.records_of(record_type::registry_asked).at(0).fields.at(Tag::outcome), "confirmed");
  office.actions.reset();
}

TEST_F(CivilTest, DoesNotVerifyWhatTheRegistryDeniesOrDoesNotAnswer) {
  for (const auto& answer : {Result<bool>(false), Result<bool>(failure(Code::unavailable, tr("down")))}) {
    FakeRegistry registry(answer);
    office.civil_registry = &registry;
    office.open_actions();
    EXPECT_FALSE(compare(3));
    EXPECT_NE(last_failure, "");
    EXPECT_EQ(state("civil_registry").failures, 0) << "it is not the caller's fault";
    office.actions.reset();
  }
}

TEST_F(CivilTest, TellsTheRegistryNothingOfWrongAnswers) {
  FakeRegistry registry(true);
  office.civil_registry = &registry;
  office.open_actions();
  EXPECT_FALSE(compare(3, [](auto& answers) { answers.begin()->second = "wrong"; }));
  EXPECT_EQ(registry.asked, 0);
  office.actions.reset();
}

TEST_F(CivilTest, KnowsThatTurkishHasTwoKindsOfI) {
  EXPECT_FALSE(compare(10, [](auto& answers) { answers["birth_place"] = "İĞDİR"; }));
}

TEST_F(CivilTest, NeedsEveryAnswerRight) {
  for (const char* id : {"birth_date", "mother_name", "order_number"}) {
    office.change([&](Transaction& tx) {
      MethodState fresh = tx.method_state(office.demo.blocked, "civil_registry");
      fresh.failures = 0, fresh.locked = false;
      tx.save(fresh);
    });
    EXPECT_FALSE(compare(10, [&](auto& answers) { answers[id] = "wrong"; })) << id;
    EXPECT_FALSE(compare(10, [&](auto& answers) { answers.erase(id); })) << id;
  }
}

TEST_F(CivilTest, CountsAWrongSetOnceHoweverManyAnswersAreWrong) {
  EXPECT_FALSE(compare(3, [](auto& answers) {
    for (auto& [id, answer] : answers) answer = "wrong";
  }));
  EXPECT_EQ(state("civil_registry").failures, 1);
}

TEST_F(CivilTest, LocksAfterThreeWrongSetsAcrossTicketsAndOperators) {
  for (int i = 0; i < 3; ++i) {
    ticket = office.open_ticket(office.demo.blocked, office.demo.operator_);
    EXPECT_FALSE(compare(3, [](auto& answers) { answers.clear(); }));
  }
  EXPECT_TRUE(state("civil_registry").locked);
  ticket = office.open_ticket(office.demo.blocked, office.demo.other_operator);
  expect_refused("locked", office.session_of(office.demo.other_operator), "verification.civil_registry");
}

TEST_F(CivilTest, LocksWithinOneRunToo) {
  int compared = 0;
  Bodies::now().civil = [&](Desk& desk) -> Outcome {
    while (true) {
      desk.civil_registry().draw(3);
      desk.civil_registry().compare({});
      ++compared;
    }
  };
  EXPECT_FALSE(run("verification.civil_registry"));
  EXPECT_EQ(compared, 3);
}

TEST_F(CivilTest, NobodyDrawsAgainUntilTheQuestionsSuit) {
  const auto drawn_now = [&] {
    std::vector<std::string> drawn;
    Bodies::now().civil = [&](Desk& desk) {
      for (const auto& question : desk.civil_registry().draw(3)) drawn.push_back(question.id);
      return sdk::done(tr("done"));
    };
    EXPECT_TRUE(run("verification.civil_registry"));
    return drawn;
  };
  const auto first = drawn_now();
  EXPECT_EQ(first.size(), 3u);
  EXPECT_EQ(drawn_now(), first) << "a second run";
  ticket = office.open_ticket(office.demo.blocked, office.demo.operator_);
  EXPECT_EQ(drawn_now(), first) << "another ticket";
}

TEST_F(CivilTest, DrawsOtherQuestionsAfterAWrongSetAndOnOtherDays) {
  std::set<std::string> drawn;
  for (int day = 0; day < 30; ++day) {
    office.clock.advance(std::chrono::hours(24));
    Bodies::now().civil = [&](Desk& desk) {
      for (const auto& question : desk.civil_registry().draw(3)) drawn.insert(question.id);
      return sdk::done(tr("done"));
    };
    EXPECT_TRUE(run("verification.civil_registry"));
  }
  EXPECT_EQ(drawn.size(), 10u);

  std::set<std::vector<std::string>> sets;
  Bodies::now().civil = [&](Desk& desk) {
    for (int i = 0; i < 2; ++i) {
      std::vector<std::string> ids;
      for (const auto& question : desk.civil_registry().draw(3)) ids.push_back(question.id);
      sets.insert(ids);
      desk.civil_registry().compare({});
    }
    return sdk::done(tr("done"));
  };
  EXPECT_TRUE(run("verification.civil_registry"));
  EXPECT_EQ(sets.size(), 2u);
}

TEST_F(CivilTest, AsksOnlyWhatTheRecordHolds) {
  office.change_subscriber(office.demo.blocked, [](Subscriber& s) {
    s.civil = {.birth_date = "1985-04-23",
               .birth_place = "",
               .mother_name = "Gülşen",
               .father_name = "İbrahim",
               .registry_province = "",
               .registry_district = "",
               .volume_number = "",
               .family_number = "",
               .order_number = "",
               .document_serial = ""};
  });
  EXPECT_TRUE(compare(5));
  EXPECT_FALSE(compare(1)) << "one question is no verification";
}

TEST_F(CivilTest, ComparesOnlyWhatThisRunHasDrawn) {
  Bodies::now().civil = [&](Desk& desk) -> Outcome {
    desk.civil_registry().compare({{"mother_name", "Gülşen"}});
    return sdk::done(tr("done"));
  };
  EXPECT_FALSE(run("verification.civil_registry"));
  EXPECT_EQ(state("civil_registry").failures, 0);
}

TEST_F(CivilTest, LiftsALockForASupervisorWithAReason) {
  for (int i = 0; i < 3; ++i) compare(3, [](auto& answers) { answers.clear(); });
  EXPECT_EQ(office.verification.lift_lock(office.supervisor(), ticket, "civil_registry", " ").error().code,
            Code::invalid);
  EXPECT_EQ(office.verification.lift_lock(office.operator_(), ticket, "civil_registry", "please").error().code,
            Code::not_permitted);
  EXPECT_TRUE(state("civil_registry").locked);
  const auto sentence = [&] { return office.verification.status(office.store, *office.store.ticket(ticket)).sentence; };
  EXPECT_EQ(sentence().id, "Not verified. Locked: {1}") << "an empty bar would not say why";
  EXPECT_EQ(term_of(sentence().args.at(0)), default_policy().methods.at("civil_registry").label.id);
  ASSERT_TRUE(office.verification.lift_lock(office.supervisor(), ticket, "civil_registry", "came in person"));
  EXPECT_EQ(sentence().id, "Not verified");
  EXPECT_TRUE(compare(3));
  EXPECT_EQ(office.store.records_of(record_type::lock_lifted).at(0).fields.at(Tag::reason), "came in person");
  EXPECT_FALSE(office.verification.lift_lock(office.supervisor(), ticket, "civil_registry", "again"));
}

TEST_F(MethodTest, ShowsTheHighestStandingLevelAndItsMethod) {
  office.verify(ticket, "civil_registry");
  office.clock.advance(5min);
  office.verify(ticket, "sms_code");
  auto status = office.verification.status(office.store, *office.store.ticket(ticket));
  EXPECT_EQ(status.level, 2);
  EXPECT_EQ(status.method, "sms_code");
  EXPECT_EQ(status.method_label.id, "SMS code");
  office.clock.advance(15min);
  status = office.verification.status(office.store, *office.store.ticket(ticket));
  EXPECT_EQ(status.level, 0);
  EXPECT_EQ(status.sentence.id, "Not verified");
}

}  // namespace
}  // namespace anahtar::testing
