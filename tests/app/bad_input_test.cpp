// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "app/desk.h"

namespace anahtar::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct BadInput : ::testing::Test {
  void SetUp() override { desk.init_empty(); }
  void sql(const std::string& statements) {
    const auto ended =
        Program(desk.file("."), {"/usr/bin/sqlite3", desk.database().string(), statements}, {}, Program::Input::nothing)
            .wait();
    ASSERT_EQ(ended.exit, 0) << ended.err;
  }
  Desk desk;
};

TEST_F(BadInput, TamperedLogEndsWithThree) {
  ASSERT_EQ(desk.run({"audit", "verify"}).exit, 0);
  sql("drop trigger audit_entry_no_delete; delete from audit_entry where seq = 0;");
  const auto ended = desk.run({"audit", "verify", "--json"});
  EXPECT_EQ(ended.exit, 3) << ended.err;
  EXPECT_NE(nlohmann::json::parse(ended.out)["verdict"], "intact");
}

TEST_F(BadInput, VerifyWritesNothing) {
  const auto before = std::filesystem::last_write_time(desk.database());
  ASSERT_EQ(desk.run({"audit", "verify"}).exit, 0);
  EXPECT_EQ(std::filesystem::last_write_time(desk.database()), before);
}

TEST_F(BadInput, WrongPasswordIsRefusedAndRecorded) {
  const auto good = desk.environment["ANAHTAR_PASSWORD_FILE"];
  desk.environment["ANAHTAR_PASSWORD_FILE"] = desk.write("wrong", "not-the-password").string();
  const auto ended = desk.as("admin", {"tickets", "list"});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.err, Not(IsEmpty()));
  EXPECT_THAT(ended.err, Not(HasSubstr("not-the-password")));
  desk.environment["ANAHTAR_PASSWORD_FILE"] = good;
  const auto log = desk.json_as("admin", {"audit", "list", "--type", "session.refused"});
  EXPECT_EQ(log["rows"].size(), 1u);
}

TEST_F(BadInput, EmptyPasswordFileIsSaidSoAndCountsAsNoTry) {
  const auto good = desk.environment["ANAHTAR_PASSWORD_FILE"];
  desk.environment["ANAHTAR_PASSWORD_FILE"] = desk.write("empty", "\n").string();
  EXPECT_THAT(desk.as("admin", {"tickets", "list"}).err, HasSubstr("holds nothing"));
  desk.environment["ANAHTAR_PASSWORD_FILE"] = good;
  EXPECT_EQ(desk.json_as("admin", {"audit", "list", "--type", "session.refused"})["rows"].size(), 0u);
}

TEST_F(BadInput, NumbersThatDoNotFitAreWrongUsage) {
  for (const char* number : {"-1", "0", "99999999999999999999", "1x"}) {
    const auto ended = desk.as("admin", {"audit", "list", "--ticket", number});
    EXPECT_EQ(ended.exit, 2) << number;
    EXPECT_THAT(ended.err, HasSubstr("no number from 1 up")) << number;
  }
}

TEST_F(BadInput, AnUnknownWordIsNamed) {
  for (const auto& line : {std::vector<std::string>{"tickest", "list"}, {"tickets", "lits"}, {"tickets", "list", "extra"}}) {
    const auto ended = desk.run(line);
    EXPECT_EQ(ended.exit, 2);
    EXPECT_THAT(ended.err, HasSubstr("“" + (line.size() == 3 ? "extra" : line[0] == "tickest" ? line[0] : line[1]) + "”"));
    EXPECT_THAT(ended.err, HasSubstr("--help"));
  }
  const auto in_json = desk.run({"--json", "tickest"});
  EXPECT_EQ(nlohmann::json::parse(in_json.out)["error"]["code"], "usage");
}

TEST_F(BadInput, WhatIsWrongWithTheLineIsSaidInTheOperatorsLanguage) {
  const std::pair<std::vector<std::string>, const char*> lines[] = {
      {{}, "Bir komut eksik."},
      {{"tickets", "show"}, "eksik."},
      {{"tickets", "list", "--queue"}, "--queue için bir değer gerekli."},
      {{"tickets", "list", "--queue", "red"}, "“red”, --queue için geçerli bir değer değil; şunlardan biri olmalı: "},
      {{"tickets", "list", "--limit", "5", "--limit", "6"}, "--limit birden çok kez verilmiş."},
      {{"tickets", "list", "--limit", "900"}, "--limit, 1 ile 500 arasında bir sayıdır; “900” olamaz."},
  };
  for (const auto& [line, sentence] : lines) {
    auto in_turkish = line;
    in_turkish.insert(in_turkish.begin(), {"--language", "tr"});
    const auto ended = desk.run(in_turkish);
    EXPECT_EQ(ended.exit, 2);
    EXPECT_THAT(ended.err, HasSubstr(sentence));
    EXPECT_THAT(ended.err, Not(HasSubstr("required")));
  }
}

