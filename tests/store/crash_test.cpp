// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <cstdlib>
#include <random>
#include <thread>

#include "store/child_process.h"
#include "store/raw_database.h"
#include "store/store_fixture.h"
#include "support/unsynced_vfs.h"

namespace anahtar::store::testing {
namespace {

using core::Verdict;

enum class Disk { real, loses_unsynced_writes, ignores_sync };

int rounds() {
  const char* wanted = std::getenv("ANAHTAR_CRASH_ROUNDS");
  return wanted ? std::atoi(wanted) : 40;
}

/// What a desk does all day: tickets, blocked passwords, runs of actions. Acknowledges each commit with its seq.
void work_until_killed(const TemporarySite& temporary, int pipe) {
  Site site = temporary.open();
  std::vector<std::jthread> workers;
  for (int worker = 0; worker < 2; ++worker)
    workers.emplace_back([&site, pipe, worker] {
      for (std::int64_t i = 0;; ++i) {
        const auto receipt = site.writer->commit([&](core::Transaction& unit) -> core::Result<> {
          core::PortalAccount account{worker + 1, "hash", static_cast<int>(i), i % 2 == 0, {}};
          core::Ticket ticket;
          ticket.cause = "other";
          ticket.call_number = "+905321234567";
          unit.save(account);
          unit.save(ticket);
          unit.record(note());
          unit.record(note("test.second"));
          return {};
        });
        if (!receipt) _exit(9);
        const std::uint64_t acknowledged[2] = {receipt->incarnation, receipt->seq + 1};  // the unit's last entry
        if (write(pipe, acknowledged, sizeof acknowledged) != sizeof acknowledged) _exit(8);
      }
    });
}

struct Acknowledged {
  std::uint64_t incarnation = 0, seq = 0;
};

/// Runs the work in a process and kills it after a random while; the newest acknowledgement that came out.
Acknowledged run_and_kill(const TemporarySite& temporary, Disk disk, std::mt19937& random) {
  ChildProcess child([&](int pipe) {
    if (disk != Disk::real) anahtar::testing::lose_unsynced_writes(disk == Disk::loses_unsynced_writes);
    work_until_killed(temporary, pipe);
  });
  const auto first = child.read_some(sizeof(Acknowledged));
  std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<int>(0, 40'000)(random)));
  child.kill_now();
  const std::string all = first + child.read_all();
  Acknowledged newest;
  for (std::size_t at = 0; at + sizeof newest <= all.size(); at += sizeof newest) {
    Acknowledged one;
    memcpy(&one, all.data() + at, sizeof one);
    if (std::pair(one.incarnation, one.seq) > std::pair(newest.incarnation, newest.seq)) newest = one;
  }
  return newest;
}

bool holds(const TemporarySite& temporary, const Acknowledged& acknowledged) {
  RawDatabase raw(temporary.file());
  return raw.one("select count(*) from audit_entry where incarnation = " + std::to_string(acknowledged.incarnation) +
                 " and seq = " + std::to_string(acknowledged.seq)) == "1";
}

void survives(Disk disk) {
  TemporarySite temporary;
  std::mt19937 random(std::random_device{}());
  for (int round = 0; round < rounds(); ++round) {
    const Acknowledged newest = run_and_kill(temporary, disk, random);
    ASSERT_GT(newest.seq, 0u) << "the child never got to work";
    ASSERT_TRUE(holds(temporary, newest)) << "an acknowledged record was lost in round " << round;
    const auto report = temporary.verify();
    ASSERT_EQ(report.verdict, Verdict::intact) << "round " << round << ": " << sdk::fill(report.sentence.id, report.sentence.args);
  }
  // Every unit is whole: two tickets' worth of entries for each ticket, and no ticket without its entries.
  RawDatabase raw(temporary.file());
  EXPECT_EQ(raw.one("select count(*) from ticket"), raw.one("select count(*) from audit_entry where type = 'test.happened'"));
  EXPECT_EQ(raw.one("select count(*) from ticket"), raw.one("select count(*) from audit_entry where type = 'test.second'"));
  EXPECT_EQ(raw.one("select max(incarnation) from audit_entry"), "1") << "a crash is no rollback";
}

TEST(StoreCrash, ByKillLosesNothingAcknowledged) { survives(Disk::real); }

TEST(StoreCrash, ByPowerCutLosesNothingAcknowledged) { survives(Disk::loses_unsynced_writes); }

TEST(StoreCrash, WouldLoseRecordsIfNothingWereSynced) {
  TemporarySite temporary;
  std::mt19937 random(1);
  const Acknowledged newest = run_and_kill(temporary, Disk::ignores_sync, random);
  ASSERT_GT(newest.seq, 0u);
  EXPECT_FALSE(holds(temporary, newest)) << "the VFS does not drop unsynced writes, so the test before proves nothing";
  EXPECT_EQ(temporary.verify().verdict, Verdict::incomplete);
}

/// Appends `count` records, two threads.
void append(const TemporarySite& temporary, int count) {
  Site site = temporary.open();
  const auto half = [&site, count] {
    for (int i = 0; i < count / 2; ++i)
      core::value_or_throw(site.writer->commit([&](core::Transaction& unit) -> core::Result<> {
        core::Ticket ticket;
        unit.save(ticket);
        unit.record(note());
        return {};
      }));
  };
  std::jthread one(half), two(half);
}

TEST(StoreWriters, OfTwoProcessesInterleaveInOneLog) {
  TemporarySite temporary;
  {
    ChildProcess window([&](int) { append(temporary, 60); });
    ChildProcess command_line([&](int) { append(temporary, 60); });
    EXPECT_EQ(window.wait(), 0);
    EXPECT_EQ(command_line.wait(), 0);
  }
  const auto report = temporary.verify();
  EXPECT_EQ(report.verdict, Verdict::intact);
  EXPECT_EQ(report.entries, 3u + 120u);
  RawDatabase raw(temporary.file());
  EXPECT_EQ(raw.one("select count(*) from ticket"), "120");
  EXPECT_EQ(raw.one("select max(incarnation) from audit_entry"), "1");
}

TEST(StoreWriters, TakeWaitingUnitsIntoOneCommit) {
  TemporarySite temporary;
  Site site = temporary.open();
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> desks;
    for (int desk = 0; desk < 8; ++desk)
      desks.emplace_back([&, desk] {
        for (int i = 0; i < 20; ++i) {
          const auto result = site.writer->commit([&](core::Transaction& unit) -> core::Result<> {
            core::Ticket ticket;
            unit.save(ticket);
            unit.record(note());
            if (desk == 0 && i % 2 == 0) throw std::runtime_error("a defect of this unit alone");
            return {};
          });
          if (!result) ++refused;
        }
      });
  }
  EXPECT_EQ(refused, 10);
  const auto report = temporary.verify();
  EXPECT_EQ(report.verdict, Verdict::intact);
  EXPECT_EQ(report.entries, 3u + 150u);
  RawDatabase raw(temporary.file());
  EXPECT_EQ(raw.one("select count(*) from ticket"), "150");
}

}  // namespace
}  // namespace anahtar::store::testing
