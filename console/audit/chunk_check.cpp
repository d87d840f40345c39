// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/chunk_check.h"

#include <algorithm>

#include "crypto/base64.h"

namespace anahtar::audit::detail {
namespace {

using sdk::tr;

constexpr std::size_t hash_text_size = crypto::base64_encoded_size(Hash{}.size());

bool same_hash(const Hash& hash, std::string_view base64) {
  std::array<char, hash_text_size> text;
  crypto::base64_encode_to(hash, text.data());
  return base64 == std::string_view(text.data(), text.size());
}

std::optional<Hash> parse_hash(std::string_view base64) {
  std::array<std::uint8_t, hash_text_size / 4 * 3> bytes;
  Hash hash;
  if (base64.size() != hash_text_size || crypto::base64_decode_to(base64, bytes.data()) != hash.size())
    return std::nullopt;
  std::copy_n(bytes.begin(), hash.size(), hash.begin());
  return hash;
}

class ChunkCheck {
 public:
  ChunkCheck(LogSource& source, const LogFrame& log, std::uint64_t first, std::uint64_t count)
      : source_(source), log_(log), next_(first), end_(first + count), first_(first), result_(first) {
    leaves_.resize(Tile::width);
    cut_ = std::ranges::upper_bound(log_.cuts, first);
  }

  ChunkResult run() {
    read_changes();
    source_.read_entries(log_.id, next_, end_ - next_, [this](const EntryRow& row) { check_row(row); });
    if (next_ < end_) skip_to(end_);
    drop_changes_before(end_);
    if (result_.whole) append_partial_tile(result_.range);
    return std::move(result_);
  }

 private:
  void report(Verdict verdict, std::uint64_t seq, sdk::Text sentence) {
    result_.findings.push_back({verdict, {log_.id.device, log_.id.incarnation, seq}, std::move(sentence)});
  }

  void read_changes() {
    source_.read_changes(log_.id, next_, end_ - next_, [this](const ChangeRow& row) {
      const auto digest = parse_hash(row.digest);
      const auto seq = static_cast<std::uint64_t>(row.seq);
      if (!digest)
        report(Verdict::tampered, seq, tr("The record of a change has a digest that cannot be read."));
      else
        result_.changes.push_back(
            {seq, {std::string(row.table), std::string(row.row), static_cast<std::uint64_t>(row.version), *digest}});
    });
  }

  void check_row(const EntryRow& row) {
    const auto seq = static_cast<std::uint64_t>(row.seq);
    if (seq < next_ || seq >= end_) return report(Verdict::tampered, seq, tr("The entry is stored twice."));
    if (seq > next_) skip_to(seq);
    check_place(row, seq);
    bytes_.resize(std::max(bytes_.size(), row.bytes.size() / 4 * 3));
    const auto size = crypto::base64_decode_to(row.bytes, bytes_.data());
    if (!size) {
      report(Verdict::tampered, seq, tr("The bytes of the entry cannot be read."));
      return leave_out(seq);
    }
    check_bytes(row, seq, BytesView(bytes_).first(*size));
  }

  void check_place(const EntryRow& row, std::uint64_t seq) {
    if (!std::exchange(result_.rows_there, true))
      result_.first_place = row.place;
    else if (row.place <= result_.last_place)
      report(Verdict::tampered, seq, out_of_order());
    result_.last_place = row.place;
  }

  void check_bytes(const EntryRow& row, std::uint64_t seq, BytesView bytes) {
    const Hash leaf = leaf_hash(bytes);
    if (!same_hash(leaf, row.leaf_hash))
      report(Verdict::tampered, seq, tr("The content of the entry does not have the hash that was stored with it."));
    EntryView view;
    switch (parse(bytes, view)) {
      case ParseError::none:
        check_columns(row, seq, view);
        check_chain(seq, view);
        check_changes(seq, view);
        break;
      case ParseError::unknown_version:
        report(Verdict::unverifiable, seq, tr("The entry has a format that this program does not know."));
        drop_changes_before(seq + 1);
        time_known_ = false;
        break;
      default:
        report(Verdict::tampered, seq, tr("The entry is malformed."));
        drop_changes_before(seq + 1);
        time_known_ = false;
    }
    add_leaf(seq, leaf);
  }

  void check_columns(const EntryRow& row, std::uint64_t seq, const EntryView& view) {
    const char* wrong = nullptr;
    if (view.device != log_.id.device || row.device != log_.device_text)
      wrong = "device";
    else if (view.incarnation != log_.id.incarnation || row.incarnation != view.incarnation)
      wrong = "incarnation";
    else if (view.seq != seq)
      wrong = "seq";
    else if (row.time != view.time)
      wrong = "time";
    else if (row.type != view.type)
      wrong = "type";
    else if (row.actor != view.actor)
      wrong = "actor";
    else if (row.ticket != view.ticket)
      wrong = "ticket";
    else if (row.subject != view.subject)
      wrong = "subject";
    if (wrong) report(Verdict::tampered, seq, tr("The column \"{1}\" differs from the signed entry.", wrong));
  }

