// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin_office.h"

namespace anahtar::testing {
namespace {

using namespace core;
using namespace std::chrono_literals;

struct IdentityVerification : PluginTest {
  /// The operator types what the caller reads from the newest message.
  void answer_with_the_code() {
    script->step([this](const sdk::Form&) { return typed(office.code_on_phone()); });
  }
  void answer_with_a_wrong_code() {
    script->step([this](const sdk::Form&) { return typed(office.code_on_phone() == "000000" ? "111111" : "000000"); });
  }
  static sdk::Answers typed(const std::string& code) {
    sdk::Answers answers;
    answers.values["code"] = code;
    return answers;
  }
  void answer_questions(std::string CivilRecord::*spoiled = nullptr) {
    script->step([this, spoiled](const sdk::Form& form) {
      CivilRecord record = office.store.subscriber(office.demo.blocked)->civil;
      if (spoiled) record = {};
      sdk::Answers answers;
      answers.values = {{"birth_date", "23/04/1985"},
                        {"birth_place", record.birth_place},
                        {"mother_name", record.mother_name},
                        {"father_name", record.father_name},
                        {"registry_province", record.registry_province},
                        {"registry_district", record.registry_district},
                        {"volume_number", record.volume_number},
                        {"family_number", record.family_number},
                        {"order_number", record.order_number},
                        {"document_serial", record.document_serial}};
      if (spoiled)
        for (auto& [id, answer] : answers.values) answer = id.ends_with("number") ? "9999" : "1.1.1990";
      EXPECT_EQ(form.fields.size(), 3u);
      return answers;
    });
  }
};

TEST_F(IdentityVerification, OffersItsMethods) {
  ASSERT_EQ(office.plugins.refused.size(), 0u);
  const auto catalogue = office.actions->catalogue();
  ASSERT_EQ(catalogue.size(), 17u);
  EXPECT_EQ(catalogue[0].verifies, "registered_mobile");
  EXPECT_EQ(catalogue[1].verifies, "sms_code");
  EXPECT_EQ(catalogue[2].verifies, "civil_registry");
  EXPECT_EQ(catalogue[3].verifies, "identity_card");
  EXPECT_EQ(catalogue[4].verifies, "card_signature");
  EXPECT_EQ(catalogue[5].verifies, "call_pin");
  EXPECT_EQ(catalogue[6].verifies, "call_back");
  for (const auto& entry : catalogue) EXPECT_TRUE(entry.in_policy) << entry.id;
}

TEST_F(IdentityVerification, AcceptsAProvenCallFromTheRegisteredMobileWithoutAskingAnything) {
  office.change_ticket(ticket, [this](Ticket& t) { t.call_number = "+905000000001", t.call_proven = office.clock.now(); });
  EXPECT_TRUE(run("verification.registered_mobile"));
  EXPECT_EQ(status().level, 1);
  EXPECT_TRUE(script->forms().empty());
}

TEST_F(IdentityVerification, AcceptsTheSmsCodeThatTheCallerGivesBack) {
  answer_with_the_code();
  ASSERT_TRUE(run("verification.sms_code"));
  EXPECT_EQ(status().level, 2);
  EXPECT_EQ(form(0).expires, office.clock.now() + 180s);
  EXPECT_EQ(form(0).fields.at(0).kind, sdk::FieldKind::digits);
  EXPECT_EQ(form(0).say.args.at(0), "05•• ••• •• 01");
  EXPECT_EQ(form(0).buttons.at(0).id, "new_code");
}

TEST_F(IdentityVerification, TakesBackTheCodeOfACancelledRunThatHasNotLeft) {
  office.gateway.fail_with({core::Code::unavailable, sdk::tr("The gateway is away.")});
  script->step([](const sdk::Form&) -> sdk::Answers { throw sdk::Cancelled(); });
  EXPECT_FALSE(run("verification.sms_code"));
  const auto messages = office.store.messages({.ticket = ticket, .device = {}});
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].state, core::MessageState::failed);
  EXPECT_EQ(messages[0].reason, core::message_reason::withdrawn);
  EXPECT_TRUE(office.store.message_content(messages[0].id)->body.empty());
  EXPECT_EQ(office.store.records_of(core::record_type::message_withdrawn).size(), 1u);
  EXPECT_TRUE(office.store.latest_code(ticket)->voided);
  EXPECT_EQ(office.store.method_state(office.demo.blocked, "sms_code").codes_sent, 0) << "it does not count";
}

