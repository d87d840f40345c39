// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/verifier.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>

#include "audit/chunk_check.h"
#include "audit/entry.h"
#include "audit/row_ledger.h"
#include "crypto/base64.h"

namespace anahtar::audit {
namespace {

using detail::ChunkResult;
using detail::LogFrame;
using sdk::tr;

/// A log whose rows end but whose greatest seq says otherwise is not read to the end of the numbers.
constexpr unsigned empty_chunks_until_given_up = 64;

enum class Witness { local_file, seen_before, next_incarnation };

/// A head that proves what a log once held.
struct KnownHead {
  LogId log;
  std::uint64_t size = 0;
  Hash root{};
  Witness witness = Witness::seen_before;
  bool declared_restore = false;
};

struct LogState {
  LogInfo info;
  LogFrame frame;
  LogReport report;
  std::optional<SignedHead> head;  ///< as stored; report.head when its signature is good
  CompactRange range;
  bool whole = true;
  bool last_known = true;  ///< at seq 0 the previous hash is zero
  Hash last_leaf{};
  std::int64_t last_time = std::numeric_limits<std::int64_t>::min();
  std::int64_t last_place = std::numeric_limits<std::int64_t>::min();
  std::map<std::uint64_t, Hash> roots;          ///< at the frame's cuts
  std::map<unsigned, std::vector<Hash>> tiles;  ///< hashes of the unfinished tile of each level from 1
  unsigned empty_chunks = 0;
};

struct Job {
  LogState* log = nullptr;
  std::uint64_t number = 0, first = 0, count = 0;
};

int rank(Verdict verdict) {
  switch (verdict) {
    case Verdict::tampered:
      return 4;
    case Verdict::forked:
      return 3;
    case Verdict::incomplete:
      return 2;
    case Verdict::unverifiable:
      return 1;
    case Verdict::intact:
      break;
  }
  return 0;
}

Verdict worse(Verdict a, Verdict b) { return rank(a) >= rank(b) ? a : b; }

class Verification {
 public:
  Verification(LogSource& source, const Pins& pins, const Progress& progress, std::stop_token stop,
               VerifyOptions options)
      : source_(source), pins_(pins), progress_(progress), stop_(std::move(stop)), options_(options) {
    options_.threads = std::max(1u, options_.threads);
    options_.chunk = std::max<std::uint64_t>(1, options_.chunk / Tile::width) * Tile::width;
  }

  Report run() {
    site_ = source_.site();
    for (LogInfo& info : source_.logs()) logs_[info.id].info = std::move(info);
    for (auto& [id, log] : logs_) prepare(log);
    collect_known_heads();
    check_store();
    for (auto& [id, log] : logs_) set_cuts(log);
    check_entries();
    if (!report_.unfinished) {
      check_absent_logs();
      for (auto& [id, log] : logs_) check_log(log);
      for (const KnownHead& known : known_) check_known_head(known);
      check_rows();
    }
    return conclude();
  }

 private:
  // --- before the entries are read ---

  void prepare(LogState& log) {
    const LogId& id = log.info.id;
    log.frame = {.id = id, .device_text = to_text(id.device), .extent = log.info.entries, .cuts = {}};
    log.report.id = id;
    if (log.info.head_note.empty()) {
      if (log.info.entries > 0) find(Verdict::incomplete, id, 0, tr("The log has entries but no signed head."));
    } else if (auto head = parse_head(log.info.head_note); !head) {
      find(Verdict::tampered, id, 0, tr("The signed head of the log cannot be read."));
    } else {
      log.head = std::move(*head);
      log.frame.extent = std::min(log.head->head.size, log.info.entries);
      log.report.entries = log.head->head.size;
      if (log.info.head_size && *log.info.head_size != log.head->head.size)
        find(Verdict::tampered, id, 0, tr("The size beside the signed head is not the one that was signed."));
    }
    check_signature(log);
    read_genesis(log);
    total_ += log.frame.extent;
  }

