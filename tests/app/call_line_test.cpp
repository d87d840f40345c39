// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/call_line.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <mutex>

#include "app/desk.h"
#include "app/paths.h"

namespace anahtar {
namespace {

using app::HandOver;

/// A console that only notes what comes over its line.
struct CallLine : ::testing::Test {
  void SetUp() override {
    for (const auto& [name, value] : desk.environment) ::setenv(name.c_str(), value.c_str(), 1);
  }
  core::Result<std::unique_ptr<app::CallLine>> open() {
    return app::CallLine::open(desk.database_url(), {[this](core::IncomingCall call) {
                                                       const std::lock_guard lock(mutex_);
                                                       if (!ending) heard_.push_back(std::move(call));
                                                       return !ending;
                                                     },
                                                     [this] {
                                                       if (!ending) ++raised;
                                                       return !ending.load();
                                                     }});
  }
  core::Result<HandOver> call(const char* number, sdk::Secret token = {}) {
    return app::hand_over_call(desk.database_url(), {number}, token);
  }
  testing::Ended anahtar(std::vector<std::string> line) {
    line.insert(line.begin(), ANAHTAR);
    return testing::Program(desk.file("."), line, desk.environment, testing::Program::Input::nothing).wait();
  }

  /// What the line's own thread has heard so far.
  std::vector<core::IncomingCall> heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

  testing::Desk desk;
  std::atomic<int> raised = 0;
  std::atomic<bool> ending = false;

 private:
  std::mutex mutex_;
  std::vector<core::IncomingCall> heard_;
};

TEST_F(CallLine, TakesNothingOnceItsWindowIsGone) {
  const auto line = open();
  ASSERT_TRUE(line);
  ending = true;
  EXPECT_EQ(call("+905000000001").value(), HandOver::nobody_there);
  EXPECT_EQ(app::raise_running_console(desk.database_url()).value(), HandOver::nobody_there);
  EXPECT_TRUE(heard().empty());
}

TEST_F(CallLine, BringsTheNumberToTheRunningConsole) {
  const auto line = open();
  ASSERT_TRUE(line);
  EXPECT_EQ(call("+905000000001").value(), HandOver::taken);
  const auto calls = heard();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].number, "+905000000001");
  EXPECT_FALSE(calls[0].proven);
}

TEST_F(CallLine, ProvesTheNumberByTheTokenAlone) {
  const auto line = open();
  ASSERT_TRUE(line);
  const auto file = app::telephone_token_file().value();
  EXPECT_EQ(call("+905000000001", app::read_private_file(file).value()).value(), HandOver::taken_as_proven);
  EXPECT_EQ(call("+905000000001", sdk::Secret("guessed")).value(), HandOver::taken);
  const auto calls = heard();
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_TRUE(calls[0].proven);
  EXPECT_FALSE(calls[1].proven);
}

TEST_F(CallLine, BringsWhatTheCallerTypedAndTheRecordingOnlyWithTheToken) {
  const auto line = open();
  ASSERT_TRUE(line);
  core::IncomingCall call{"+905000000001"};
  call.pin = std::make_shared<const core::GivenPin>(sdk::Secret(std::string("4827")), "10000000146");
  call.recording = "PBX-17";
  const auto token = app::read_private_file(app::telephone_token_file().value()).value();
  ASSERT_TRUE(app::hand_over_call(desk.database_url(), call, token));
  ASSERT_TRUE(app::hand_over_call(desk.database_url(), call, sdk::Secret(std::string("guessed"))));
  const auto calls = heard();
  ASSERT_EQ(calls.size(), 2u);
  ASSERT_TRUE(calls[0].pin);
  EXPECT_EQ(calls[0].pin->digits.expose(), "4827");
  EXPECT_EQ(calls[0].pin->national_id, "10000000146");
  EXPECT_EQ(calls[0].recording, "PBX-17");
  EXPECT_FALSE(calls[1].pin);
  EXPECT_TRUE(calls[1].recording.empty());
}

