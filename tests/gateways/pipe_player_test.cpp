// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/pipe_player.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "support/temporary_folder.h"

namespace anahtar::testing {
namespace {

using namespace std::chrono_literals;
using gateways::PipePlayer;

bool ends(const PipePlayer& player) {
  for (int i = 0; i < 1000 && player.playing(); ++i) std::this_thread::sleep_for(5ms);
  return !player.playing();
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

TEST(PipePlayer, GivesTheWholeSoundToTheProgramAndEndsWithIt) {
  const TemporaryFolder folder;
  const std::string heard = (folder / "heard").string();
  PipePlayer player({"sh", "-c", "cat > '" + heard + "'"});
  std::string sound(300'000, 'x');  // more than a pipe holds
  sound.back() = '\0';
  ASSERT_TRUE(player.start(sound));
  ASSERT_TRUE(ends(player));
  EXPECT_EQ(text_of(heard), sound);
}

TEST(PipePlayer, StopsAtOnce) {
  PipePlayer player({"sleep", "60"});
  ASSERT_TRUE(player.start(std::string(300'000, 'x')));
  EXPECT_TRUE(player.playing());
  const auto before = std::chrono::steady_clock::now();
  player.stop();
  EXPECT_FALSE(player.playing());
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
  EXPECT_FALSE(player.failed());
}

TEST(PipePlayer, TellsASoundThatWasNotHeardFromOneThatEnded) {
  PipePlayer deaf({"false"}), good({"cat"});
  ASSERT_TRUE(deaf.start("sound"));
  ASSERT_TRUE(good.start("sound"));
  ASSERT_TRUE(ends(deaf));
  ASSERT_TRUE(ends(good));
  EXPECT_TRUE(deaf.failed());
  EXPECT_FALSE(good.failed());
}

TEST(PipePlayer, PlaysOneSoundAtATimeAndOutlivesAProgramThatDoesNotListen) {
  PipePlayer player({"true"});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(player.start(std::string(300'000, 'x')));
  EXPECT_TRUE(ends(player));
}

TEST(PipePlayer, SaysThatNothingCanPlayHere) {
  PipePlayer player({"/nowhere/aplay"});
  const auto started = player.start("sound");
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, core::Code::unavailable);
  EXPECT_FALSE(player.playing());
}

}  // namespace
}  // namespace anahtar::testing