TEST_F(IdentityVerification, CountsTriesDownAndSaysWhatIsWrong) {
  answer_with_a_wrong_code();
  answer_with_the_code();
  ASSERT_TRUE(run("verification.sms_code"));
  EXPECT_TRUE(form(0).problem.empty());
  EXPECT_EQ(form(0).fields.at(0).hint.args.at(0), "3");
  EXPECT_FALSE(form(1).problem.empty());
  EXPECT_EQ(form(1).fields.at(0).hint.args.at(0), "2");
}

TEST_F(IdentityVerification, OffersANewCodeAfterThreeWrongTries) {
  for (int i = 0; i < 3; ++i) answer_with_a_wrong_code();
  script->answer({});  // yes, a new one
  answer_with_the_code();
  ASSERT_TRUE(run("verification.sms_code"));
  EXPECT_EQ(office.gateway.messages().size(), 2u);
  EXPECT_TRUE(form(3).fields.empty());
  EXPECT_EQ(form(3).problem.id, "Too many wrong tries: this code is void.");
}

TEST_F(IdentityVerification, SendsAnotherCodeWhenTheTimeIsOver) {
  script->step([this](const sdk::Form&) {
    office.clock.advance(180s);
    sdk::Answers answers;
    answers.out_of_time = true;
    return answers;
  });
  script->answer({});
  answer_with_the_code();
  ASSERT_TRUE(run("verification.sms_code"));
  EXPECT_EQ(form(1).problem.id, "The time for this code is over.");
  EXPECT_EQ(office.gateway.messages().size(), 2u);
}

TEST_F(IdentityVerification, NoticesACodeThatRanOutWhileItWasTyped) {
  script->step([this](const sdk::Form&) {
    office.clock.advance(181s);
    return typed(office.code_on_phone());
  });
  script->answer({});
  answer_with_the_code();
  ASSERT_TRUE(run("verification.sms_code"));
  EXPECT_EQ(office.gateway.messages().size(), 2u);
}

TEST_F(IdentityVerification, SendsANewCodeAtAButtonAndForgetsTheEarlierOne) {
  script->press("new_code");
  script->step([this](const sdk::Form&) {
    const std::string first = office.gateway.messages().at(0).body;
    return typed(first.substr(first.find_first_of("0123456789"), 6));
  });
  answer_with_the_code();
  ASSERT_TRUE(run("verification.sms_code"));
  EXPECT_EQ(form(2).problem.id, "That is not the code that was sent. Ask the caller to read it again.");
}

TEST_F(IdentityVerification, EndsWhenCodesAreUsedUp) {
  for (int i = 0; i < 3; ++i) script->press("new_code");
  const auto result = run("verification.sms_code");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::refused);
  EXPECT_EQ(office.gateway.messages().size(), 3u);
  EXPECT_EQ(status().level, 0);
  EXPECT_EQ(status().locked_methods, std::vector<std::string>{"sms_code"});
}

TEST_F(IdentityVerification, AcceptsRightAnswersToThreeQuestions) {
  answer_questions();
  ASSERT_TRUE(run("verification.civil_registry"));
  EXPECT_EQ(status().level, 1);
  EXPECT_EQ(status().method, "civil_registry");
}

TEST_F(IdentityVerification, AsksNewQuestionsAfterAWrongSetAndLocksAfterThree) {
  for (int i = 0; i < 3; ++i) answer_questions(&CivilRecord::mother_name);
  EXPECT_FALSE(run("verification.civil_registry"));
  EXPECT_EQ(script->forms().size(), 3u);
  EXPECT_FALSE(form(1).problem.empty());
  EXPECT_EQ(status().locked_methods, std::vector<std::string>{"civil_registry"});
}

TEST_F(IdentityVerification, NeverPutsARightAnswerIntoAForm) {
  answer_questions(&CivilRecord::mother_name);
  answer_questions();
  ASSERT_TRUE(run("verification.civil_registry"));
  for (const auto& form : script->forms())
    for (const auto& field : form.fields)
      for (const auto& text : {field.label, field.hint, form.problem, form.say}) {
        EXPECT_TRUE(text.args.empty());
        EXPECT_EQ(text.id.find("Gülşen"), std::string::npos);
      }
}

}  // namespace
}  // namespace anahtar::testing
