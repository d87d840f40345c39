// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests that start programs rely on.
#include "app/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "support/temporary_folder.h"

namespace anahtar::testing {
namespace {

using namespace std::chrono_literals;

/// How the process ended, which came to this one when its parent died; nothing when it lives on.
std::optional<int> end_of(pid_t process) {
  int status = 0;
  for (int i = 0; i < 500; ++i, std::this_thread::sleep_for(10ms))
    if (::waitpid(process, &status, WNOHANG) == process) return status;
  return {};
}

TEST(ProgramOfATest, IsGoneWithATestThatIsKilled) {
  const TemporaryFolder folder;
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  const pid_t test = ::fork();
  if (test == 0) {
    Program program(folder.path(), {"/bin/sh", "-c", "echo begun >&2; exec sleep 600"}, {}, Program::Input::nothing);
    if (!program.says("begun")) ::_exit(1);
    const pid_t started = program.process();
    if (::write(ends[1], &started, sizeof started) != sizeof started) ::_exit(1);
    ::pause();
  }
  pid_t program = -1;
  ASSERT_EQ(::read(ends[0], &program, sizeof program), static_cast<ssize_t>(sizeof program));
  ::kill(test, SIGKILL);
  ASSERT_EQ(::waitpid(test, nullptr, 0), test);
  const auto ended = end_of(program);
  if (!ended) ::kill(program, SIGKILL), ::waitpid(program, nullptr, 0);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  ::close(ends[0]), ::close(ends[1]);
  ASSERT_TRUE(ended.has_value()) << "it lives on without its test";
  EXPECT_TRUE(WIFSIGNALED(*ended) && WTERMSIG(*ended) == SIGKILL);
}

TEST(ProgramOfATest, HasATerminalOfItsOwnAndTellsHowItEnded) {
  const TemporaryFolder folder;
  Program program(folder.path(), {"/bin/sh", "-c", "read line </dev/tty; echo $line; echo $NAME >&2; exit 3"}, {{"NAME", "told"}},
                  Program::Input::terminal);
  program.type("typed");
  const auto ended = program.wait();
  EXPECT_EQ(ended.exit, 3);
  EXPECT_EQ(ended.out, "typed\n");
  EXPECT_EQ(ended.err, "told\n");
  EXPECT_THROW(Program(folder.path(), {"/no/such/program"}, {}, Program::Input::nothing), std::runtime_error);
}

/// Two are watched and a third is not: none hears of another's end.
TEST(ProgramOfATest, IsLookedAtWhereItEnds) {
  const TemporaryFolder folder;
  const std::map<std::string, std::string> none;
  const auto start = [&](const char* line) {
    return std::make_unique<Program>(folder.path(), std::vector<std::string>{"/bin/sh", "-c", line}, none, Program::Input::nothing);
  };
  const auto first = start("sleep 0.3; exit 4"), second = start("sleep 0.1; exit 5"), third = start("exit 6");
  std::vector<pid_t> seen;
  for (const auto* each : {&first, &second})
    ASSERT_TRUE((*each)->watch_ends([&](pid_t process, bool whole) { whole ? seen.push_back(process) : void(); }));
  const std::vector<pid_t> expected = {first->process(), second->process()};
  EXPECT_EQ(first->wait().exit, 4);
  EXPECT_EQ(second->wait().exit, 5);
  EXPECT_EQ(third->wait().exit, 6);
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace anahtar::testing
