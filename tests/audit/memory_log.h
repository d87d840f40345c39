// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "audit/appender.h"
#include "audit/verifier.h"
#include "crypto/base64.h"

namespace anahtar::audit::testing {

/// A row of the table of entries, free to be damaged.
struct StoredEntry {
  std::string device;
  std::int64_t incarnation = 0, seq = 0, place = 0, time = 0;
  std::string type, actor, ticket, subject, leaf_hash, bytes;
};

struct StoredChange {
  std::int64_t seq = 0;
  std::string table, row;
  std::int64_t version = 0;
  std::string digest;
};

inline StoredEntry stored(const Appended& appended) {
  const Entry& e = appended.entry;
  return {to_text(e.device),
          e.incarnation,
          static_cast<std::int64_t>(e.seq),
          static_cast<std::int64_t>(e.seq),
          e.time,
          e.type,
          e.actor,
          e.ticket,
          e.subject,
          crypto::base64_encode(appended.leaf),
          crypto::base64_encode(appended.bytes)};
}

struct StoredLog {
  LogId id;
  std::string head_note;
  std::vector<StoredEntry> entries;  ///< ascending by seq, as a database would give them
  std::vector<StoredChange> changes;
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> tiles;
};

struct StoredRow {
  std::string table, row;
  std::int64_t version = 0;
  Hash digest{};
};

/// A whole site in memory. Copying it is taking a back-up.
class MemorySource : public LogSource {
 public:
  std::string site_name = "test.site";
  std::vector<StoredLog> stored_logs;
  std::vector<StoredRow> rows;
  std::optional<std::pair<Uuid, LocalHead>> local;

  StoredLog& log(const LogId& id) { return *std::ranges::find(stored_logs, id, &StoredLog::id); }

  std::string site() override { return site_name; }
  std::vector<LogInfo> logs() override {
    std::vector<LogInfo> out;
    for (const StoredLog& log : stored_logs) {
      LogInfo info{.id = log.id, .head_note = log.head_note};
      for (const StoredEntry& entry : log.entries) {
        if (entry.seq < 0)
          info.stray_rows = true;
        else
          info.entries = std::max(info.entries, static_cast<std::uint64_t>(entry.seq) + 1);
      }
      out.push_back(info);
    }
    return out;
  }
  void read_entries(const LogId& id, std::uint64_t first, std::uint64_t count,
                    const std::function<void(const EntryRow&)>& sink) override {
    const auto& entries = log(id).entries;
    const auto begin = std::ranges::lower_bound(entries, static_cast<std::int64_t>(first), {}, &StoredEntry::seq);
    for (auto e = begin; e != entries.end() && static_cast<std::uint64_t>(e->seq) - first < count; ++e)
      sink({e->device, e->incarnation, e->seq, e->place, e->time, e->type, e->actor, e->ticket, e->subject, e->leaf_hash,
            e->bytes});
  }
  void read_changes(const LogId& id, std::uint64_t first, std::uint64_t count,
                    const std::function<void(const ChangeRow&)>& sink) override {
    for (const StoredChange& c : log(id).changes)
      if (static_cast<std::uint64_t>(c.seq) >= first && static_cast<std::uint64_t>(c.seq) - first < count)
        sink({c.seq, c.table, c.row, c.version, c.digest});
  }
  std::optional<std::vector<Hash>> read_tile(const LogId& id, unsigned level, std::uint64_t index) override {
    const auto& tiles = log(id).tiles;
    const auto found = tiles.find({level, index});
    if (found == tiles.end()) return std::nullopt;
    return found->second;
  }
  void read_rows(const std::function<void(const CurrentRow&)>& sink) override {
    for (const StoredRow& row : rows) sink({row.table, row.row, row.version, row.digest});
  }
  std::optional<std::pair<Uuid, LocalHead>> local_head() override { return local; }
};

/// A device that writes into a MemorySource as the console would.
class Device {
 public:
  Device(MemorySource& site, Pins& pins, Uuid uuid = random_uuid()) : site_(site), pins_(pins), uuid_(uuid) {
    begin_incarnation({}, std::nullopt);
  }

  LogId id() const { return {uuid_, appender_->origin().incarnation}; }
  SignedHead head() const { return *appender_->last_head(); }
  LocalHead local_head() const { return local_head_of(head()); }

  /// One commit of `count` entries.
  void commit(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) write({});
    seal();
  }

  /// One commit of one entry that writes a row (or removes it).
  void change_row(const std::string& row, std::uint64_t version, bool remove = false) {
    const std::pair<std::string_view, ColumnValue> columns[] = {{"blocked", static_cast<std::int64_t>(version % 2)}};
    const Hash digest = remove ? removed_row : row_digest("subscriber", row, version, columns);
    const auto seq = static_cast<std::int64_t>(appender_->size());
    write({{"subscriber", row, version, digest}});
    log().changes.push_back(
        {seq, "subscriber", row, static_cast<std::int64_t>(version), crypto::base64_encode(digest)});
    std::erase_if(site_.rows, [&](const StoredRow& stored_row) { return stored_row.row == row; });
    if (!remove) site_.rows.push_back({"subscriber", row, static_cast<std::int64_t>(version), digest});
    seal();
  }

  void begin_incarnation(const std::optional<SignedHead>& acknowledged, std::optional<std::string> declared) {
    key_ = std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate());
    const std::uint32_t number = acknowledged ? acknowledged->head.origin.incarnation + 1 : first_incarnation;
    appender_ = Appender::fresh({site_.site_name, uuid_, number}, key_);
    site_.stored_logs.push_back({id(), {}, {}, {}, {}});
    pins_.keys[id()] = key_->public_key();
    Genesis genesis{.time = ++time,
                    .actor = "setup",
                    .role = "system",
                    .fields = {},
                    .acknowledged = acknowledged,
                    .declared_restore = std::move(declared)};
    store(appender_->open(genesis));
    seal();
  }

  const std::shared_ptr<const crypto::SigningKey>& key() const { return key_; }

  std::int64_t time = 1'700'000'000'000'000;

 private:
  StoredLog& log() { return site_.log(id()); }

  void write(std::vector<RowChange> changes) {
    Draft draft{.time = time += 1000,
                .type = "action.ended",
                .actor = "op-7",
                .role = "operator",
                .ticket = "9f86d081884c7d659a2feaa0c55ad015",
                .subject = "5feceb66ffc86f38d952786c6d696c79",
                .fields = {{tag::first_sealed, Bytes(100, 0xC3)}},
                .changes = {},
                .clock_step = {}};
    if (!changes.empty()) draft.changes = changes_digest(std::move(changes));
    store(appender_->append(std::move(draft)));
  }
  void store(const Appended& appended) {
    log().entries.push_back(stored(appended));
    for (const Tile& tile : appended.finished) log().tiles[{tile.level, tile.index}] = tile.hashes;
  }
  void seal() { log().head_note = appender_->sign_head().note; }

  MemorySource& site_;
  Pins& pins_;
  Uuid uuid_;
  std::shared_ptr<const crypto::SigningKey> key_;
  std::optional<Appender> appender_;
};

}  // namespace anahtar::audit::testing
