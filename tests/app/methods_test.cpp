// SPDX-License-Identifier: GPL-3.0-or-later
// Call-back, call PIN, recordings, history and hints, as people and the telephone system work them from outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "app/desk.h"

namespace anahtar::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Methods : ::testing::Test {
  void SetUp() override {
    desk.init_demo();
    const auto found = desk.json_as("operator", {"subscribers", "find", "0500", "000", "00", "01"});
    subscriber = std::to_string(found.at(0).at("id").get<int>());
    const auto opened = desk.json_as("operator", {"tickets", "open", "--subscriber", subscriber});
    ticket = std::to_string(opened.at("number").get<int>());
  }
  /// 12 seconds of a tone, 16-bit PCM.
  std::filesystem::path wav() const {
    constexpr std::uint32_t samples = 96000;
    std::string bytes = "RIFF";
    const auto add = [&](std::uint32_t value, int width) {
      for (int i = 0; i < width; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
    };
    add(36 + samples * 2, 4);
    bytes += "WAVEfmt ";
    add(16, 4), add(1, 2), add(1, 2), add(8000, 4), add(16000, 4), add(2, 2), add(16, 2);
    bytes += "data";
    add(samples * 2, 4);
    for (std::uint32_t i = 0; i < samples; ++i) add(i * 997 % 30000, 2);
    return desk.write("call.wav", bytes);
  }
  int level() const { return desk.json_as("operator", {"tickets", "show", ticket})["verification"]["level"].get<int>(); }
  Ended telephone_system(std::vector<std::string> line) const {
    line.insert(line.begin(), ANAHTAR);
    return Program(desk.file("."), line, desk.environment, Program::Input::nothing).wait();
  }
  std::string newest_digits_on_the_phone() const {
    const auto messages = desk.json_as("", {"demo", "phone", "--number", "0500 000 00 01"});
    const auto text = messages.at(0).at("text").get<std::string>();
    return text.substr(text.find_first_of("0123456789"), 6);
  }
  std::string call_on_the_phone() const {
    const auto messages = desk.json_as("", {"demo", "phone", "--number", "0500 000 00 01"});
    const auto text = messages.at(0).at("text").get<std::string>();
    const auto at = text.find("--call-back-answered ");
    return at == std::string::npos ? "" : text.substr(at + 21, 32);
  }
  Desk desk;
  std::string subscriber, ticket;
};

TEST_F(Methods, CallBackNeedsTheTelephoneSystemsEventWithItsToken) {
  auto run = desk.start({"actions", "run", "verification.call_back", "--ticket", ticket, "--operator", "operator"},
                        Program::Input::terminal);
  ASSERT_TRUE(run.says("hang up"));
  run.type("");
  ASSERT_TRUE(run.says("Who answered?"));
  const auto id = call_on_the_phone();
  ASSERT_EQ(id.size(), 32u);
  run.type("1");
  ASSERT_TRUE(run.says("has not reported"));

  const auto forged = desk.write("forged", "guessed");
  EXPECT_EQ(telephone_system({"--call", "+905000000001", "--call-back-answered", id}).exit, 1);
  EXPECT_EQ(telephone_system({"--call", "+905000000001", "--call-back-answered", id, "--call-token-file", forged.string()}).exit, 1);
  const auto token = (desk.file("config") / "anahtar" / "telephone.token").string();
  EXPECT_EQ(telephone_system({"--call", "+905000000002", "--call-back-answered", id, "--call-token-file", token}).exit, 1);
  const auto event = telephone_system({"--call", "+905000000001", "--call-back-answered", id, "--call-token-file", token});
  EXPECT_EQ(event.exit, 0) << event.err;

  run.type("1");
  const auto ended = run.wait();
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_EQ(level(), 2);
}

TEST_F(Methods, CallPinIsNeitherShownNorLeftAnywhere) {
  EXPECT_EQ(desk.as("operator", {"actions", "run", "call_pin.set", "--ticket", ticket}).exit, 1) << "nobody was verified";
  // An answer is typed when it is asked for: what was typed before a secret's question is thrown away.
  const auto work = [&](const char* action, const std::vector<const char*>& questions, const std::string& answer) {
    auto run = desk.start({"actions", "run", action, "--ticket", ticket, "--operator", "operator"}, Program::Input::terminal);
    for (const char* question : questions) {
      ASSERT_TRUE(run.says(question)) << action;
      run.type(answer.empty() ? newest_digits_on_the_phone() : answer);
    }
    const auto ended = run.wait();
    EXPECT_EQ(ended.exit, 0) << ended.err;
    EXPECT_THAT(run.echoed() + ended.out + ended.err, Not(HasSubstr("90316")));
  };
  work("verification.sms_code", {"Code"}, "");
  work("call_pin.set", {"New call PIN", "The same once more"}, "90316");
  desk.json_as("operator", {"tickets", "close", ticket, "--resolution", "Done."});
  desk.json_as("operator", {"tickets", "reopen", ticket, "--reason", "Called again."});
  ASSERT_EQ(level(), 0);
  work("verification.call_pin", {"Call PIN"}, "90316");
  EXPECT_EQ(level(), 1);
  std::ostringstream database;
  database << std::ifstream(desk.database(), std::ios::binary).rdbuf();
  EXPECT_THAT(database.str(), Not(HasSubstr("90316")));
}

TEST_F(Methods, RecordingIsAttachedListedAndExported) {
  const auto file = wav();
  const auto attached = desk.json_as("operator", {"recordings", "attach", "--ticket", ticket, "--file", file.string()});
  EXPECT_EQ(attached["milliseconds"], 12000);
  std::filesystem::resize_file(file, 1000);
  EXPECT_EQ(desk.as("operator", {"recordings", "attach", "--ticket", ticket, "--file", file.string()}).exit, 1);
  const auto listed = desk.json_as("operator", {"recordings", "list", "--ticket", ticket});
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["sha256"], attached["sha256"]);