  void check_chain(std::uint64_t seq, const EntryView& view) {
    if (seq == first_) {
      std::ranges::copy(view.previous, result_.first_previous.begin());
      result_.first_known = true;
      result_.first_time = view.time;
      result_.first_steps = view.field(tag::clock_step).has_value();
    } else if (result_.last_known && !std::ranges::equal(view.previous, result_.last_leaf)) {
      report(Verdict::tampered, seq, tr("The entry does not follow the one before it."));
    }
    // Whether the chunk's first entry steps back is seen when it is joined to the chunk before.
    if (seq != first_ && ((time_known_ && view.time < result_.last_time) || view.field(tag::clock_step)))
      ++result_.clock_steps;
    result_.last_time = view.time;
    time_known_ = true;
  }

  void check_changes(std::uint64_t seq, const EntryView& view) {
    drop_changes_before(seq);
    std::vector<RowChange> changes;
    for (; change_ < result_.changes.size() && result_.changes[change_].seq == seq; ++change_)
      changes.push_back(result_.changes[change_].change);
    const auto expected = view.field(tag::changes_digest);
    if (!expected && changes.empty()) return;
    if (!expected)
      report(Verdict::tampered, seq, tr("A change is recorded for an entry that made none."));
    else if (changes.empty())
      report(Verdict::tampered, seq, tr("The record of what the entry changed was removed."));
    else if (!std::ranges::equal(*expected, changes_digest(std::move(changes))))
      report(Verdict::tampered, seq, tr("The record of what the entry changed differs from the signed entry."));
  }

  // The entries of these changes are missing or unreadable, which is reported on its own.
  void drop_changes_before(std::uint64_t seq) {
    while (change_ < result_.changes.size() && result_.changes[change_].seq < seq) ++change_;
  }

  void add_leaf(std::uint64_t seq, const Hash& leaf) {
    leaves_[seq % Tile::width] = leaf;
    present_.set(seq % Tile::width);
    ++result_.checked;
    result_.last_leaf = leaf;
    result_.last_known = true;
    next_ = seq + 1;
    if (next_ % Tile::width == 0) close_tile(seq / Tile::width);
    take_cut();
  }

  void take_cut() {
    if (cut_ == log_.cuts.end() || *cut_ != next_) return;
    if (result_.whole) {
      CompactRange range = result_.range;
      append_partial_tile(range);
      result_.cuts.emplace_back(next_, std::move(range));
    }
    ++cut_;
  }

  void append_partial_tile(CompactRange& range) const {
    for (std::uint64_t seq = range.end(); seq < next_; ++seq) range.append(leaves_[seq % Tile::width]);
  }

  void close_tile(std::uint64_t index) {
    compare_tile(index);
    if (result_.whole) {
      result_.tile_roots.push_back(Tile{0, index, leaves_}.root());
      result_.range.append(Node{Tile::height, index, result_.tile_roots.back()});
    }
    present_.reset();
  }

  void compare_tile(std::uint64_t index) {
    const std::uint64_t begin = index * Tile::width;
    if (present_.none() || begin + Tile::width > log_.extent) return;
    const auto stored = source_.read_tile(log_.id, 0, index);
    if (!stored || stored->size() != Tile::width)
      return report(Verdict::incomplete, begin, tr("A stored part of the Merkle tree is missing."));
    for (std::size_t i = 0; i < Tile::width; ++i)
      if (present_[i] && (*stored)[i] != leaves_[i])
        return report(Verdict::tampered, begin + i, tr("The entry differs from the stored Merkle tree."));
  }

  void skip_to(std::uint64_t seq) {
    result_.missing_entries = true;
    report(Verdict::incomplete, next_,
           tr("Entries {1} to {2} are missing.", std::to_string(next_), std::to_string(seq - 1)));
    leave_out(seq - 1);
  }

  /// The entries up to `last` have no hash.
  void leave_out(std::uint64_t last) {
    result_.whole = false;
    result_.last_known = false;
    time_known_ = false;
    if ((last + 1) / Tile::width != next_ / Tile::width) {
      compare_tile(next_ / Tile::width);
      present_.reset();
    }
    next_ = last + 1;
    while (cut_ != log_.cuts.end() && *cut_ <= next_) ++cut_;
  }

  LogSource& source_;
  const LogFrame& log_;
  std::uint64_t next_;
  const std::uint64_t end_;
  const std::uint64_t first_;
  ChunkResult result_;
  std::vector<Hash> leaves_;          ///< of the tile that next_ is in
  std::bitset<Tile::width> present_;  ///< which of them were read
  std::vector<std::uint64_t>::const_iterator cut_;
  std::size_t change_ = 0;  ///< the next of result_.changes
  bool time_known_ = false;
  Bytes bytes_;
};

}  // namespace

sdk::Text out_of_order() { return tr("The entry stands before one that was made earlier."); }

ChunkResult check_chunk(LogSource& source, const LogFrame& log, std::uint64_t first, std::uint64_t count) {
  return ChunkCheck(source, log, first, count).run();
}

}  // namespace anahtar::audit::detail
