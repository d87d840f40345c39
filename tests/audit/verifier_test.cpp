// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/verifier.h"

#include <gtest/gtest.h>

#include "memory_log.h"

namespace anahtar::audit {
namespace {

using testing::Device;
using testing::MemorySource;
using testing::StoredEntry;
using testing::StoredLog;

/// Two devices, a few hundred entries each, some changed rows; what a test damages.
class AuditVerifier : public ::testing::Test {
 protected:
  AuditVerifier() {
    for (int i = 0; i < 60; ++i) desk.commit(1 + static_cast<std::size_t>(i % 9));
    desk.change_row("1", 1);
    desk.change_row("2", 1);
    other.commit(100);
    other.change_row("1", 2);
    desk.change_row("1", 3);
    desk.change_row("3", 1);
    desk.change_row("3", 2, true);
    desk.commit(20);
    site.local = {desk.id().device, desk.local_head()};
  }

  Report check() { return verify(site, pins, {}, {}, {.threads = 2, .chunk = 256}); }
  StoredLog& log() { return site.log(desk.id()); }
  StoredEntry& entry(std::size_t seq) { return log().entries.at(seq); }

  /// Changes the bytes of an entry without hiding the traces.
  static void flip(std::string& base64, std::size_t place) {
    Bytes bytes = crypto::base64_decode(base64).value();
    bytes.at(place) ^= 0x01;
    base64 = crypto::base64_encode(bytes);
  }
  /// Rewrites an entry and hides the trace in its own row.
  static void rewrite(StoredEntry& row, const std::function<void(Entry&)>& change) {
    Entry entry = decode(crypto::base64_decode(row.bytes).value()).value();
    change(entry);
    const Bytes bytes = encode(entry);
    row.bytes = crypto::base64_encode(bytes);
    row.leaf_hash = crypto::base64_encode(leaf_hash(bytes));
    row.time = entry.time;
    row.actor = entry.actor;
  }
  void expect(Verdict verdict, std::optional<std::uint64_t> seq = {}) {
    const Report report = check();
    EXPECT_STREQ(name_of(report.verdict), name_of(verdict)) << report.sentence.id;
    for (const Finding& finding : report.findings)
      findings += std::string(name_of(finding.verdict)) + "@" + std::to_string(finding.where.seq) + " " +
                  finding.sentence.id + "\n";
    if (seq) {
      ASSERT_TRUE(report.first_bad) << findings;
      EXPECT_EQ(*report.first_bad, (Position{desk.id().device, desk.id().incarnation, *seq})) << findings;
    }
    EXPECT_EQ(report.verdict == Verdict::intact, report.findings_total == 0);
  }