  void check_signature(LogState& log) {
    const LogId& id = log.info.id;
    const auto pin = pins_.keys.find(id);
    if (pin == pins_.keys.end())
      return find(Verdict::unverifiable, id, 0, tr("No key of this log is pinned on this machine."));
    if (!pin->second.known_algorithm())
      return find(Verdict::unverifiable, id, 0,
                  tr("The log is signed with an algorithm that this program does not know."));
    if (!log.head) return;
    const std::uint64_t last = log.head->head.size - std::min<std::uint64_t>(1, log.head->head.size);
    if (log.head->head.origin != Origin{site_, id.device, id.incarnation})
      find(Verdict::tampered, id, last, tr("The signed head belongs to another log."));
    else if (!verify_head(*log.head, pin->second))
      find(Verdict::tampered, id, last, tr("The signature of the log's head is wrong."));
    else
      log.report.head = log.head;
  }

  void read_genesis(LogState& log) {
    if (log.frame.extent == 0) return;
    source_.read_entries(log.info.id, 0, 1, [&](const EntryRow& row) {
      const auto bytes = crypto::base64_decode(row.bytes);
      EntryView view;
      if (bytes && parse(*bytes, view) == ParseError::none) check_genesis(log.info.id, view);
    });
  }

  void check_genesis(const LogId& id, const EntryView& view) {
    if (view.type != genesis_type) find(Verdict::tampered, id, 0, tr("The log does not begin with its opening."));
    const auto pin = pins_.keys.find(id);
    const auto key = view.field(tag::public_key);
    if (key && pin != pins_.keys.end() && pin->second.known_algorithm() && crypto::text_of(*key) != pin->second.text())
      find(Verdict::tampered, id, 0, tr("The log was opened with another key than the pinned one."));
    if (id.incarnation == first_incarnation) return;
    const LogId before{id.device, id.incarnation - 1};
    const auto note = view.field(tag::acknowledged_head);
    auto quoted = note ? parse_head(crypto::text_of(*note)) : Result<SignedHead>(std::unexpected(""));
    if (!quoted || quoted->head.origin != Origin{site_, before.device, before.incarnation})
      return find(Verdict::tampered, id, 0, tr("The incarnation does not quote the head of the one before it."));
    const auto pin_before = pins_.keys.find(before);
    if (pin_before != pins_.keys.end() && pin_before->second.known_algorithm() &&
        !verify_head(*quoted, pin_before->second))
      return find(Verdict::tampered, id, 0, tr("The head that the incarnation quotes has a wrong signature."));
    known_.push_back({before, quoted->head.size, quoted->head.root, Witness::next_incarnation,
                      view.field(tag::declared_restore).has_value()});
  }

  void check_store() {
    if (const auto log = source_.lost_head())
      find(Verdict::unverifiable, *log, 0,
           tr("The file that remembers the log's end on this machine is gone or empty, so an old copy of the database would not be noticed."));
    for (const std::string& name : source_.altered_parts())
      find(Verdict::unverifiable, logs_.empty() ? LogId{} : logs_.begin()->first, 0,
           tr("The part {1} of the database is missing, strange or not as it was made.", name));
  }

  void collect_known_heads() {
    if (const auto local = source_.local_head())
      known_.push_back({{local->first, local->second.incarnation},
                        local->second.size,
                        local->second.root,
                        Witness::local_file,
                        false});
    for (const TreeHead& head : pins_.heads)
      if (head.origin.site == site_)
        known_.push_back(
            {{head.origin.device, head.origin.incarnation}, head.size, head.root, Witness::seen_before, false});
    for (const KnownHead& known : known_)
      if (known.declared_restore) excused_[known.log] = std::max(excused_[known.log], known.size);
  }

  void set_cuts(LogState& log) {
    auto& cuts = log.frame.cuts;
    for (const KnownHead& known : known_)
      if (known.log == log.info.id && known.size > 0 && known.size <= log.frame.extent) cuts.push_back(known.size);
    std::ranges::sort(cuts);
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  }

  // --- the entries, by several threads; results are joined in order ---

  void check_entries() {
    next_log_ = logs_.begin();
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < options_.threads; ++i) threads.emplace_back([this] { work(); });
    work();
    threads.clear();
    if (failure_) std::rethrow_exception(failure_);
    report_.unfinished = stop_.stop_requested() && !out_of_jobs_;
  }

  void work() {
    try {
      while (const auto job = take_job()) deliver(*job, check_chunk(source_, job->log->frame, job->first, job->count));
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      joined_.notify_all();
    }
  }

