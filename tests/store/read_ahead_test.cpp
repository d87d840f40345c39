// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "store/sqlite_reader.h"
#include "raw_database.h"
#include "support/temporary_folder.h"

namespace anahtar::store {
namespace {

constexpr int row_size = 600;

struct ReadAhead : ::testing::Test {
  ReadAhead() {
    writer.run("pragma journal_mode=wal; create table t (id integer primary key, text text)");
    set_all_to('a');
  }

  /// Into the database file itself, so that what a reader holds of it is stale.
  void set_all_to(char letter) {
    writer.run("with recursive n (i) as (select 1 union all select i + 1 from n where i < " + std::to_string(rows) +
               ") insert or replace into t select i, replace(hex(zeroblob(" + std::to_string(row_size / 2) + ")), '0', '" +
               letter + "') from n; pragma wal_checkpoint(truncate)");
  }

  void expect_all(char letter) {
    sqlite::Reading reading(handle(), "select text from t order by id");
    int seen = 0;
    for (; reading.next(); ++seen) ASSERT_EQ(reading.text(0), std::string(row_size, letter)) << "row " << seen + 1;
    EXPECT_EQ(seen, rows);
  }

  sqlite::ReadOnlyHandle& handle() {
    if (!reader) {
      reader.emplace(folder / "t.db");
      reader->run("pragma mmap_size=0; pragma cache_size=1");
    }
    return *reader;
  }

  int rows = 2000;  ///< some twenty windows of 64 KiB
  anahtar::testing::TemporaryFolder folder;
  testing::RawDatabase writer{folder / "t.db"};
  std::optional<sqlite::ReadOnlyHandle> reader;
};

TEST_F(ReadAhead, GivesEveryRowToWhoeverReadsThemInOrder) { expect_all('a'); }

TEST_F(ReadAhead, GivesTheRightRowToWhoeverJumpsAbout) {
  sqlite::Reading reading(handle(), "select id, text from t where id = ?1");
  for (int i = 0; i < rows; ++i) {
    const std::int64_t id = 1 + i * 733 % rows;
    reading.rewind();
    ASSERT_TRUE(reading.bind(1, id).next());
    ASSERT_EQ(reading.integer(0), id);
    ASSERT_EQ(reading.text(1), std::string(row_size, 'a'));
  }
}

TEST_F(ReadAhead, KeepsNothingFromOneSnapshotToTheNext) {
  rows = 50;  // all of it in the window that is read first
  writer.run("delete from t where id > 50; vacuum; pragma wal_checkpoint(truncate)");
  expect_all('a');
  set_all_to('b');
  expect_all('b');
}

TEST_F(ReadAhead, KeepsASnapshotWhileOthersWrite) {
  handle().run("begin");
  sqlite::Reading first(handle(), "select text from t where id = 1");
  ASSERT_TRUE(first.next());
  writer.run("update t set text = 'other'; pragma wal_checkpoint(passive)");
  expect_all('a');
}

}  // namespace
}  // namespace anahtar::store
