// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/desk.h"

namespace anahtar::testing {
namespace {

using ::testing::HasSubstr;

TEST(CommandLine, EveryCommandHasHelpWithAnExample) {
  const Desk desk;
  for (const auto& command : std::vector<std::vector<std::string>>{
           {"init"}, {"operators", "add"}, {"operators", "list"}, {"operators", "disable"}, {"operators", "unlock"},
           {"operators", "reset-password"}, {"operators", "change-password"}, {"subscribers", "import"},
           {"subscribers", "find"}, {"subscribers", "show"}, {"tickets", "open"}, {"tickets", "list"},
           {"tickets", "show"}, {"tickets", "take"}, {"tickets", "note"}, {"tickets", "hand-over"},
           {"tickets", "close"}, {"plugins", "list"}, {"actions", "list"}, {"actions", "run"}, {"audit", "list"},
           {"audit", "verify"}, {"demo", "phone"}, {"gateways"}, {"cards", "list"}, {"cards", "show", "--subscriber", "1"}}) {
    auto line = command;
    line.push_back("--help");
    const auto ended = desk.run(line);
    EXPECT_EQ(ended.exit, 0) << command.back();
    EXPECT_THAT(ended.out, HasSubstr("anahtarctl " + command.front())) << command.back();
    EXPECT_THAT(ended.out, HasSubstr("Example:")) << command.back();
  }
}

TEST(CommandLine, WrongUsageEndsWithTwo) {
  const Desk desk;
  for (const auto& line : std::vector<std::vector<std::string>>{
           {}, {"nonsense"}, {"tickets"}, {"tickets", "show"}, {"tickets", "show", "x"}, {"tickets", "show", "-1"},
           {"tickets", "open", "--channel", "pigeon"}, {"tickets", "close", "1"}, {"operators", "add", "x", "--role", "king"},
           {"audit", "list", "--limit", "0"}, {"--language", "de", "plugins", "list"}})
    EXPECT_EQ(desk.run(line).exit, 2) << (line.empty() ? "nothing" : line.back());
}

TEST(CommandLine, SpeaksTheLanguageAskedFor) {
  Desk desk;
  desk.init_empty();
  EXPECT_THAT(desk.as("admin", {"tickets", "list", "--language", "tr"}).out, HasSubstr("Burada kayıt yok."));
  EXPECT_THAT(desk.as("admin", {"tickets", "list", "--language", "en"}).out, HasSubstr("No tickets here."));
  desk.environment["LANGUAGE"] = "tr";
  EXPECT_THAT(desk.as("admin", {"tickets", "list"}).out, HasSubstr("Burada kayıt yok."));
}

TEST(CommandLine, GivesJsonWhereItIsAskedFor) {
  Desk desk;
  desk.init_demo();
  for (const auto& line : std::vector<std::vector<std::string>>{
           {"operators", "list"}, {"subscribers", "find", "ayşe"}, {"subscribers", "show", "1"}, {"tickets", "list"},
           {"tickets", "show", "1"}, {"plugins", "list"}, {"actions", "list"}, {"audit", "list"}, {"audit", "verify"},
           {"demo", "phone"}, {"gateways"}})
    EXPECT_TRUE(desk.json_as(line[0] == "operators" ? "admin" : "supervisor", line).is_structured()) << line[0];
}

TEST(CommandLine, LoadsEveryPluginAndRefusesNone) {
  const Desk desk;
  const auto plugins = nlohmann::json::parse(desk.run({"plugins", "list", "--json"}).out);
  EXPECT_EQ(plugins["loaded"].size(), 6u);
  EXPECT_TRUE(plugins["refused"].empty()) << plugins["refused"];
}

TEST(CommandLine, AFirstPasswordMustBeChangedFirst) {
  Desk desk;
  desk.init_empty();
  const auto first = desk.write("first", "a-first-password").string();
  const auto fresh = desk.write("fresh", "a-password-of-my-own").string();
  desk.environment["ANAHTAR_NEW_PASSWORD_FILE"] = first;
  desk.json_as("admin", {"operators", "add", "ayla", "--role", "supervisor", "--display-name", "Ayla Işık"});

  desk.environment["ANAHTAR_PASSWORD_FILE"] = first;
  EXPECT_EQ(desk.as("ayla", {"tickets", "list"}).exit, 1);
  desk.environment["ANAHTAR_NEW_PASSWORD_FILE"] = fresh;
  ASSERT_EQ(desk.as("ayla", {"operators", "change-password"}).exit, 0);
  desk.environment["ANAHTAR_PASSWORD_FILE"] = fresh;
  EXPECT_EQ(desk.as("ayla", {"tickets", "list"}).exit, 0);
}

TEST(CommandLine, ADisabledAccountSignsInAgainOnceUnlocked) {
  Desk desk;
  desk.init_demo();
  desk.json_as("admin", {"operators", "disable", "operator2"});
  EXPECT_EQ(desk.as("operator2", {"tickets", "list"}).exit, 1);
  desk.json_as("admin", {"operators", "unlock", "operator2"});
  EXPECT_EQ(desk.as("operator2", {"tickets", "list"}).exit, 0);
  EXPECT_EQ(desk.as("operator", {"operators", "disable", "admin"}).exit, 1);
}

TEST(CommandLine, OnlyADemoHasAPhoneToReadFrom) {
  Desk desk;
  desk.init_empty();
  const auto ended = desk.run({"demo", "phone"});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.err, HasSubstr("init --demo"));
}

}  // namespace
}  // namespace anahtar::testing