  std::optional<Job> take_job() {
    std::unique_lock lock(mutex_);
    // Nobody runs far ahead of a slow thread: that is what keeps the memory flat.
    joined_.wait(lock, [&] { return failure_ || jobs_taken_ < jobs_joined_ + 4 * options_.threads; });
    if (failure_ || stop_.stop_requested()) return std::nullopt;
    while (next_log_ != logs_.end()) {
      LogState& log = next_log_->second;
      if (next_first_ < log.frame.extent && log.empty_chunks < empty_chunks_until_given_up) {
        const std::uint64_t count = std::min(options_.chunk, log.frame.extent - next_first_);
        return Job{&log, jobs_taken_++, std::exchange(next_first_, next_first_ + count), count};
      }
      ++next_log_;
      next_first_ = 0;
    }
    out_of_jobs_ = true;
    return std::nullopt;
  }

  void deliver(const Job& job, ChunkResult result) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(job.number, std::make_pair(job, std::move(result)));
    while (!waiting_.empty() && waiting_.begin()->first == jobs_joined_) {
      auto& [next, ready] = waiting_.begin()->second;
      join(*next.log, next, ready);
      waiting_.erase(waiting_.begin());
      ++jobs_joined_;
    }
    joined_.notify_all();
    if (progress_) progress_(report_.entries_checked, total_);
  }

  void join(LogState& log, const Job& job, ChunkResult& chunk) {
    for (Finding& finding : chunk.findings) find(std::move(finding));
    if (chunk.first_known && log.last_known && chunk.first_previous != log.last_leaf)
      find(Verdict::tampered, log.info.id, job.first, tr("The entry does not follow the one before it."));
    if (chunk.rows_there) {
      if (chunk.first_place <= log.last_place) find(Verdict::tampered, log.info.id, job.first, detail::out_of_order());
      log.last_place = chunk.last_place;
    }
    join_tree(log, chunk);
    log.last_known = chunk.last_known;
    log.last_leaf = chunk.last_leaf;
    log.report.checked += chunk.checked;
    log.report.clock_steps +=
        chunk.clock_steps + (chunk.first_known && (chunk.first_steps || chunk.first_time < log.last_time) ? 1 : 0);
    log.last_time = chunk.last_time;
    log.empty_chunks = chunk.checked == 0 ? log.empty_chunks + 1 : 0;
    report_.entries_checked += chunk.checked;
    missing_entries_ |= chunk.missing_entries;
    for (const auto& change : chunk.changes)
      ledger_.add(log.info.id, change, [this](Finding finding) { find(std::move(finding)); });
  }

  void join_tree(LogState& log, const ChunkResult& chunk) {
    if (!log.whole) return;
    for (const auto& [size, range] : chunk.cuts) {
      CompactRange joined = log.range;
      joined.append(range);
      log.roots[size] = joined.root();
    }
    log.whole = chunk.whole;
    if (!log.whole) return;
    log.range.append(chunk.range);
    for (const Hash& root : chunk.tile_roots) add_to_tile(log, 1, root);
  }

  void add_to_tile(LogState& log, unsigned level, const Hash& hash) {
    auto& hashes = log.tiles[level];
    hashes.push_back(hash);
    if (hashes.size() < Tile::width) return;
    const unsigned leaf_bits = Tile::height * (level + 1);
    const std::uint64_t index = tiles_done_[{log.info.id, level}]++;
    const auto stored = source_.read_tile(log.info.id, level, index);
    if (!stored)
      find(Verdict::incomplete, log.info.id, index << leaf_bits, tr("A stored part of the Merkle tree is missing."));
    else if (*stored != hashes)
      find(Verdict::tampered, log.info.id, index << leaf_bits, tr("A stored part of the Merkle tree was altered."));
    const Hash root = Tile{level, index, std::exchange(hashes, {})}.root();
    add_to_tile(log, level + 1, root);
  }

  // --- after the entries ---

  void check_absent_logs() {
    for (const auto& [id, key] : pins_.keys)
      if (!logs_.contains(id) && !excused_.contains(id))
        missing(id, 0, tr("A log whose key is pinned is not in the database."));
  }

