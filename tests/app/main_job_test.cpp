// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "app/desk.h"

namespace anahtar::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string code_on_the_phone(const Desk& desk) {
  const auto messages = desk.json_as("", {"demo", "phone", "--number", "0500 000 00 01"});
  std::string digits;
  for (const char c : messages.at(0).at("text").get<std::string>()) {
    if (c >= '0' && c <= '9')
      digits += c;
    else if (digits.size() != 6)
      digits.clear();
    if (digits.size() == 6) return digits;
  }
  return digits;
}

bool holds_record(const nlohmann::json& page, const std::string& type) {
  for (const auto& row : page["rows"])
    if (row["type"] == type) return true;
  return false;
}

struct MainJob : ::testing::Test {
  void SetUp() override { desk.init_demo(); }
  std::string open_ticket() {
    const auto found = desk.json_as("operator", {"subscribers", "find", "0500", "000", "00", "01"});
    const auto id = found.at(0).at("id").get<int>();
    const auto opened = desk.json_as(
        "operator", {"tickets", "open", "--subscriber", std::to_string(id), "--cause", "password_blocked"});
    const auto number = std::to_string(opened.at("number").get<int>());
    desk.json_as("operator", {"tickets", "take", number});
    return number;
  }
  void verify_by_sms(const std::string& ticket) {
    auto run = desk.start({"actions", "run", "verification.sms_code", "--ticket", ticket, "--operator", "operator"},
                          Program::Input::terminal);
    ASSERT_TRUE(run.says("Code")) << run.wait().err;
    run.type(code_on_the_phone(desk));
    const auto ended = run.wait();
    ASSERT_EQ(ended.exit, 0) << ended.err;
  }
  Desk desk;
};

TEST_F(MainJob, UnblocksThePasswordOfAVerifiedCallerAndLeavesAnIntactLog) {
  const auto ticket = open_ticket();
  verify_by_sms(ticket);
  EXPECT_EQ(desk.json_as("operator", {"tickets", "show", ticket})["verification"]["level"], 2);

  const auto answers = desk.write("answers.json", R"({"cause": "forgot", "note": "beyanname günü"})");
  desk.json_as("operator", {"actions", "run", "password.unblock", "--ticket", ticket, "--answers", answers.string()});
  const auto shown = desk.json_as("operator", {"tickets", "show", ticket});
  EXPECT_EQ(shown["subscriber"]["portal"]["blocked"], false);

  desk.json_as("operator", {"tickets", "close", ticket, "--resolution", "The password is active again."});
  EXPECT_EQ(desk.json_as("operator", {"tickets", "show", ticket})["state"], "closed");

  const auto log = desk.json_as("supervisor", {"audit", "list", "--ticket", ticket, "--limit", "1000"});
  for (const char* type : {"ticket.opened", "action.started", "effect.intended", "effect.happened",
                           "verification.granted", "action.changed", "action.ended", "ticket.closed"})
    EXPECT_TRUE(holds_record(log, type)) << type;
  const auto verified = desk.run({"audit", "verify", "--json"});
  EXPECT_EQ(verified.exit, 0) << verified.out;
  EXPECT_EQ(nlohmann::json::parse(verified.out)["verdict"], "intact");
}

TEST_F(MainJob, RefusesBelowTheLevelAndRecordsTheRefusal) {
  const auto ticket = open_ticket();
  const auto answers = desk.write("answers.json", R"({"cause": "forgot"})");
  const auto refused = desk.as(
      "operator", {"actions", "run", "password.unblock", "--ticket", ticket, "--answers", answers.string(), "--json"});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_EQ(nlohmann::json::parse(refused.out)["error"]["code"], "refused");
  EXPECT_EQ(desk.json_as("operator", {"tickets", "show", ticket})["subscriber"]["portal"]["blocked"], true);
  EXPECT_TRUE(holds_record(desk.json_as("supervisor", {"audit", "list", "--type", "action.refused"}), "action.refused"));
}

