// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/memory_store.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace anahtar::testing {
namespace {
using namespace core;

Record some_record() { return {.type = "ticket.noted", .actor = "ada", .role = {}, .ticket = {}, .subject = {}}; }

struct MemoryStoreTest : ::testing::Test {
  FakeClock clock;
  MemoryStore store{clock};
  Demo demo = fill_demo(store, clock);
  std::size_t records_before = store.records().size();

  Result<Receipt> rename(const char* name, bool record, Result<void> end = {}) {
    return store.commit([&](Transaction& tx) -> Result<void> {
      Subscriber subscriber = *tx.subscriber(demo.active);
      subscriber.surname = name;
      if (record) tx.record(some_record());
      tx.save(subscriber);
      return end;
    });
  }
  std::string surname() { return store.subscriber(demo.active)->surname; }
};

TEST_F(MemoryStoreTest, KeepsWhatAUnitSavedAndRecorded) {
  ASSERT_TRUE(rename("Yeni", true));
  EXPECT_EQ(surname(), "Yeni");
  EXPECT_EQ(store.records().size(), records_before + 1);
}

TEST_F(MemoryStoreTest, RefusesAUnitThatSavesWithoutRecording) {
  const auto done = rename("Yeni", false);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::internal);
  EXPECT_EQ(surname(), "Deneme");
}

TEST_F(MemoryStoreTest, UndoesAUnitThatFails) {
  ASSERT_FALSE(rename("Yeni", true, failure(Code::refused, tr("No."))));
  EXPECT_EQ(surname(), "Deneme");
  EXPECT_EQ(store.records().size(), records_before);
}

TEST_F(MemoryStoreTest, UndoesAUnitThatThrowsAndPassesTheExceptionOn) {
  EXPECT_THROW((void)store.commit([&](Transaction& tx) -> Result<void> {
    Ticket ticket;
    tx.save(ticket);
    throw std::runtime_error("broken");
  }),
               std::runtime_error);
  EXPECT_FALSE(store.ticket(demo.closed + 1));
}

TEST_F(MemoryStoreTest, FailsCommitsAsAFullDiskDoes) {
  store.fail_commits_with({Code::unavailable, tr("The disk is full.")}, 1);
  EXPECT_TRUE(rename("Bir", true));
  EXPECT_FALSE(rename("İki", true));
  EXPECT_EQ(surname(), "Bir");
  store.let_commits_succeed();
  EXPECT_TRUE(rename("Üç", true));
}

TEST_F(MemoryStoreTest, RefusesUseOfTheStoreInsideAUnit) {
  EXPECT_THROW((void)store.commit([&](Transaction&) -> Result<void> {
    (void)store.subscriber_count();
    return {};
  }),
               std::logic_error);
}

TEST_F(MemoryStoreTest, FiltersItsAuditLog) {
  ASSERT_TRUE(rename("Yeni", true));
  AuditFilter filter;
  filter.type = "ticket.";
  EXPECT_EQ(store.count(filter), 1);
  filter.actor = "bora";
  EXPECT_EQ(store.count(filter), 0);
}

TEST_F(MemoryStoreTest, MatchesPasswordsAndHidesThem) {
  const std::string hash = store.hash_password(Secret("gizli"));
  EXPECT_EQ(hash.find("gizli"), std::string::npos);
  EXPECT_TRUE(store.password_matches(Secret("gizli"), hash));
  EXPECT_FALSE(store.password_matches(Secret("başka"), hash));
}

}  // namespace
}  // namespace anahtar::testing