  void check_log(LogState& log) {
    const LogId& id = log.info.id;
    if (log.info.early_tiles) find(Verdict::tampered, id, 0, tr("Hashes are stored of entries that the log does not have yet."));
    if (log.info.stray_rows) find(Verdict::tampered, id, 0, tr("There are more entries than the log has numbers for."));
    check_orphaned_changes(log);
    if (!log.head) return;
    const TreeHead& head = log.head->head;
    if (log.info.entries > head.size)
      find(Verdict::tampered, id, head.size, tr("There are entries after the last signed head."));
    if (log.info.entries < head.size)
      missing(id, log.info.entries,
              tr("Entries {1} to {2} are missing.", std::to_string(log.info.entries), std::to_string(head.size - 1)));
    else if (log.whole && log.range.root() != head.root && log.report.verdict != Verdict::tampered)
      find(Verdict::tampered, id, last_good_size(log), tr("The entries do not have the Merkle root that was signed."));
  }

  /// Changes beyond the log's end. Those of entries that are proved and missing are no finding of their own.
  void check_orphaned_changes(const LogState& log) {
    const LogId& id = log.info.id;
    constexpr std::uint64_t all = std::numeric_limits<std::int64_t>::max();
    const std::uint64_t end = std::min(all, std::max(log.frame.extent, log.head ? log.head->head.size : 0));
    source_.read_changes(id, end, all - end, [&](const ChangeRow& row) {
      find(Verdict::tampered, id, static_cast<std::uint64_t>(row.seq),
           tr("A change is recorded for an entry that is not there."));
    });
  }

  std::uint64_t last_good_size(const LogState& log) const {
    std::uint64_t good = 0;
    for (const KnownHead& known : known_) {
      const auto root = log.roots.find(known.size);
      if (known.log == log.info.id && root != log.roots.end() && root->second == known.root)
        good = std::max(good, known.size);
    }
    return good;
  }

  void check_known_head(const KnownHead& known) {
    if (known.size == 0) return;
    const auto place = logs_.find(known.log);
    const std::uint64_t held = place == logs_.end() ? 0
                               : place->second.head ? place->second.head->head.size
                                                    : place->second.info.entries;
    if (known.size > held) return check_lost(known, held);
    const LogState& log = place->second;
    if (known.size == held && log.head) {
      if (log.head->head.root != known.root) forked(known);
      return;
    }
    // An earlier root can only be trusted when the whole log has the root that was signed.
    const auto root = log.roots.find(known.size);
    if (root != log.roots.end() && log.whole && log.head && log.range.root() == log.head->head.root &&
        root->second != known.root)
      return forked(known);
    if (known.witness == Witness::next_incarnation)
      find(Verdict::forked, known.log, known.size, tr("Entries were added after the incarnation had been closed."));
  }

  void forked(const KnownHead& known) {
    find(Verdict::forked, known.log, known.size - 1, fork_sentence(known.witness));
  }

  static sdk::Text fork_sentence(Witness witness) {
    switch (witness) {
      case Witness::local_file:
        return tr("The log has two histories: this machine wrote another one.");
      case Witness::seen_before:
        return tr("The log has two histories: another one was seen before.");
      case Witness::next_incarnation:
        break;
    }
    return tr("The log has two histories: its next incarnation quotes another one.");
  }

  void check_lost(const KnownHead& known, std::uint64_t held) {
    const auto excuse = excused_.find(known.log);
    if (excuse != excused_.end() && known.size <= excuse->second) {
      if (known.declared_restore)
        report_.notes.push_back(
            tr("The restore of a copy was declared: entries {1} to {2} of device {3}, incarnation {4} "
               "were lost with it.",
               std::to_string(held), std::to_string(known.size - 1), to_text(known.log.device),
               std::to_string(known.log.incarnation)));
      return;
    }
    missing(known.log, held, loss_sentence(known.witness, std::to_string(held), std::to_string(known.size - 1)));
  }

  static sdk::Text loss_sentence(Witness witness, const std::string& first, const std::string& last) {
    switch (witness) {
      case Witness::local_file:
        return tr("The database is older than this machine remembers: entries {1} to {2} are missing.", first, last);
      case Witness::seen_before:
        return tr("Entries {1} to {2} were seen before and are missing.", first, last);
      case Witness::next_incarnation:
        break;
    }
    return tr("Entries {1} to {2} are missing; the next incarnation proves them.", first, last);
  }

  void check_rows() {
    const auto report = [this](Finding finding) { find(std::move(finding)); };
    source_.read_rows([&](const CurrentRow& row) {
      ++report_.rows_checked;
      ledger_.compare(row, !missing_entries_, report);
    });
    if (!missing_entries_) ledger_.report_absent(report);
  }

  // --- findings and the conclusion ---