  MemorySource site;
  Pins pins;
  Device desk{site, pins};
  Device other{site, pins};
  std::string findings;
};

// --- no false alarm ---

TEST_F(AuditVerifier, FindsAnHonestLogIntact) {
  const Report report = check();
  EXPECT_STREQ(name_of(report.verdict), "intact") << report.sentence.id;
  EXPECT_EQ(report.entries_checked, log().entries.size() + site.log(other.id()).entries.size());
  EXPECT_EQ(report.rows_checked, 2u);
  EXPECT_EQ(report.findings_total, 0u);
  for (const LogReport& each : report.logs) EXPECT_TRUE(each.head);
}

TEST_F(AuditVerifier, FindsAnEmptySiteIntact) {
  MemorySource nothing;
  EXPECT_EQ(verify(nothing, {}).verdict, Verdict::intact);
}

TEST_F(AuditVerifier, GivesTheSameReportForEveryChunkAndThreadCount) {
  entry(300).actor = "somebody";
  for (unsigned threads : {1u, 2u, 5u})
    for (std::uint64_t chunk : {1u, 256u, 512u, 1u << 20}) {
      const Report report = verify(site, pins, {}, {}, {.threads = threads, .chunk = chunk});
      EXPECT_EQ(report.verdict, Verdict::tampered);
      EXPECT_EQ(report.findings_total, 1u);
      EXPECT_EQ(report.first_bad->seq, 300u);
    }
}

TEST_F(AuditVerifier, AcceptsALocalHeadThatIsBehindAfterAPowerCut) {
  desk.commit(40);
  expect(Verdict::intact);
}

TEST_F(AuditVerifier, AcceptsAnOrderlyNewIncarnation) {
  desk.begin_incarnation(desk.head(), {});
  desk.commit(5);
  expect(Verdict::intact);
  site.local->second = desk.local_head();
  expect(Verdict::intact);
}

TEST_F(AuditVerifier, AcceptsAClockThatGoesBackAndCountsIt) {
  desk.time -= 3'600'000'000;
  desk.commit(3);
  const Report report = check();
  EXPECT_EQ(report.verdict, Verdict::intact);
  std::uint64_t steps = 0;
  for (const LogReport& each : report.logs) steps += each.clock_steps;
  EXPECT_EQ(steps, 1u);
}

TEST_F(AuditVerifier, AcceptsHeadsSeenBefore) {
  pins.heads.push_back(desk.head().head);
  desk.commit(300);
  pins.heads.push_back(desk.head().head);
  expect(Verdict::intact);
}

TEST_F(AuditVerifier, NamesWhatADeclaredRestoreLost) {
  const MemorySource backup = site;
  desk.commit(10);
  const SignedHead lost = desk.head();
  site = backup;
  desk.begin_incarnation(lost, "disk failed");
  site.local = {desk.id().device, desk.local_head()};
  expect(Verdict::intact);
  ASSERT_EQ(check().notes.size(), 1u);
  EXPECT_EQ(check().notes[0].args[0], std::to_string(lost.head.size - 10));
}

// --- content that differs ---

TEST_F(AuditVerifier, FindsAFlippedByteInAnyPlaceOfAnEntry) {
  for (std::size_t place = 0; place < crypto::base64_decode(entry(77).bytes)->size(); place += 7) {
    const StoredEntry before = entry(77);
    flip(entry(77).bytes, place);
    expect(Verdict::tampered, 77);
    entry(77) = before;
  }
}

TEST_F(AuditVerifier, FindsAFlippedByteInTheFirstMiddleAndLastEntry) {
  for (std::size_t seq : {std::size_t{0}, std::size_t{255}, std::size_t{256}, log().entries.size() - 1}) {
    const StoredEntry before = entry(seq);
    flip(entry(seq).bytes, before.bytes.size() / 2);
    expect(Verdict::tampered, seq);
    entry(seq) = before;
  }
}

TEST_F(AuditVerifier, FindsAFlippedByteInASealedField) {
  flip(entry(40).bytes, crypto::base64_decode(entry(40).bytes)->size() - 1);
  expect(Verdict::tampered, 40);
}

TEST_F(AuditVerifier, FindsAnAlteredLeafHash) {
  flip(entry(41).leaf_hash, 3);
  expect(Verdict::tampered, 41);
}

TEST_F(AuditVerifier, FindsEntriesMovedInTheOrderOfCommits) {
  for (const std::uint64_t seq : {100, 255, 256, 257}) {
    std::swap(entry(seq).place, entry(seq - 1).place);
    expect(Verdict::tampered, seq);
    std::swap(entry(seq).place, entry(seq - 1).place);
    entry(seq).place = entry(seq - 1).place;
    expect(Verdict::tampered, seq);
    entry(seq).place = static_cast<std::int64_t>(seq);
  }
  expect(Verdict::intact);
}

TEST_F(AuditVerifier, FindsEveryAlteredColumn) {
  const std::function<void(StoredEntry&)> damages[] = {
      [](StoredEntry& e) { e.device = to_text(random_uuid()); },
      [](StoredEntry& e) { e.incarnation = 9; },
      [](StoredEntry& e) { ++e.time; },
      [](StoredEntry& e) { e.type = "action.started"; },
      [](StoredEntry& e) { e.actor = "op-8"; },
      [](StoredEntry& e) { e.ticket.clear(); },
      [](StoredEntry& e) { e.subject.back() = 'a'; },
      [](StoredEntry& e) { e.leaf_hash += "A"; },
      [](StoredEntry& e) { e.bytes += "="; },
      [](StoredEntry& e) { e.bytes.clear(); },
  };
  for (const auto& damage : damages) {
    const StoredEntry before = entry(123);
    damage(entry(123));
    expect(Verdict::tampered, 123);
    entry(123) = before;
  }
  expect(Verdict::intact);
}

TEST_F(AuditVerifier, FindsARewrittenEntryByTheTreeTheChainAndTheRoot) {
  rewrite(entry(100), [](Entry& e) { e.actor = "op-8"; });
  expect(Verdict::tampered, 100);  // the stored tile knows the entry
  log().tiles.at({0, 0})[100] = leaf_hash(crypto::base64_decode(entry(100).bytes).value());
  expect(Verdict::tampered, 101);  // its successor does not follow
}

TEST_F(AuditVerifier, FindsARewrittenLastEntryByItsRoot) {
  rewrite(log().entries.back(), [](Entry& e) { e.actor = "op-8"; });
  expect(Verdict::tampered);
}

TEST_F(AuditVerifier, FindsAWholeHistoryRewrittenWithoutTheKey) {
  Hash previous{};
  CompactRange range;
  std::vector<Hash> leaves;
  for (StoredEntry& row : log().entries) {
    rewrite(row, [&](Entry& e) {
      e.previous = previous;
      if (e.seq == 50) e.actor = "op-8";
    });
    previous = leaf_hash(crypto::base64_decode(row.bytes).value());
    range.append(previous);
    leaves.push_back(previous);
  }
  for (auto& [place, hashes] : log().tiles)
    std::copy_n(leaves.begin() + static_cast<long>(place.second * 256), 256, hashes.begin());
  site.local.reset();
  expect(Verdict::tampered);  // the root is not the one that was signed
  log().head_note = sign({desk.head().head.origin, range.end(), range.root()}, crypto::SigningKey::generate()).note;
  expect(Verdict::tampered);  // signed, but not with the pinned key
}

TEST_F(AuditVerifier, FindsAFlippedByteInTheSignature) {
  const auto place = log().head_note.rfind(' ') + 10;
  log().head_note[place] = log().head_note[place] == 'A' ? 'B' : 'A';
  expect(Verdict::tampered, log().entries.size() - 1);
}

TEST_F(AuditVerifier, FindsAnEarlierSignatureAltered) {
  std::size_t seq = 30;
  Entry carrier;
  do carrier = decode(crypto::base64_decode(entry(++seq).bytes).value()).value();
  while (!carrier.field(tag::previous_head_signature));
  rewrite(entry(seq), [](Entry& e) { e.fields.front().bytes[5] ^= 1; });
  expect(Verdict::tampered, seq);
}

TEST_F(AuditVerifier, FindsAHeadOfAnotherLog) {
  log().head_note = other.head().note;
  expect(Verdict::tampered);
}

TEST_F(AuditVerifier, FindsTwoEntriesSwapped) {
  std::swap(entry(20), entry(21));
  std::swap(entry(20).seq, entry(21).seq);
  expect(Verdict::tampered, 20);
}

TEST_F(AuditVerifier, FindsAnEntryDeletedAndTheRestRenumbered) {
  log().entries.erase(log().entries.begin() + 60);
  for (std::size_t i = 60; i < log().entries.size(); ++i) --entry(i).seq;
  expect(Verdict::tampered, 60);
}

TEST_F(AuditVerifier, FindsAnEntrySplicedInFromAnotherDevice) {
  const StoredEntry foreign = site.log(other.id()).entries.at(10);
  entry(10) = foreign;
  expect(Verdict::tampered, 10);
  entry(10).device = to_text(desk.id().device);
  expect(Verdict::tampered, 10);
}

TEST_F(AuditVerifier, FindsAnEntryAddedAfterTheHead) {
  StoredEntry extra = log().entries.back();
  ++extra.seq;
  log().entries.push_back(extra);
  expect(Verdict::tampered, static_cast<std::uint64_t>(extra.seq));
}

TEST_F(AuditVerifier, DoesNotFollowAnAbsurdNumberForEver) {
  StoredEntry extra = log().entries.back();
  extra.seq = std::numeric_limits<std::int64_t>::max() - 1;
  log().entries.push_back(extra);
  expect(Verdict::tampered);
  log().head_note.clear();
  EXPECT_NE(check().verdict, Verdict::intact);
}

TEST_F(AuditVerifier, FindsAnEntryBelowZero) {
  StoredEntry extra = log().entries.front();
  extra.seq = -1;
  log().entries.insert(log().entries.begin(), extra);
  expect(Verdict::tampered);
}

TEST_F(AuditVerifier, FindsAnAlteredTile) {
  log().tiles.at({0, 0})[17][0] ^= 1;
  expect(Verdict::tampered, 17);
}

// --- what is missing ---

TEST_F(AuditVerifier, FindsTheFirstAMiddleOrTheLastEntryDeleted) {
  const auto backup = log().entries;
  const std::size_t last = backup.size() - 1;
  for (std::size_t seq : {std::size_t{0}, std::size_t{1}, std::size_t{255}, std::size_t{256}, last}) {
    log().entries.erase(log().entries.begin() + static_cast<long>(seq));
    expect(Verdict::incomplete, seq);
    log().entries = backup;
  }
  log().entries.clear();
  expect(Verdict::incomplete, 0);
}

TEST_F(AuditVerifier, FindsADatabaseRolledBackToYesterday) {
  const MemorySource yesterday = site;
  const std::uint64_t size = log().entries.size();
  desk.commit(30);
  const auto today = desk.local_head();
  site = yesterday;
  expect(Verdict::intact);
  site.local->second = today;
  expect(Verdict::incomplete, size);
}

TEST_F(AuditVerifier, FindsARollbackThatANewIncarnationProves) {
  const MemorySource yesterday = site;
  const std::uint64_t size = log().entries.size();
  desk.commit(30);
  const SignedHead lost = desk.head();
  site = yesterday;
  const LogId before = desk.id();
  desk.begin_incarnation(lost, {});
  site.local->second = desk.local_head();
  const Report report = check();
  EXPECT_STREQ(name_of(report.verdict), "incomplete");
  EXPECT_EQ(*report.first_bad, (Position{before.device, before.incarnation, size}));
}

TEST_F(AuditVerifier, FindsARollbackByAHeadSeenElsewhere) {
  const MemorySource yesterday = site;
  other.commit(5);
  pins.heads.push_back(other.head().head);
  site = yesterday;
  EXPECT_EQ(check().verdict, Verdict::incomplete);
}

TEST_F(AuditVerifier, FindsAWholeLogMissing) {
  std::erase_if(site.stored_logs, [&](const StoredLog& each) { return each.id == other.id(); });
  EXPECT_EQ(check().verdict, Verdict::incomplete);
}

TEST_F(AuditVerifier, FindsTheSignedHeadOrATileMissing) {
  const std::string note = std::exchange(log().head_note, "");
  expect(Verdict::incomplete);
  log().head_note = note;
  log().tiles.erase({0, 0});
  expect(Verdict::incomplete, 0);
}

// --- two histories ---

TEST_F(AuditVerifier, FindsAForkOfTheSameSize) {
  const MemorySource before = site;
  const Device twin = desk;  // a copied key folder: the same key and state, two databases
  desk.commit(5);
  const auto mine = desk.local_head();
  site = before;
  Device copy = twin;
  copy.time += 77;
  copy.commit(5);
  expect(Verdict::intact);
  site.local->second = mine;
  expect(Verdict::forked, mine.size - 1);
}

TEST_F(AuditVerifier, FindsAForkThatWentOn) {
  const MemorySource before = site;
  const Device twin = desk;
  desk.commit(5);
  const auto mine = desk.local_head();
  site = before;
  Device copy = twin;
  copy.time += 77;
  copy.commit(9);
  site.local->second = mine;
  expect(Verdict::forked, mine.size - 1);
}

TEST_F(AuditVerifier, FindsEntriesAddedToAClosedIncarnation) {
  const SignedHead closed = desk.head();
  const Device old = desk;
  desk.begin_incarnation(closed, {});
  site.local.reset();
  expect(Verdict::intact);
  Device late = old;
  late.commit(2);
  const Report report = check();
  EXPECT_STREQ(name_of(report.verdict), "forked");
  EXPECT_EQ(report.first_bad->seq, closed.head.size);
}

// --- what cannot be told ---

TEST_F(AuditVerifier, CannotVerifyWithoutAPinnedKey) {
  pins.keys.erase(other.id());
  EXPECT_STREQ(name_of(check().verdict), "unverifiable");
  entry(5).actor = "op-8";
  EXPECT_STREQ(name_of(check().verdict), "tampered");  // still, it looks
}

TEST_F(AuditVerifier, CannotVerifyAnUnknownAlgorithm) {
  pins.keys[desk.id()].algorithm = static_cast<crypto::SignatureAlgorithm>(0x63);
  expect(Verdict::unverifiable, 0);
}

TEST_F(AuditVerifier, CannotReadAnEntryOfALaterFormat) {
  // A later program wrote the last entry and signed it: everything fits, only its format is unknown here.
  Bytes bytes = crypto::base64_decode(log().entries.back().bytes).value();
  bytes[5] = 2;
  CompactRange range;
  for (std::size_t i = 0; i + 1 < log().entries.size(); ++i)
    range.append(leaf_hash(crypto::base64_decode(entry(i).bytes).value()));
  range.append(leaf_hash(bytes));
  log().entries.back().bytes = crypto::base64_encode(bytes);
  log().entries.back().leaf_hash = crypto::base64_encode(leaf_hash(bytes));
  log().head_note = sign({desk.head().head.origin, range.end(), range.root()}, *desk.key()).note;
  site.local.reset();
  expect(Verdict::unverifiable, log().entries.size() - 1);
}

// --- rows and changes ---

TEST_F(AuditVerifier, FindsAHandEditedRow) {
  site.rows.at(0).digest[0] ^= 1;
  expect(Verdict::tampered);
}

TEST_F(AuditVerifier, FindsARowWithAForgedVersion) {
  ++site.rows.at(0).version;
  expect(Verdict::tampered);
}

TEST_F(AuditVerifier, FindsARowThatNoEntryWrote) {
  site.rows.push_back({"subscriber", "99", 1, Hash{}});
  const Report report = check();
  EXPECT_STREQ(name_of(report.verdict), "tampered");
  EXPECT_FALSE(report.first_bad);
}

TEST_F(AuditVerifier, FindsARowDeletedOrBroughtBack) {
  const auto backup = site.rows;
  site.rows.pop_back();
  expect(Verdict::tampered);
  site.rows = backup;
  site.rows.push_back({"subscriber", "3", 2, Hash{}});
  expect(Verdict::tampered);
  site.rows.back().version = 1;
  expect(Verdict::tampered);
}

TEST_F(AuditVerifier, FindsAlteredRemovedAndInventedChanges) {
  const auto backup = log().changes;
  const auto seq = static_cast<std::uint64_t>(backup.front().seq);
  log().changes.front().version = 7;
  expect(Verdict::tampered, seq);
  log().changes = backup;
  log().changes.front().digest = "not base64";
  expect(Verdict::tampered, seq);
  log().changes = backup;
  log().changes.erase(log().changes.begin());
  expect(Verdict::tampered, seq);
  log().changes = backup;
  log().changes.insert(log().changes.begin(), {5, "subscriber", "1", 1, backup.front().digest});
  expect(Verdict::tampered, 5);
  log().changes = backup;
  log().changes.push_back({1 << 20, "subscriber", "1", 9, backup.front().digest});
  expect(Verdict::tampered, 1 << 20);
}

TEST_F(AuditVerifier, DoesNotBlameARowForAMissingEntry) {
  const std::uint64_t seq = log().entries.size() - 1;
  desk.change_row("2", 2);
  desk.change_row("2", 3, true);
  log().entries.pop_back();
  log().entries.pop_back();
  expect(Verdict::incomplete, seq + 1);
  log().changes.pop_back();
  log().changes.pop_back();
  expect(Verdict::incomplete, seq + 1);
}

// --- running ---

TEST_F(AuditVerifier, StopsOnRequestAndSaysSo) {
  std::stop_source stop;
  const auto progress = [&](std::uint64_t, std::uint64_t) { stop.request_stop(); };
  const Report report = verify(site, pins, progress, stop.get_token(), {.threads = 1, .chunk = 256});
  EXPECT_TRUE(report.unfinished);
  EXPECT_EQ(report.verdict, Verdict::unverifiable);
  EXPECT_GT(report.entries_checked, 0u);
  EXPECT_LT(report.entries_checked, log().entries.size() + site.log(other.id()).entries.size());
}

TEST_F(AuditVerifier, ReportsItsProgressUpToTheEnd) {
  std::uint64_t last = 0, all = 0;
  verify(site, pins, [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_GE(done, last);
    last = done;
    all = total;
  });
  EXPECT_EQ(last, all);
  EXPECT_EQ(all, log().entries.size() + site.log(other.id()).entries.size());
}

TEST_F(AuditVerifier, LetsTheSourcesExceptionThrough) {
  struct Broken : MemorySource {
    using MemorySource::MemorySource;
    std::optional<std::vector<Hash>> read_tile(const LogId&, unsigned, std::uint64_t) override {
      throw std::runtime_error("the connection was lost");
    }
  } broken;
  static_cast<MemorySource&>(broken) = site;
  EXPECT_THROW(verify(broken, pins), std::runtime_error);
}

TEST(AuditVerifierAtSize, ChecksUpperTilesAsWell) {
  MemorySource site;
  Pins pins;
  Device desk(site, pins);
  desk.commit(70'000);
  EXPECT_EQ(verify(site, pins).verdict, Verdict::intact);
  auto& tiles = site.log(desk.id()).tiles;
  tiles.at({1, 0})[3][9] ^= 1;
  EXPECT_EQ(verify(site, pins).verdict, Verdict::tampered);
  tiles.erase({1, 0});
  EXPECT_EQ(verify(site, pins).verdict, Verdict::incomplete);
}

}  // namespace
}  // namespace anahtar::audit