  const auto id = std::to_string(attached["id"].get<int>());
  const auto copy = desk.file("copy.wav").string();
  EXPECT_EQ(desk.as("operator", {"recordings", "export", id, copy, "--reason", "curious"}).exit, 1);
  EXPECT_FALSE(std::filesystem::exists(copy));
  desk.json_as("supervisor", {"recordings", "export", id, copy, "--reason", "dispute"});
  EXPECT_EQ(std::filesystem::file_size(copy), 192044u);
  EXPECT_EQ(desk.run({"audit", "verify"}).exit, 0);
  EXPECT_TRUE(desk.json_as("supervisor", {"recordings", "missing"}).empty());
}

TEST_F(Methods, HistoryAndHintsAreForThoseWhoMaySeeThem) {
  desk.json_as("operator", {"tickets", "note", ticket, "seen in the history"});
  const auto history = desk.json_as("operator", {"subscribers", "history", subscriber});
  bool noted = false;
  for (const auto& event : history) noted |= event["text"] == "seen in the history";
  EXPECT_TRUE(noted);
  EXPECT_EQ(desk.as("admin", {"subscribers", "history", subscriber}).exit, 1);
  EXPECT_EQ(desk.as("operator", {"hints"}).exit, 1);
  for (int i = 0; i < 5; ++i) desk.as("operator2", {"tickets", "note", ticket, "not mine"});
  const auto hints = desk.json_as("supervisor", {"hints"});
  ASSERT_EQ(hints.size(), 1u);
  EXPECT_EQ(hints[0]["rule"], "many_refusals");
}

TEST_F(Methods, TicketsReopenAndLocksAreLiftedFromTheCommandLine) {
  desk.json_as("operator", {"tickets", "close", ticket, "--resolution", "Done."});
  desk.json_as("operator", {"tickets", "reopen", ticket, "--reason", "Called again."});
  EXPECT_EQ(desk.json_as("operator", {"tickets", "show", ticket})["state"], "open");
  const auto wrong = desk.write("wrong.json", R"([{"code": "000000"}, {"code": "000000"}, {"code": "000000"}, {},
                                                  {"code": "000000"}, {"code": "000000"}, {"code": "000000"}, {},
                                                  {"code": "000000"}, {"code": "000000"}, {"code": "000000"}])");
  desk.as("operator", {"actions", "run", "verification.sms_code", "--ticket", ticket, "--answers", wrong.string()});
  const auto locked = desk.json_as("operator", {"tickets", "show", ticket})["verification"]["locked_methods"];
  ASSERT_EQ(locked, nlohmann::json::array({"sms_code"}));
  const std::vector<std::string> lift = {"tickets", "lift-lock", ticket, "--method", "sms_code", "--reason", "Came to the desk."};
  EXPECT_EQ(desk.as("operator", lift).exit, 1);
  desk.json_as("supervisor", lift);
  EXPECT_TRUE(desk.json_as("operator", {"tickets", "show", ticket})["verification"]["locked_methods"].empty());
  EXPECT_TRUE(desk.json_as("supervisor", {"actions", "unfinished"}).empty());
  EXPECT_EQ(desk.as("supervisor", {"actions", "resolve", "nothing", "--what", "It was nothing."}).exit, 1);
}

}  // namespace
}  // namespace anahtar::testing
