// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>
#include <thread>

#include "loader/key_file.h"
#include "loader/trusted_keys.h"
#include "support/temporary_folder.h"

namespace anahtar::testing {
namespace {

TEST(SigningKey, IsMadeOnceAndReadableByItsOwnerOnly) {
  const TemporaryFolder folder;
  const auto first = loader::signing_key_in(folder / "keys");
  const auto again = loader::signing_key_in(folder / "keys");
  ASSERT_TRUE(first);
  ASSERT_TRUE(again);
  EXPECT_EQ(first->public_key(), again->public_key());
  struct stat status = {};
  ASSERT_EQ(stat((folder / "keys/plugin-signing.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto trusted = loader::read_trusted_keys(folder / "keys");
  ASSERT_EQ(trusted.by_id.size(), 1u);
  EXPECT_EQ(trusted.by_id.begin()->second, first->public_key());
}

TEST(SigningKey, IsTheSameForAllWhoMakeItAtOnce) {
  const TemporaryFolder folder;
  std::mutex mutex;
  std::set<std::string> keys;
  std::vector<std::jthread> makers;
  for (int i = 0; i < 8; ++i)
    makers.emplace_back([&] {
      const auto key = loader::signing_key_in(folder.path());
      const std::lock_guard lock(mutex);
      keys.insert(key ? key->public_key().text() : key.error().sentence.id);
    });
  makers.clear();
  EXPECT_EQ(keys.size(), 1u);
}

TEST(SigningKey, RefusesAFileThatHoldsNoKey) {
  const TemporaryFolder folder;
  std::ofstream(folder / "plugin-signing.key") << "not a key\n";
  EXPECT_EQ(loader::signing_key_in(folder.path()).error().sentence.id,
            "{1} holds no signing key. Remove it to have a new one made.");
}

TEST(TrustedKeys, SaysWhichFilesHoldNoKey) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a.pub") << "not a key\n";
  const auto trusted = loader::read_trusted_keys(folder.path());
  EXPECT_TRUE(trusted.by_id.empty());
  ASSERT_EQ(trusted.problems.size(), 1u);
  EXPECT_EQ(trusted.problems[0].args.at(0), "a.pub");
  EXPECT_TRUE(loader::read_trusted_keys(folder / "nowhere").by_id.empty());
}

}  // namespace
}  // namespace anahtar::testing
