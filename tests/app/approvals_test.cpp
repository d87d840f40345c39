// SPDX-License-Identifier: GPL-3.0-or-later
// Four eyes between real processes: one asks, another decides, and nobody gets around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>


#include "app/desk.h"
#include "core/policy.h"

namespace anahtar::testing {
namespace {

using ::testing::HasSubstr;

/// A demo whose policy wants two people for an unblocking, and a ticket on which the caller is verified.
struct ApprovalsBetweenPrograms : ::testing::Test {
  void SetUp() override {
    desk.init_demo();
    want_two_people();
    subscriber = find("0500 000 00 01");
    ticket = std::to_string(
        desk.json_as("operator", {"tickets", "open", "--subscriber", subscriber, "--cause", "password_blocked"})
            .at("number")
            .get<int>());
    verify();
  }
  /// The default policy with another approval for one action.
  void want_two_people() {
    std::string policy(core::default_policy_text());
    const std::string row = "[actions.\"password.unblock\"]\n";
    policy.insert(policy.find(row) + row.size(), "approval = \"four_eyes\"\n");
    desk.json_as("admin", {"policy", "apply", desk.write("policy.toml", policy).string()});
  }
  std::string find(const std::string& mobile) {
    return std::to_string(desk.json_as("operator", {"subscribers", "find", mobile}).at(0).at("id").get<int>());
  }
  void verify() {
    auto run = desk.start({"actions", "run", "verification.sms_code", "--ticket", ticket, "--operator", "operator"},
                          Program::Input::terminal);
    ASSERT_TRUE(run.says("Code"));
    const auto messages = desk.json_as("", {"demo", "phone", "--number", "0500 000 00 01"});
    const auto text = messages.at(0).at("text").get<std::string>();
    run.type(text.substr(text.find_first_of("0123456789"), 6));
    const auto ended = run.wait();
    ASSERT_EQ(ended.exit, 0) << ended.err;
  }
  /// The operator's unblocking, which now waits as request 1.
  void request() { request_as("operator"); }
  void request_as(const std::string& who) {
    const auto answers = desk.write("answers.json", R"({"cause": "forgot"})").string();
    const auto said = desk.json_as(who, {"actions", "run", "password.unblock", "--ticket", ticket, "--answers", answers});
    ASSERT_THAT(said.at("sentence").get<std::string>(), HasSubstr("Waiting for approval (request 1)"));
    EXPECT_TRUE(blocked());
  }
  bool blocked() {
    return desk.json_as("supervisor", {"tickets", "show", ticket})["subscriber"]["portal"]["blocked"].get<bool>();
  }
  /// Refused, still blocked, and the request is in this state for who asked.
  void expect_refused(const std::string& who, const std::string& code, const std::string& state) {
    const auto ended = desk.as(who, {"approvals", "approve", "1", "--json"});
    EXPECT_EQ(ended.exit, 1);
    EXPECT_EQ(nlohmann::json::parse(ended.out)["error"]["code"], code) << ended.out;
    EXPECT_TRUE(blocked());
    if (state == "waiting") {
      EXPECT_EQ(desk.json_as("supervisor", {"approvals", "list"}).size(), 1u);
    } else {
      EXPECT_TRUE(desk.json_as("supervisor", {"approvals", "list"}).empty());
      EXPECT_EQ(desk.json_as("operator", {"approvals", "list", "--decided"}).at(0)["state"], state);
    }
  }
  /// An account that has its own password already.
  void add_account(const std::string& name, const std::string& role, const std::string& person) {
    const auto first = desk.write("first", "first-password-1\n").string();
    desk.environment["ANAHTAR_NEW_PASSWORD_FILE"] = first;
    desk.json_as("admin", {"operators", "add", name, "--role", role, "--person", person});
    const auto own = desk.environment["ANAHTAR_PASSWORD_FILE"];
    desk.environment["ANAHTAR_NEW_PASSWORD_FILE"] = own;
    desk.environment["ANAHTAR_PASSWORD_FILE"] = first;
    desk.json_as(name, {"operators", "change-password"});
    desk.environment["ANAHTAR_PASSWORD_FILE"] = own;
  }
  std::string person_of(const std::string& name) {
    for (const auto& account : desk.json_as("admin", {"operators", "list"}))
      if (account["name"] == name) return account["person"].get<std::string>();
    return {};
  }

