// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <bitset>
#include <string>
#include <utility>
#include <vector>

#include "audit/entry.h"
#include "audit/verifier.h"

/// Inside of the verifier: what one thread does with one stretch of one log.
namespace anahtar::audit::detail {

/// What every chunk of a log needs to know.
struct LogFrame {
  LogId id;
  std::string device_text;
  std::uint64_t extent = 0;         ///< entries to read
  std::vector<std::uint64_t> cuts;  ///< sizes, ascending, at which the Merkle root is wanted
};

struct LedgerChange {
  std::uint64_t seq = 0;
  RowChange change;
};

struct ChunkResult {
  explicit ChunkResult(std::uint64_t first) : range(first) {}

  CompactRange range;                                        ///< of all leaves; only when whole
  std::vector<std::pair<std::uint64_t, CompactRange>> cuts;  ///< the range up to each cut; only while whole
  std::vector<Hash> tile_roots;                              ///< of the finished tiles of level 0; only when whole
  bool whole = true;                                         ///< no entry was missing or unreadable
  std::uint64_t checked = 0;
  std::uint64_t clock_steps = 0;
  Hash first_previous{}, last_leaf{};
  bool first_known = false, last_known = false;  ///< whether the two above are the chunk's edges
  std::int64_t first_time = 0, last_time = 0;
  std::int64_t first_place = 0, last_place = 0;  ///< of the rows that were there, when `rows_there`
  bool rows_there = false;
  bool first_steps = false;  ///< the first entry notes a clock step itself
  bool missing_entries = false;
  std::vector<Finding> findings;
  std::vector<LedgerChange> changes;
};

/// What is wrong with an entry whose place does not ascend.
sdk::Text out_of_order();

/// Reads and checks the entries [first, first + count) and their changes. `first` and all but a log's last count are
/// multiples of 256. [any]
ChunkResult check_chunk(LogSource& source, const LogFrame& log, std::uint64_t first, std::uint64_t count);

}  // namespace anahtar::audit::detail
