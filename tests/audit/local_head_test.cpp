// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/local_head.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "support/temporary_folder.h"

namespace anahtar::audit {
namespace {

LocalHead head_of(std::uint64_t size, std::uint32_t incarnation = 1) {
  LocalHead head{incarnation, size, {}, "a note\n"};
  head.root[0] = static_cast<std::uint8_t>(size);
  return head;
}

TreeHead database_head(std::uint64_t size, std::uint32_t incarnation = 1) {
  return {{"s", Uuid{}, incarnation}, size, head_of(size).root};
}

class LocalHeadTest : public ::testing::Test {
 protected:
  void damage(std::streamoff place, std::size_t count) {
    std::fstream out(path, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(place);
    out << std::string(count, '!');
  }
  anahtar::testing::TemporaryFolder folder;
  std::filesystem::path path = folder / "head";
  LocalHeadFile file{path};
};

TEST_F(LocalHeadTest, IsNothingBeforeTheFirstCommit) {
  ASSERT_TRUE(file.read());
  EXPECT_FALSE(file.read()->has_value());
}

TEST_F(LocalHeadTest, RemembersTheNewestHead) {
  for (std::uint64_t size = 1; size < 6; ++size) {
    ASSERT_TRUE(file.advance(head_of(size)));
    EXPECT_EQ(file.read().value(), head_of(size));
  }
  ASSERT_TRUE(file.advance(head_of(1, 2)));
  EXPECT_EQ(file.read().value(), head_of(1, 2));
}

TEST_F(LocalHeadTest, NeverGoesBack) {
  ASSERT_TRUE(file.advance(head_of(9)));
  ASSERT_TRUE(file.advance(head_of(8)));
  LocalHead fork = head_of(9);
  fork.root[0] = 77;
  ASSERT_TRUE(file.advance(fork));
  EXPECT_EQ(file.read().value(), head_of(9));
}

TEST_F(LocalHeadTest, SurvivesATornWriteAsTheHeadBefore) {
  ASSERT_TRUE(file.advance(head_of(1)));  // slot 0
  ASSERT_TRUE(file.advance(head_of(2)));  // slot 1
  damage(2048 + 20, 8);
  EXPECT_EQ(file.read().value(), head_of(1));
  ASSERT_TRUE(file.advance(head_of(3)));
  EXPECT_EQ(file.read().value(), head_of(3));
}

TEST_F(LocalHeadTest, TakesAnEmptiedFileForNone) {
  ASSERT_TRUE(file.advance(head_of(1)));
  std::filesystem::resize_file(path, 0);
  EXPECT_FALSE(file.read()->has_value());
  std::filesystem::resize_file(path, 4096);  // zeros: what a power cut leaves of an extended file
  EXPECT_FALSE(file.read()->has_value());
}

TEST_F(LocalHeadTest, SaysThatItIsDamaged) {
  ASSERT_TRUE(file.advance(head_of(1)));
  damage(0, 4);
  EXPECT_FALSE(file.read());
  EXPECT_FALSE(file.advance(head_of(2)));
}

TEST_F(LocalHeadTest, IsReadableByItsOwnerOnly) {
  ASSERT_TRUE(file.advance(head_of(1)));
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(LocalHeadTest, IsSharedByManyWriters) {
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer)
    writers.emplace_back([this, writer] {
      for (std::uint64_t i = 0; i < 200; ++i)
        EXPECT_TRUE(file.advance(head_of(1 + i * 4 + static_cast<std::uint64_t>(writer))));
    });
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(file.read().value(), head_of(800));
}

TEST_F(LocalHeadTest, ReportsAFolderThatIsNotThere) {
  EXPECT_FALSE(LocalHeadFile(folder / "none/head").advance(head_of(1)));
}

TEST(LocalHeadComparison, TellsRollbackFromPowerCut) {
  EXPECT_EQ(compare(head_of(5), database_head(5)), HeadRelation::equal);
  EXPECT_EQ(compare(head_of(4), database_head(5)), HeadRelation::behind);
  EXPECT_EQ(compare(head_of(6), database_head(5)), HeadRelation::ahead);
  EXPECT_EQ(compare(head_of(1, 2), database_head(5)), HeadRelation::ahead);
  EXPECT_EQ(compare(head_of(9), database_head(1, 2)), HeadRelation::behind);
}

TEST(LocalHeadComparison, SeesAFork) {
  LocalHead other = head_of(5);
  other.root[0] = 77;
  EXPECT_EQ(compare(other, database_head(5)), HeadRelation::forked);
  const auto root_at = [](std::uint64_t size) { return std::optional(head_of(size).root); };
  EXPECT_EQ(compare(head_of(5), database_head(9), root_at), HeadRelation::behind);
  EXPECT_EQ(compare(other, database_head(9), root_at), HeadRelation::forked);
}

}  // namespace
}  // namespace anahtar::audit
