// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <set>

namespace anahtar::crypto {
namespace {

TEST(Random, GivesIdsOf32HexDigitsThatDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 5000; ++i) ids.insert(random_id());
  EXPECT_EQ(ids.size(), 5000u);
  EXPECT_EQ(ids.begin()->size(), 32u);
  EXPECT_EQ(ids.begin()->find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(Random, StaysBelowTheBoundAndReachesEveryValue) {
  std::array<int, 6> seen{};
  for (int i = 0; i < 6000; ++i) ++seen.at(random_below(6));
  for (int count : seen) EXPECT_NEAR(count, 1000, 300);
  EXPECT_EQ(random_below(1), 0u);
  EXPECT_THROW(random_below(0), CryptoError);
}

TEST(Random, GivesTheDigitsAskedFor) {
  const auto code = random_digits(6);
  EXPECT_EQ(code.size(), 6u);
  EXPECT_EQ(code.expose().find_first_not_of("0123456789"), std::string_view::npos);
}

TEST(Random, FillsLargeAndOddBuffers) {
  for (std::size_t size : {0, 1, 63, 64, 65, 5000}) EXPECT_EQ(random_bytes(size).size(), size);
  const Bytes large = random_bytes(5000);
  EXPECT_GT(std::ranges::count_if(large, [](std::uint8_t byte) { return byte != 0; }), 4800);
}

TEST(Random, DoesNotRepeatItselfInAForkedProcess) {
  (void)random_id();  // the pool is filled now
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::string id = random_id();
    _exit(write(pipe_ends[1], id.data(), id.size()) == 32 ? 0 : 1);
  }
  const std::string mine = random_id();
  std::array<char, 32> theirs{};
  ASSERT_EQ(read(pipe_ends[0], theirs.data(), theirs.size()), 32);
  EXPECT_NE(mine, std::string(theirs.begin(), theirs.end()));
  waitpid(child, nullptr, 0);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

}  // namespace
}  // namespace anahtar::crypto