  Desk desk;
  std::string subscriber, ticket;
};

TEST_F(ApprovalsBetweenPrograms, ASecondPersonAgreesAndWhoAskedIsTold) {
  request();
  const auto shown = desk.json_as("supervisor", {"approvals", "show", "1"});
  EXPECT_EQ(shown["ticket"].get<int>(), std::stoi(ticket));
  EXPECT_EQ(shown["level"], 2);
  EXPECT_TRUE(shown["verified"].is_string());
  EXPECT_TRUE(shown["number_since"].is_string());
  EXPECT_TRUE(shown["past"].is_array());
  desk.json_as("supervisor", {"approvals", "approve", "1"});
  EXPECT_FALSE(blocked());
  const auto told = desk.json_as("operator", {"approvals", "list", "--decided"});
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0]["state"], "approved");
  EXPECT_EQ(desk.run({"audit", "verify"}).exit, 0);
}

TEST_F(ApprovalsBetweenPrograms, ARejectionKillsItForGood) {
  request();
  desk.json_as("supervisor", {"approvals", "reject", "1", "--reason", "The voice was another."});
  expect_refused("supervisor", "conflict", "rejected");
  EXPECT_EQ(desk.json_as("operator", {"approvals", "list", "--decided"})[0]["reason"], "The voice was another.");
}

TEST_F(ApprovalsBetweenPrograms, NobodyApprovesWhatTheyAskedForThemselves) {
  request_as("supervisor");
  expect_refused("supervisor", "not_permitted", "waiting");
}

TEST_F(ApprovalsBetweenPrograms, NorWithASecondAccount) {
  request();
  add_account("ada2", "supervisor", person_of("operator"));
  expect_refused("ada2", "not_permitted", "waiting");
}

TEST_F(ApprovalsBetweenPrograms, NorAfterAChangeOfRole) {
  request();
  expect_refused("operator", "not_permitted", "waiting");
  desk.json_as("admin", {"operators", "set-role", "operator", "--role", "supervisor"});
  expect_refused("operator", "not_permitted", "waiting");
  // Nor does it stand for somebody else any more: whoever asked has another role now.
  EXPECT_EQ(desk.as("supervisor", {"approvals", "approve", "1"}).exit, 1);
  EXPECT_TRUE(blocked());
}

TEST_F(ApprovalsBetweenPrograms, ItFallsWhenTheTicketTurnsOutToBeAboutSomebodyElse) {
  request();
  desk.json_as("operator", {"tickets", "correct", ticket, "--subscriber", find("0500 000 00 02"), "--reason", "Mixed up."});
  const auto ended = desk.as("supervisor", {"approvals", "approve", "1", "--json"});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_EQ(desk.json_as("operator", {"approvals", "list", "--decided"}).at(0)["state"], "void");
  desk.json_as("operator", {"tickets", "correct", ticket, "--subscriber", subscriber, "--reason", "It was right."});
  EXPECT_TRUE(blocked());
}

TEST_F(ApprovalsBetweenPrograms, ItOutlivesEveryProcessThatAskedForIt) {
  request();  // that process is gone, and so are its plugin and its run
  EXPECT_EQ(desk.json_as("operator", {"actions", "unfinished"}).size(), 0u);
  EXPECT_EQ(desk.as("operator", {"actions", "run", "password.unblock", "--ticket", ticket}).exit, 1) << "it waits already";
  desk.json_as("supervisor", {"approvals", "approve", "1"});
  EXPECT_FALSE(blocked());
}

TEST_F(ApprovalsBetweenPrograms, WhatIsMissingIsSaidInWords) {
  const auto opened = desk.json_as(
      "operator", {"tickets", "open", "--subscriber", find("0500 000 00 02"), "--cause", "password_blocked"});
  const auto unverified = std::to_string(opened.at("number").get<int>());
  const auto offers = desk.json_as("operator", {"actions", "offers", "--ticket", unverified});
  std::string missing;
  for (const auto& offer : offers)
    if (offer["id"] == "call_pin.set") missing = offer["missing"].get<std::string>();
  EXPECT_THAT(missing, HasSubstr("Level 2 needed: "));
  EXPECT_THAT(missing, HasSubstr("SMS code"));
  const auto refused = desk.as("operator", {"actions", "run", "call_pin.set", "--ticket", unverified});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_THAT(refused.err, HasSubstr(missing));
}

}  // namespace
}  // namespace anahtar::testing