TEST_F(MainJob, NamesTheFieldThatNothingAnswers) {
  const auto ticket = open_ticket();
  verify_by_sms(ticket);
  const auto answers = desk.write("answers.json", R"({"note": "no cause"})");
  const auto ended =
      desk.as("operator", {"actions", "run", "password.unblock", "--ticket", ticket, "--answers", answers.string()});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.err, HasSubstr("\"cause\""));
  EXPECT_EQ(desk.json_as("operator", {"tickets", "show", ticket})["subscriber"]["portal"]["blocked"], true);
}

TEST_F(MainJob, DoesNotAcceptAWrongCode) {
  const auto ticket = open_ticket();
  auto run = desk.start({"actions", "run", "verification.sms_code", "--ticket", ticket, "--operator", "operator"},
                        Program::Input::terminal);
  ASSERT_TRUE(run.says("Code"));
  const auto right = code_on_the_phone(desk);
  run.type(right == "000000" ? "000001" : "000000");
  ASSERT_TRUE(run.says("not the code"));
  run.type("\x03");  // Ctrl+C at a terminal: the run is cancelled, the record says so
  const auto ended = run.wait();
  EXPECT_NE(ended.exit, 0);
  EXPECT_EQ(desk.json_as("operator", {"tickets", "show", ticket})["verification"]["level"], 0);
  EXPECT_TRUE(holds_record(desk.json_as("supervisor", {"audit", "list", "--type", "verification."}),
                           "verification.failed"));
}

TEST_F(MainJob, TellsAnActionThatRunsInAnotherProgramFromOneThatNeverEnded) {
  const auto ticket = open_ticket();
  auto run = desk.start({"actions", "run", "verification.sms_code", "--ticket", ticket, "--operator", "operator"}, Program::Input::terminal);
  ASSERT_TRUE(run.says("Code")) << run.wait().err;
  EXPECT_TRUE(desk.json_as("supervisor", {"actions", "unfinished"}).empty()) << "it is running";
  const auto log = desk.json_as("supervisor", {"audit", "list", "--ticket", ticket, "--type", "action.started"});
  const std::string id = log["rows"].at(0)["fields"]["run"];
  const std::vector<std::string> settle = {"actions", "resolve", id, "--what", "The console broke down."};
  EXPECT_THAT(desk.as("supervisor", settle).err, HasSubstr("still running"));
  EXPECT_EQ(desk.as("supervisor", {"actions", "resolve", "../device.key", "--what", "No run has such a name."}).exit, 1);

  ASSERT_EQ(::kill(run.process(), SIGKILL), 0);
  run.wait();
  const auto unfinished = desk.json_as("supervisor", {"actions", "unfinished"});
  ASSERT_EQ(unfinished.size(), 1u);
  EXPECT_EQ(desk.as("supervisor", settle).exit, 0);
  EXPECT_TRUE(desk.json_as("supervisor", {"actions", "unfinished"}).empty());
}

TEST_F(MainJob, HandsATicketOver) {
  const auto ticket = open_ticket();
  desk.json_as("operator", {"tickets", "note", ticket, "Öğlen yeniden arayacak."});
  desk.json_as("operator", {"tickets", "hand-over", ticket, "--to", "operator2", "--note", "Lütfen ara."});
  bool mine = false;
  for (const auto& line : desk.json_as("operator2", {"tickets", "list", "--queue", "mine"}))
    mine = mine || std::to_string(line["number"].get<int>()) == ticket;
  EXPECT_TRUE(mine);
}

TEST_F(MainJob, KeepsPersonalDataMasked) {
  const auto ticket = open_ticket();
  for (const auto& ended : {desk.as("operator", {"tickets", "show", ticket}),
                            desk.as("operator", {"subscribers", "show", "1"}),
                            desk.as("operator", {"subscribers", "find", "ayşe", "örnek"})}) {
    EXPECT_EQ(ended.exit, 0);
    for (const char* data : {"10000000146", "Ayşe", "Fatma", "ayse@ornek"}) EXPECT_THAT(ended.out, Not(HasSubstr(data)));
  }
}

}  // namespace
}  // namespace anahtar::testing
