// SPDX-License-Identifier: GPL-3.0-or-later
// What a holder or an operator keeps secret beside the cards: passwords, the call PIN, codes by SMS, the security word.
#include <signal.h>
#include <sys/resource.h>

#include "app/secrets/secrets_fixture.h"

namespace anahtar::testing {
namespace {

class DeskSecrets : public Secrets {};

TEST_F(DeskSecrets, OfAPasswordStayNowhere) {
  auto refused = start({"actions", "offers", "--ticket", ticket, "--operator", "field"});
  answer(*refused, "Password of field: ", wrong_password);
  ends(*refused, "a sign-in with a wrong password", {1});
  auto given = start({"actions", "offers", "--ticket", ticket, "--operator", "field"});
  answer(*given, "Password of field: ", operator_password);
  ends(*given, "a sign-in");
}

TEST_F(DeskSecrets, OfACallPinStayNowhere) {
  auto set = run("call_pin.set", nlohmann::json::object());
  choose(*set, "New call PIN: ", {{"111111", "111111"}, {call_pin, wrong_call_pin}, {call_pin, call_pin}});
  ends(*set, "the choice of a call PIN");
  auto asked = run("verification.call_pin", nlohmann::json::object());
  for (const char* typed : {wrong_call_pin, call_pin}) answer(*asked, "Call PIN (", typed);
  ends(*asked, "a verification by call PIN");
  auto broken = run("verification.call_pin", nlohmann::json::object());
  answer(*broken, "Call PIN (", wrong_call_pin);
  ASSERT_TRUE(broken->says_next("! "));
  broken->interrupt();
  ends(*broken, "a verification by call PIN that was broken off", {1});
}

std::string code_in(const std::string& message) {
  const auto at = message.find_first_of("0123456789");
  return at == message.npos ? "" : message.substr(at, 6);
}

TEST_F(DeskSecrets, OfACodeBySmsStayNowhere) {
  twice([this] {
    auto program = run("verification.sms_code", nlohmann::json::object());
    answer(*program, "Code", "000000");
    ASSERT_TRUE(program->says_next("! "));
    ASSERT_TRUE(program->says_next("Code"));
    const auto message = newest_message();
    const auto code = code_in(message);
    ASSERT_EQ(code.size(), 6u);
    plant_short("the code by SMS", code);
    // With some letters before it, it is not met by chance.
    for (Needles* each : {&needles, &while_it_runs}) each->plant_text("a part of the message with the code", message.substr(message.find(code) - 8, 14));
    program->type(code);
    ends(*program, "a verification by SMS code");
  });
}

/// It is known when the message that brings it has arrived, which is before the program ends.
TEST_F(DeskSecrets, OfASecurityWordStayNowhere) {
  std::smatch word;
  std::string message;
  before_look = [&] {
    message = newest_message();
    if (!word.empty() || !std::regex_search(message, word, std::regex("sozcugunuz ([a-z]+) "))) return;
    for (Needles* each : {&needles, &while_it_runs}) each->plant_text("the security word", word[1].str());
  };
  auto program = run("security_word.reset", {{"delivery", "sms"}, {"note", "forgotten"}});
  ends(*program, "a reset of the security word");
  ASSERT_FALSE(word.empty()) << "the message is another one now";
}

/// Lets whatever is started meanwhile write core files.
class CoreFilesAllowed {
 public:
  CoreFilesAllowed() {
    ::getrlimit(RLIMIT_CORE, &before_);
    const rlimit most{before_.rlim_max, before_.rlim_max};
    ::setrlimit(RLIMIT_CORE, &most);
  }
  ~CoreFilesAllowed() { ::setrlimit(RLIMIT_CORE, &before_); }
  CoreFilesAllowed(const CoreFilesAllowed&) = delete;
  CoreFilesAllowed& operator=(const CoreFilesAllowed&) = delete;

 private:
  rlimit before_{};
};

/// What a program that breaks down in the middle leaves: a signal that would write a core file comes while it holds a PIN.
TEST_F(DeskSecrets, OfAProgramThatBreaksDownAreInNoCoreFile) {
  const CoreFilesAllowed allowed;
  const std::vector<std::string> control = {"/bin/sh", "-c", "cd " + desk.file("run").string() + "; kill -ABRT $$"};
  if (!Program(desk.file(""), control, {}, Program::Input::nothing).wait().core_file) GTEST_SKIP() << "This machine writes no core files.";
  auto environment = desk.environment;
  environment.erase("ANAHTAR_PASSWORD_FILE");
  Program program(desk.file(""), {ANAHTARCTL, "actions", "run", "call_pin.set", "--ticket", ticket, "--operator", "field"}, environment,
                  Program::Input::terminal);
  answer(program, "Password of field: ", operator_password);
  answer(program, "New call PIN: ", call_pin);
  ASSERT_TRUE(program.says_next("once more: "));
  ::kill(program.process(), SIGABRT);
  const auto ended = program.wait();
  EXPECT_EQ(ended.exit, 128 + SIGABRT);
  EXPECT_FALSE(ended.core_file);
}

}  // namespace
}  // namespace anahtar::testing
