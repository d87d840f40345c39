// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"

/// The Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1), stored as tiles of 256 hashes (C2SP tlog-tiles).
namespace anahtar::audit {

using crypto::Bytes;
using crypto::BytesView;
using crypto::Hash;
using crypto::Result;

Hash leaf_hash(BytesView entry);                      ///< SHA-256(00 ‖ entry)
Hash node_hash(const Hash& left, const Hash& right);  ///< SHA-256(01 ‖ left ‖ right)
Hash empty_root();                                    ///< SHA-256()

/// The root of a perfect subtree at `level` (a leaf is level 0) over the leaves [index << level, (index + 1) << level).
struct Node {
  unsigned level = 0;
  std::uint64_t index = 0;
  Hash hash{};
  friend bool operator==(const Node&, const Node&) = default;
};

/// The leaves [begin, end) of a tree as their largest perfect subtrees: O(log n) hashes. A range that begins at 0 is a
/// tree's frontier; neighbouring ranges, computed by different threads, are joined with append().
class CompactRange {
 public:
  explicit CompactRange(std::uint64_t begin = 0) : begin_(begin), end_(begin) {}

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return end_; }
  const std::vector<Node>& nodes() const { return nodes_; }

  void append(const Hash& leaf) { append(Node{0, end_, leaf}); }
  /// A perfect subtree that begins at end(). Throws std::invalid_argument otherwise.
  void append(const Node& node);
  void append(const CompactRange& next);

  /// The root of the tree of end() leaves. Throws std::logic_error unless the range begins at 0.
  Hash root() const;

  /// The frontier as bytes: size (8, big-endian), then the hashes from left to right. Only for a range that begins at
  /// 0.
  Bytes encode() const;
  static Result<CompactRange> decode(BytesView bytes);

  friend bool operator==(const CompactRange&, const CompactRange&) = default;

 private:
  std::uint64_t begin_, end_;
  std::vector<Node> nodes_;
};

/// 256 hashes of level 8·level, from index 256·index on. Level 0 holds leaf hashes.
struct Tile {
  static constexpr unsigned height = 8;
  static constexpr std::size_t width = 256;

  unsigned level = 0;
  std::uint64_t index = 0;
  std::vector<Hash> hashes;

  Hash root() const;    ///< The hash of the tile's own subtree. Needs all 256.
  Bytes bytes() const;  ///< The hashes one after another: 8192 bytes.
  static std::optional<std::vector<Hash>> parse(BytesView bytes);  ///< Back; up to 256 hashes.
  friend bool operator==(const Tile&, const Tile&) = default;
};

/// Reads stored tiles. A finished tile gives 256 hashes. The unfinished one of level 0 gives the leaf hashes that there
/// are, from the entries' rows. Unfinished ones of higher levels need not be stored (they are computed from below):
/// nothing is a good answer for them.
using TileReader = std::function<std::optional<std::vector<Hash>>(unsigned level, std::uint64_t index)>;

/// Appends leaves and reports the tiles that they finish. Holds the frontier and the leaf hashes of the unfinished
/// tile; what it needs of older tiles (once in 65,536 appends) it reads back.
class TileBuilder {
 public:
  TileBuilder() = default;
  /// Goes on where a log stands. `partial` are its last size % 256 leaf hashes. Throws std::invalid_argument when they
  /// do not fit the frontier.
  TileBuilder(CompactRange frontier, std::vector<Hash> partial, TileReader stored);

  std::uint64_t size() const { return frontier_.end(); }
  const CompactRange& frontier() const { return frontier_; }
  Hash root() const { return frontier_.root(); }

  /// The tiles that this leaf finished, lower ones first; mostly none. Throws std::runtime_error when a stored tile is
  /// missing.
  std::vector<Tile> append(const Hash& leaf);

 private:
  void finish(unsigned level, std::uint64_t index, std::vector<Hash> hashes, std::vector<Tile>& finished);

  struct Pending {
    std::uint64_t begin = 0;  ///< index, in its level, of hashes.front()
    std::vector<Hash> hashes;
  };
  CompactRange frontier_;
  std::vector<Hash> leaves_;
  std::map<unsigned, Pending> upper_;
  TileReader stored_;
};

/// The root of the tree of the first `size` leaves. A failure names the tile that is missing.
Result<Hash> root_at(std::uint64_t size, const TileReader& tiles);
Result<CompactRange> frontier_at(std::uint64_t size, const TileReader& tiles);

/// RFC 9162 §2.1.3.1: the audit path of leaf `index` in the tree of `size` leaves, from the leaf upwards.
Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size, const TileReader& tiles);
/// RFC 9162 §2.1.3.2.
bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                      const Hash& root);

/// RFC 9162 §2.1.4.1; 0 < old_size <= new_size. Empty when the sizes are equal.
Result<std::vector<Hash>> consistency_proof(std::uint64_t old_size, std::uint64_t new_size, const TileReader& tiles);
/// RFC 9162 §2.1.4.2.
bool verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t new_size, const Hash& new_root,
                        std::span<const Hash> proof);

}  // namespace anahtar::audit