TEST_F(CallLine, TakesThePinFromStandardInput) {
  const auto line = open();
  ASSERT_TRUE(line);
  const auto file = app::telephone_token_file().value().string();
  testing::Program program(desk.file("."), {ANAHTAR, "--call", "+905000000001", "--call-pin", "--call-token-file", file},
                           desk.environment, testing::Program::Input::terminal);
  program.type("10000000146 4827");
  EXPECT_EQ(program.wait().exit, 0);
  const auto calls = heard();
  ASSERT_EQ(calls.size(), 1u);
  ASSERT_TRUE(calls[0].pin);
  EXPECT_EQ(calls[0].pin->digits.expose(), "4827");
  EXPECT_EQ(calls[0].pin->national_id, "10000000146");
}

TEST_F(CallLine, KeepsTokenAndSocketToTheirOwner) {
  const auto line = open();
  struct stat token{}, socket{};
  ASSERT_EQ(::stat(app::telephone_token_file().value().c_str(), &token), 0);
  EXPECT_EQ(token.st_mode & 0777, 0600u);
  int sockets = 0;
  for (const auto& entry : std::filesystem::directory_iterator(app::runtime_folder())) {
    ASSERT_EQ(::stat(entry.path().c_str(), &socket), 0);
    EXPECT_EQ(socket.st_mode & 0077, 0u) << entry.path();
    sockets += S_ISSOCK(socket.st_mode);
  }
  EXPECT_EQ(sockets, 1);
}

TEST_F(CallLine, SaysWhenNobodyIsThere) {
  EXPECT_EQ(call("+905000000001").value(), HandOver::nobody_there);
  { const auto line = open(); }
  EXPECT_EQ(call("+905000000001").value(), HandOver::nobody_there);
}

TEST_F(CallLine, ServesOneConsoleADatabase) {
  const auto first = open();
  ASSERT_TRUE(first);
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, core::Code::conflict);
  EXPECT_EQ(app::raise_running_console(desk.database_url()).value(), HandOver::taken);
  EXPECT_EQ(raised, 1);
  EXPECT_EQ(call("+905000000001").value(), HandOver::taken);
}

TEST_F(CallLine, OutlivesGarbage) {
  const auto line = open();
  for (const auto& entry : std::filesystem::directory_iterator(app::runtime_folder())) {
    if (entry.path().extension() != ".sock") continue;
    for (const std::string& garbage : {std::string("not json\n"), std::string(100000, 'x'), std::string("{\"call\": 5}\n"),
                                       std::string("[]\n"), std::string()}) {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      entry.path().string().copy(address.sun_path, sizeof address.sun_path - 1);
      const int peer = ::socket(AF_UNIX, SOCK_STREAM, 0);
      ASSERT_EQ(::connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
      (void)!::send(peer, garbage.data(), garbage.size(), MSG_NOSIGNAL);
      ::close(peer);
    }
  }
  EXPECT_EQ(call("+905000000001").value(), HandOver::taken);
}

TEST_F(CallLine, IsReachedByTheProgram) {
  const auto line = open();
  const auto file = app::telephone_token_file().value().string();
  EXPECT_EQ(anahtar({"--call", "0500 000 00 01"}).exit, 0);
  EXPECT_EQ(anahtar({"--call", "0500 000 00 01", "--call-token-file", file}).exit, 0);
  EXPECT_EQ(anahtar({"--call", "no number"}).exit, 2);
  const auto calls = heard();
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].number, "+905000000001");
  EXPECT_FALSE(calls[0].proven);
  EXPECT_TRUE(calls[1].proven);
}

TEST_F(CallLine, ProgramWithoutConsoleOrDisplaySaysSo) {
  const auto ended = anahtar({"--call", "0500 000 00 01"});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_NE(ended.err.find("display"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace anahtar
