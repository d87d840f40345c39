// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <anahtar/sdk/text.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/changes.h"
#include "audit/head.h"
#include "audit/local_head.h"
#include "audit/merkle.h"

namespace anahtar::audit {

/// One incarnation of one device's log.
struct LogId {
  Uuid device{};
  std::uint32_t incarnation = 1;
  friend bool operator==(const LogId&, const LogId&) = default;
  friend auto operator<=>(const LogId&, const LogId&) = default;
};

/// A row of the table of entries, as text came out of the database. Views are valid during the sink's call only.
struct EntryRow {
  std::string_view device;  ///< to_text(Uuid)
  std::int64_t incarnation = 0;
  std::int64_t seq = 0;
  std::int64_t place = 0;  ///< in the order of commits; ascends with seq within a log
  std::int64_t time = 0;
  std::string_view type, actor, ticket, subject;
  std::string_view leaf_hash;  ///< base64
  std::string_view bytes;      ///< base64 of the encoding
};

/// A row of the table of changes.
struct ChangeRow {
  std::int64_t seq = 0;  ///< of the entry that made it
  std::string_view table, row;
  std::int64_t version = 0;
  std::string_view digest;  ///< base64
};

/// A sensitive row as it is now; the source computes the digest from the row itself.
struct CurrentRow {
  std::string_view table, row;
  std::int64_t version = 0;
  Hash digest{};
};

/// One per (device, incarnation) that occurs in the table of entries, of changes, of heads or of tiles.
struct LogInfo {
  LogId id;
  std::string head_note;      ///< the stored signed head; empty when there is none
  std::uint64_t entries = 0;  ///< 1 + the greatest seq, 0 when there is no row
  std::optional<std::uint64_t> head_size;  ///< the column beside the note, where there is one
  bool early_tiles = false;   ///< tiles are stored that the signed head does not fill
  bool stray_rows = false;    ///< more rows exist than numbers from 0: negative ones, twins, of a device that is none
};

/// Where a verification reads from; the store implements it. All answers come from one snapshot: entries, heads,
/// changes and rows as of the same commit. read_entries, read_changes and read_tile are called from several threads at
/// once; the others from the thread that called verify(). What goes wrong is thrown and leaves verify() as it is.
class LogSource {
 public:
  virtual ~LogSource() = default;

  virtual std::string site() = 0;
  virtual std::vector<LogInfo> logs() = 0;

  /// The rows with first <= seq < first + count, ascending by seq.
  virtual void read_entries(const LogId& log, std::uint64_t first, std::uint64_t count,
                            const std::function<void(const EntryRow&)>& sink) = 0;
  /// The changes of the entries first <= seq < first + count, ascending by seq.
  virtual void read_changes(const LogId& log, std::uint64_t first, std::uint64_t count,
                            const std::function<void(const ChangeRow&)>& sink) = 0;
  /// A stored, finished tile; nothing when it is not there.
  virtual std::optional<std::vector<Hash>> read_tile(const LogId& log, unsigned level, std::uint64_t index) = 0;
  /// Every row of every sensitive table, in any order.
  virtual void read_rows(const std::function<void(const CurrentRow&)>& sink) = 0;
  /// This device's own head from outside the database, if this machine has one, with the device it belongs to.
  virtual std::optional<std::pair<Uuid, LocalHead>> local_head() = 0;
  /// This device's newest log, when its head outside the database is gone although a key of it is trusted, so that it was there.
  virtual std::optional<LogId> lost_head() { return {}; }
  /// Names of what the store is made of (tables, indexes, guards) that is missing, strange or not as it was made.
  virtual std::vector<std::string> altered_parts() { return {}; }
};

/// What is trusted, from outside the database.
struct Pins {
  /// The key of each incarnation. A key is pinned after its first commit, so a pinned log that is not there is missing.
  std::map<LogId, crypto::PublicKey> keys;
  /// The newest of a device that is known to have been committed.
  std::optional<LogId> newest_of(const Uuid& device) const;
  /// Heads seen before: by a witness, on a site checkpoint, in an earlier verification.
  std::vector<TreeHead> heads;
};

enum class Verdict {
  intact,        ///< everything agrees
  tampered,      ///< content differs from what was hashed and signed
  incomplete,    ///< something is missing that is proved to have existed
  forked,        ///< two histories of one log
  unverifiable,  ///< a format, key or algorithm that this program does not know, or no pinned key, or not finished
};

struct Position {
  Uuid device{};
  std::uint32_t incarnation = 0;
  std::uint64_t seq = 0;
  friend bool operator==(const Position&, const Position&) = default;
  friend auto operator<=>(const Position&, const Position&) = default;
};

/// One thing that is wrong, and where. Things about a whole log are placed at the first entry they concern.
struct Finding {
  Verdict verdict = Verdict::intact;
  Position where;  ///< all zero for a row that no entry wrote
  sdk::Text sentence;
};

struct LogReport {
  LogId id;
  Verdict verdict = Verdict::intact;
  std::uint64_t entries = 0;  ///< that the signed head covers
  std::uint64_t checked = 0;
  std::uint64_t clock_steps = 0;   ///< entries whose time is earlier than that of the entry before, or that note a step
  std::optional<SignedHead> head;  ///< when its signature is good
};

struct Report {
  Verdict verdict = Verdict::intact;
  sdk::Text sentence;
  std::optional<Position> first_bad;  ///< of the findings with the report's verdict, the one with the lowest position
  std::uint64_t entries_checked = 0;
  std::uint64_t rows_checked = 0;
  std::vector<LogReport> logs;
  std::vector<Finding> findings;  ///< at most max_findings; further ones are counted only
  std::uint64_t findings_total = 0;
  std::vector<sdk::Text> notes;  ///< true and no alarm: a declared restore and what it lost
  bool unfinished = false;       ///< stopped on request; the verdict is then about the part that was checked

  static constexpr std::size_t max_findings = 100;
};

struct VerifyOptions {
  unsigned threads = 2;
  std::uint64_t chunk = 16384;  ///< entries read at a time; a multiple of 256
};

/// Entries checked so far and entries in all. Called from the verifying threads, one at a time.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Recomputes and compares everything: every hash, the chain, the Merkle root against the signed head, the signature,
/// every column against the bytes, the order of commits, gaps, the genesis of each incarnation against the one before, the stored tiles, the
/// changes against the entries and the sensitive rows against the changes, the local head and the pinned heads. Writes
/// nothing. Memory does not grow with the number of entries (about 100 bytes for each sensitive row, 32 for 256
/// entries). When several things are wrong the verdict is the first that applies of: tampered, forked, incomplete,
/// unverifiable.
///
/// What it cannot see: the tail of a log that was cut, with its head, before any head of it was kept elsewhere.
Report verify(LogSource& source, const Pins& pins, const Progress& progress = {}, std::stop_token stop = {},
              VerifyOptions options = {});

const char* name_of(Verdict verdict);  ///< "intact", … for machines

}  // namespace anahtar::audit