TEST_F(BadInput, ADayThatNoCalendarHasIsSaidSo) {
  const auto ended = desk.as("admin", {"audit", "list", "--from", "2026-02-30"});
  EXPECT_EQ(ended.exit, 2);
  EXPECT_THAT(ended.err, HasSubstr("2026-02-30"));
}

TEST_F(BadInput, AFolderOfAnswersGetsASentence) {
  const auto ended = desk.as("admin", {"actions", "run", "password.unblock", "--ticket", "1", "--answers", "/tmp"});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.err, HasSubstr("/tmp"));
}

TEST_F(BadInput, AnAdministratorsNameIsJudgedFromTheFirst) {
  desk.environment["ANAHTAR_DATABASE"] = "sqlite://" + desk.file("second.db").string();
  const auto ended = desk.run({"init", "--operator", "ikinci", "--display-name", "Ad\x1b[31m"});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_FALSE(std::filesystem::exists(desk.file("second.db")));
}

TEST_F(BadInput, OutputThatCannotBeWrittenIsNoSuccess) {
  const std::string line = std::string("exec '") + ANAHTARCTL + "' plugins list > /dev/full";
  const auto ended = Program(desk.file("."), {"/bin/sh", "-c", line}, desk.environment, Program::Input::nothing).wait();
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.err, HasSubstr("could not be written out"));
}

TEST_F(BadInput, PasswordFileThatOthersMayReadIsRefused) {
  ::chmod(desk.environment["ANAHTAR_PASSWORD_FILE"].c_str(), 0644);
  const auto ended = desk.as("admin", {"tickets", "list"});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.err, HasSubstr("chmod 600"));
}

TEST_F(BadInput, PasswordIsNeverAskedWithoutATerminal) {
  desk.environment.erase("ANAHTAR_PASSWORD_FILE");
  const auto ended = desk.as("admin", {"tickets", "list"});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.err, HasSubstr("ANAHTAR_PASSWORD_FILE"));
}

TEST_F(BadInput, PasswordIsNotShownWhileItIsTyped) {
  desk.environment.erase("ANAHTAR_PASSWORD_FILE");
  auto run = desk.start({"tickets", "list", "--operator", "admin"}, Program::Input::terminal);
  ASSERT_TRUE(run.says("Password of admin"));
  run.type("anahtar-demo");
  const auto ended = run.wait();
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(run.echoed(), Not(HasSubstr("anahtar-demo")));
  EXPECT_THAT(ended.err + ended.out, Not(HasSubstr("anahtar-demo")));
}

TEST_F(BadInput, UnknownTicketGetsASentence) {
  for (const auto& line : std::vector<std::vector<std::string>>{
           {"tickets", "show", "99"}, {"tickets", "take", "99"}, {"actions", "run", "password.unblock", "--ticket", "99"}}) {
    const auto ended = desk.as("admin", line);
    EXPECT_EQ(ended.exit, 1) << line[1];
    EXPECT_THAT(ended.err, Not(IsEmpty()));
  }
}

TEST_F(BadInput, UnreadableKeyGetsASentence) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(desk.file("config")))
    if (entry.is_regular_file()) std::ofstream(entry.path(), std::ios::trunc) << "garbage";
  const auto ended = desk.as("admin", {"tickets", "list"});
  EXPECT_TRUE(ended.exit == 1 || ended.exit == 3) << ended.exit;
  EXPECT_THAT(ended.err, Not(IsEmpty()));
  EXPECT_THAT(ended.err, Not(HasSubstr("went wrong")));  // a sentence of its own, not the last resort
}

TEST_F(BadInput, MissingAndForeignDatabasesGetASentence) {
  desk.environment["ANAHTAR_DATABASE"] = "sqlite://" + desk.file("nothing.db").string();
  EXPECT_EQ(desk.as("admin", {"tickets", "list"}).exit, 1);
  EXPECT_FALSE(std::filesystem::exists(desk.file("nothing.db")));
  desk.environment["ANAHTAR_DATABASE"] = "sqlite://" + desk.write("text.db", std::string(5000, 'x')).string();
  const auto ended = desk.as("admin", {"tickets", "list"});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.err, Not(HasSubstr("went wrong")));
}

TEST_F(BadInput, SecondInitLeavesTheDatabaseAlone) {
  EXPECT_EQ(desk.as("other", {"init"}).exit, 1);
  EXPECT_EQ(desk.json_as("admin", {"operators", "list"}).size(), 1u);
}

TEST_F(BadInput, WeakFirstPasswordMakesNoDatabase) {
  desk.environment["ANAHTAR_DATABASE"] = "sqlite://" + desk.file("other.db").string();
  desk.environment["ANAHTAR_PASSWORD_FILE"] = desk.write("weak", "short").string();
  EXPECT_EQ(desk.as("admin", {"init"}).exit, 1);
  EXPECT_FALSE(std::filesystem::exists(desk.file("other.db")));
}

}  // namespace
}  // namespace anahtar::testing
