// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/digest.h"

#include <gtest/gtest.h>

#include <thread>

#include "crypto/bytes_from.h"

namespace anahtar::crypto {
namespace {

// FIPS 180-4 examples.
constexpr auto abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr auto two_blocks = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(hex_encode(sha256(view_of("abc"))), abc);
  EXPECT_EQ(hex_encode(sha256(view_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))), two_blocks);
  EXPECT_EQ(hex_encode(sha256(BytesView())), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, TakesAMessageInParts) {
  EXPECT_EQ(hex_encode(sha256(view_of("a"), view_of("bc"))), abc);
  EXPECT_EQ(hex_encode(sha256(view_of("a"), view_of("b"), view_of("c"))), abc);
  EXPECT_EQ(hex_encode(sha256({view_of(""), view_of("a"), view_of("b"), view_of("c")})), abc);
}

TEST(Sha256, BeginsANewMessageAfterFinish) {
  Sha256 digest;
  EXPECT_EQ(hex_encode(digest.update("ab").update("c").finish()), abc);
  EXPECT_EQ(hex_encode(digest.update("abc").finish()), abc);
}

TEST(Sha256, IsIndependentInEachThread) {
  std::vector<std::thread> threads;
  std::array<bool, 4> good{};
  for (std::size_t i = 0; i < good.size(); ++i)
    threads.emplace_back([&good, i] {
      good[i] = true;
      for (int n = 0; n < 1000; ++n) good[i] = good[i] && hex_encode(sha256(view_of("abc"))) == abc;
    });
  for (auto& thread : threads) thread.join();
  for (bool each : good) EXPECT_TRUE(each);
}

TEST(ConstantTimeCompare, ComparesContentAndLength) {
  EXPECT_TRUE(equal_constant_time(view_of("abc"), view_of("abc")));
  EXPECT_FALSE(equal_constant_time(view_of("abc"), view_of("abd")));
  EXPECT_FALSE(equal_constant_time(view_of("abc"), view_of("ab")));
  EXPECT_TRUE(equal_constant_time({}, {}));
}

TEST(Key, LeavesNothingBehindWhenItMoves) {
  Key key = Key::random();
  const Bytes before(key.expose().begin(), key.expose().end());
  const Key moved = std::move(key);
  EXPECT_TRUE(equal_constant_time(moved.expose(), before));
  EXPECT_TRUE(equal_constant_time(key.expose(), Bytes(Key::length, 0)));  // NOLINT: what is left is the point
}

TEST(Key, RefusesAnotherLength) { EXPECT_THROW(Key(Bytes(31, 1)), CryptoError); }

}  // namespace
}  // namespace anahtar::crypto
