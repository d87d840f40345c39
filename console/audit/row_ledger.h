// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <unordered_map>

#include "audit/chunk_check.h"

namespace anahtar::audit::detail {

/// What the entries say about the sensitive rows: the newest change of each, to be compared with the rows themselves.
class RowLedger {
 public:
  using Report = std::function<void(Finding)>;

  /// In any order of logs: the version decides what is newest.
  void add(const LogId& log, const LedgerChange& change, const Report& report);

  /// `all_known`: no entry is missing, so a row that is newer than its last change was written past the log.
  void compare(const CurrentRow& row, bool all_known, const Report& report);

  /// After every row was compared: the rows that should be there and are not.
  void report_absent(const Report& report) const;

 private:
  using Fingerprint = std::array<std::uint8_t, 16>;  ///< of table and row id; names are not kept, there may be millions
  struct FingerprintHash {
    std::size_t operator()(const Fingerprint& fingerprint) const;
  };
  struct Latest {
    Position where;
    std::uint64_t version = 0;
    Hash digest{};
    bool seen = false;
  };
  static Fingerprint fingerprint(std::string_view table, std::string_view row);

  std::unordered_map<Fingerprint, Latest, FingerprintHash> latest_;
};

}  // namespace anahtar::audit::detail