  void missing(const LogId& id, std::uint64_t seq, sdk::Text sentence) {
    missing_entries_ = true;
    find(Verdict::incomplete, id, seq, std::move(sentence));
  }

  void find(Verdict verdict, const LogId& id, std::uint64_t seq, sdk::Text sentence) {
    find({verdict, {id.device, id.incarnation, seq}, std::move(sentence)});
  }

  void find(Finding finding) {
    const auto log = logs_.find({finding.where.device, finding.where.incarnation});
    if (log != logs_.end()) log->second.report.verdict = worse(finding.verdict, log->second.report.verdict);
    report_.verdict = worse(finding.verdict, report_.verdict);
    if (finding.where != Position{}) {
      const auto [first, fresh] = first_.try_emplace(finding.verdict, finding.where);
      if (!fresh) first->second = std::min(first->second, finding.where);
    }
    ++report_.findings_total;
    if (report_.findings.size() < Report::max_findings) report_.findings.push_back(std::move(finding));
  }

  Report conclude() {
    for (auto& [id, log] : logs_) report_.logs.push_back(std::move(log.report));
    if (report_.verdict == Verdict::intact && report_.unfinished) report_.verdict = Verdict::unverifiable;
    if (const auto first = first_.find(report_.verdict); first != first_.end()) report_.first_bad = first->second;
    report_.sentence = sentence();
    return std::move(report_);
  }

  sdk::Text sentence() const {
    const std::string checked = std::to_string(report_.entries_checked);
    if (report_.unfinished && report_.findings_total == 0)
      return tr("The verification was stopped after {1} entries; nothing was wrong up to there.", checked);
    const std::string where = report_.first_bad ? std::to_string(report_.first_bad->seq) : "";
    const std::string device = report_.first_bad ? to_text(report_.first_bad->device) : "";
    switch (report_.verdict) {
      case Verdict::intact:
        return tr("The log is intact: {1} entries and {2} rows agree with what was signed.", checked,
                  std::to_string(report_.rows_checked));
      case Verdict::tampered:
        if (!report_.first_bad) return tr("The entries are untouched, but data were written past the log.");
        return tr("The log was tampered with, first at entry {1} of device {2}.", where, device);
      case Verdict::incomplete:
        return tr("The log is incomplete: something is missing from entry {1} of device {2} on.", where, device);
      case Verdict::forked:
        return tr("The log has two histories that part at or before entry {1} of device {2}.", where, device);
      case Verdict::unverifiable:
        break;
    }
    return tr("The log cannot be verified here, first at entry {1} of device {2}.", where, device);
  }

  LogSource& source_;
  const Pins& pins_;
  const Progress& progress_;
  const std::stop_token stop_;
  VerifyOptions options_;

  std::string site_;
  std::map<LogId, LogState> logs_;
  std::vector<KnownHead> known_;
  std::map<LogId, std::uint64_t> excused_;  ///< sizes up to which a declared restore explains what is missing
  std::map<std::pair<LogId, unsigned>, std::uint64_t> tiles_done_;
  detail::RowLedger ledger_;
  std::map<Verdict, Position> first_;
  bool missing_entries_ = false;
  std::uint64_t total_ = 0;
  Report report_;

  std::mutex mutex_;  ///< guards everything below and, while entries are read, what join() touches
  std::condition_variable joined_;
  std::map<LogId, LogState>::iterator next_log_;
  std::uint64_t next_first_ = 0, jobs_taken_ = 0, jobs_joined_ = 0;
  std::map<std::uint64_t, std::pair<Job, ChunkResult>> waiting_;
  bool out_of_jobs_ = false;
  std::exception_ptr failure_;
};

}  // namespace

std::optional<LogId> Pins::newest_of(const Uuid& device) const {
  std::optional<LogId> newest;
  for (const auto& [log, key] : keys)  // ascending
    if (log.device == device) newest = log;
  return newest;
}

Report verify(LogSource& source, const Pins& pins, const Progress& progress, std::stop_token stop,
              VerifyOptions options) {
  return Verification(source, pins, progress, std::move(stop), options).run();
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::intact:
      return "intact";
    case Verdict::tampered:
      return "tampered";
    case Verdict::incomplete:
      return "incomplete";
    case Verdict::forked:
      return "forked";
    case Verdict::unverifiable:
      break;
  }
  return "unverifiable";
}

}  // namespace anahtar::audit
