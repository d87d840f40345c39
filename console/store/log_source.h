// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "audit/verifier.h"
#include "store/keyring.h"
#include "store/sqlite_reader.h"

namespace anahtar::store {

/// Feeds audit::verify from a database file, through handles of SQLite's own that stand on one snapshot. SOCI is left
/// out here: it copies every column, and a million entries a second do not bear that. Writes nothing.
class SqliteLogSource : public audit::LogSource {
 public:
  /// Throws FailureError. `trust` gives the local head.
  SqliteLogSource(const std::filesystem::path& file, const Trust& trust, unsigned threads);
  ~SqliteLogSource() override;

  std::string site() override;
  std::vector<audit::LogInfo> logs() override;
  void read_entries(const audit::LogId& log, std::uint64_t first, std::uint64_t count,
                    const std::function<void(const audit::EntryRow&)>& sink) override;
  void read_changes(const audit::LogId& log, std::uint64_t first, std::uint64_t count,
                    const std::function<void(const audit::ChangeRow&)>& sink) override;
  std::optional<std::vector<audit::Hash>> read_tile(const audit::LogId& log, unsigned level,
                                                    std::uint64_t index) override;
  void read_rows(const std::function<void(const audit::CurrentRow&)>& sink) override;
  std::optional<std::pair<audit::Uuid, audit::LocalHead>> local_head() override;
  std::optional<audit::LogId> lost_head() override;
  std::vector<std::string> altered_parts() override;

  std::int64_t unfinished_runs();

 private:
  struct Connection;
  class Lease;
  static void require_tables(Connection& connection);
  std::string marker(Connection& connection);

  const Trust& trust_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> free_;
};

}  // namespace anahtar::store
