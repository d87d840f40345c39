// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/merkle.h"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

#include "audit/wire.h"

namespace anahtar::audit {
namespace {

constexpr std::uint8_t leaf_prefix[] = {0x00};

struct Missing {
  unsigned level;
  std::uint64_t index;
};

/// The tree as its tiles tell it; what is not stored is computed from the tiles below.
class StoredTree {
 public:
  explicit StoredTree(const TileReader& tiles) : tiles_(tiles) {}

  Hash node(unsigned level, std::uint64_t index) {
    const unsigned tile_level = level / Tile::height;
    const unsigned up = level % Tile::height;
    std::vector<Hash> hashes;
    for (std::uint64_t i = index << up; i < (index + 1) << up; ++i) hashes.push_back(tile_hash(tile_level, i));
    return fold(std::move(hashes));
  }

  /// MTH(D[begin:end]) for the ranges that the recursions of RFC 9162 make: begin is a multiple of a power of two that
  /// is not smaller than the range.
  Hash range(std::uint64_t begin, std::uint64_t end) {
    std::vector<Hash> hashes;
    while (begin < end) {
      const auto level = static_cast<unsigned>(std::bit_width(end - begin) - 1);
      hashes.push_back(node(level, begin >> level));
      begin += std::uint64_t{1} << level;
    }
    Hash hash = hashes.back();
    for (std::size_t i = hashes.size() - 1; i-- > 0;) hash = node_hash(hashes[i], hash);
    return hash;
  }

 private:
  static Hash fold(std::vector<Hash> hashes) {
    for (std::size_t count = hashes.size(); count > 1; count /= 2)
      for (std::size_t i = 0; i < count / 2; ++i) hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
    return hashes.front();
  }

  Hash tile_hash(unsigned tile_level, std::uint64_t index) {
    const auto& hashes = tile(tile_level, index / Tile::width);
    const std::size_t place = index % Tile::width;
    if (place < hashes.size()) return hashes[place];
    if (tile_level == 0) throw Missing{tile_level, index / Tile::width};
    const unsigned below = tile_level * Tile::height - 1;
    return node_hash(node(below, 2 * index), node(below, 2 * index + 1));
  }

  const std::vector<Hash>& tile(unsigned level, std::uint64_t index) {
    const auto [place, fresh] = cache_.try_emplace({level, index});
    if (fresh)
      if (auto hashes = tiles_(level, index)) place->second = std::move(*hashes);
    return place->second;
  }

  const TileReader& tiles_;
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> cache_;
};

template <class Work>
auto with_tree(const TileReader& tiles, Work work) -> Result<decltype(work(std::declval<StoredTree&>()))> {
  StoredTree tree(tiles);
  try {
    return work(tree);
  } catch (const Missing& missing) {
    return std::unexpected("tile " + std::to_string(missing.level) + "/" + std::to_string(missing.index) +
                           " of the log is missing");
  }
}

std::uint64_t split(std::uint64_t size) { return std::bit_floor(size - 1); }

void audit_path(StoredTree& tree, std::uint64_t leaf, std::uint64_t begin, std::uint64_t end, std::vector<Hash>& path) {
  if (end - begin == 1) return;
  const std::uint64_t middle = begin + split(end - begin);
  if (leaf < middle) {
    audit_path(tree, leaf, begin, middle, path);
    path.push_back(tree.range(middle, end));
  } else {
    audit_path(tree, leaf, middle, end, path);
    path.push_back(tree.range(begin, middle));
  }
}

void subproof(StoredTree& tree, std::uint64_t old_end, std::uint64_t begin, std::uint64_t end, bool known,
              std::vector<Hash>& proof) {
  if (old_end == end) {
    if (!known) proof.push_back(tree.range(begin, end));
    return;
  }
  const std::uint64_t middle = begin + split(end - begin);
  if (old_end <= middle) {
    subproof(tree, old_end, begin, middle, known, proof);
    proof.push_back(tree.range(middle, end));
  } else {
    subproof(tree, old_end, middle, end, false, proof);
    proof.push_back(tree.range(begin, middle));
  }
}

}  // namespace

Hash leaf_hash(BytesView entry) { return crypto::sha256(leaf_prefix, entry); }

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<std::uint8_t, 65> message;
  message[0] = 0x01;
  std::ranges::copy(left, message.begin() + 1);
  std::ranges::copy(right, message.begin() + 33);
  return crypto::sha256(message);
}

Hash empty_root() { return crypto::sha256(BytesView()); }

void CompactRange::append(const Node& node) {
  if (node.level >= 64 || (node.index << node.level) != end_)
    throw std::invalid_argument("a Merkle subtree does not begin where the range ends");
  end_ += std::uint64_t{1} << node.level;
  Node joined = node;
  while (!nodes_.empty() && nodes_.back().level == joined.level && joined.index % 2 == 1) {
    joined = {joined.level + 1, joined.index / 2, node_hash(nodes_.back().hash, joined.hash)};
    nodes_.pop_back();
  }
  nodes_.push_back(joined);
}

void CompactRange::append(const CompactRange& next) {
  if (next.begin_ != end_) throw std::invalid_argument("a Merkle range does not begin where the other ends");
  for (const Node& node : next.nodes_) append(node);
}

Hash CompactRange::root() const {
  if (begin_ != 0) throw std::logic_error("only a range from 0 has a root");
  if (nodes_.empty()) return empty_root();
  Hash hash = nodes_.back().hash;
  for (std::size_t i = nodes_.size() - 1; i-- > 0;) hash = node_hash(nodes_[i].hash, hash);
  return hash;
}

Bytes CompactRange::encode() const {
  if (begin_ != 0) throw std::logic_error("only a range from 0 is stored");
  Bytes out;
  wire::put(out, end_);
  for (const Node& node : nodes_) wire::put_bytes(out, node.hash);
  return out;
}

Result<CompactRange> CompactRange::decode(BytesView bytes) {
  wire::Reader reader(bytes);
  const auto size = reader.take<std::uint64_t>();
  CompactRange range;
  for (unsigned level = 64; level-- > 0;) {
    if ((size >> level & 1) == 0) continue;
    Node node{level, range.end_ >> level, {}};
    const BytesView hash = reader.take_bytes(node.hash.size());
    std::ranges::copy(hash, node.hash.begin());
    range.nodes_.push_back(node);
    range.end_ += std::uint64_t{1} << level;
  }
  if (!reader.good() || !reader.rest().empty()) return std::unexpected("the stored frontier is malformed");
  return range;
}

Hash Tile::root() const {
  if (hashes.size() != width) throw std::logic_error("an unfinished tile has no root");
  std::vector<Hash> row = hashes;
  for (std::size_t count = width; count > 1; count /= 2)
    for (std::size_t i = 0; i < count / 2; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
  return row.front();
}

Bytes Tile::bytes() const {
  Bytes out;
  out.reserve(hashes.size() * Hash{}.size());
  for (const Hash& hash : hashes) wire::put_bytes(out, hash);
  return out;
}

std::optional<std::vector<Hash>> Tile::parse(BytesView bytes) {
  if (bytes.size() % Hash{}.size() != 0 || bytes.size() > width * Hash{}.size()) return std::nullopt;
  std::vector<Hash> hashes(bytes.size() / Hash{}.size());
  for (std::size_t i = 0; i < hashes.size(); ++i)
    std::ranges::copy(bytes.subspan(i * hashes[i].size(), hashes[i].size()), hashes[i].begin());
  return hashes;
}

TileBuilder::TileBuilder(CompactRange frontier, std::vector<Hash> partial, TileReader stored)
    : frontier_(std::move(frontier)), leaves_(std::move(partial)), stored_(std::move(stored)) {
  if (frontier_.begin() != 0 || frontier_.end() % Tile::width != leaves_.size())
    throw std::invalid_argument("the leaves of the unfinished tile do not fit the frontier");
  CompactRange tail(frontier_.end() - leaves_.size());
  for (const Hash& leaf : leaves_) tail.append(leaf);
  const auto& nodes = frontier_.nodes();
  if (tail.nodes().size() > nodes.size() || !std::equal(tail.nodes().rbegin(), tail.nodes().rend(), nodes.rbegin()))
    throw std::invalid_argument("the leaves of the unfinished tile do not fit the frontier");
}

std::vector<Tile> TileBuilder::append(const Hash& leaf) {
  std::vector<Tile> finished;
  frontier_.append(leaf);
  leaves_.push_back(leaf);
  if (leaves_.size() == Tile::width) finish(0, frontier_.end() / Tile::width - 1, std::exchange(leaves_, {}), finished);
  return finished;
}

void TileBuilder::finish(unsigned level, std::uint64_t index, std::vector<Hash> hashes, std::vector<Tile>& finished) {
  finished.push_back({level, index, std::move(hashes)});
  Pending& above = upper_[level + 1];
  if (above.hashes.empty()) above.begin = index;
  above.hashes.push_back(finished.back().root());
  if ((index + 1) % Tile::width != 0) return;

  std::vector<Hash> whole;
  for (std::uint64_t i = index + 1 - Tile::width; i < above.begin; ++i) {
    auto stored = stored_ ? stored_(level, i) : std::nullopt;
    if (!stored || stored->size() != Tile::width)
      throw std::runtime_error("tile " + std::to_string(level) + "/" + std::to_string(i) + " of the log is missing");
    whole.push_back(Tile{level, i, std::move(*stored)}.root());
  }
  whole.insert(whole.end(), above.hashes.begin(), above.hashes.end());
  above.hashes.clear();
  finish(level + 1, index / Tile::width, std::move(whole), finished);
}

Result<CompactRange> frontier_at(std::uint64_t size, const TileReader& tiles) {
  return with_tree(tiles, [&](StoredTree& tree) {
    CompactRange range;
    while (range.end() < size) {
      const auto level = static_cast<unsigned>(std::bit_width(size - range.end()) - 1);
      const std::uint64_t index = range.end() >> level;
      range.append(Node{level, index, tree.node(level, index)});
    }
    return range;
  });
}

Result<Hash> root_at(std::uint64_t size, const TileReader& tiles) {
  const auto frontier = frontier_at(size, tiles);
  if (!frontier) return std::unexpected(frontier.error());
  return frontier->root();
}

Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size, const TileReader& tiles) {
  if (index >= size) return std::unexpected("the log is not that long");
  return with_tree(tiles, [&](StoredTree& tree) {
    std::vector<Hash> path;
    audit_path(tree, index, 0, size, path);
    return path;
  });
}

bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                      const Hash& root) {
  if (index >= size) return false;
  std::uint64_t fn = index, sn = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (sn == 0) return false;
    if (fn % 2 == 1 || fn == sn) {
      hash = node_hash(sibling, hash);
      while (fn % 2 == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      hash = node_hash(hash, sibling);
    }
    fn >>= 1, sn >>= 1;
  }
  return sn == 0 && hash == root;
}

Result<std::vector<Hash>> consistency_proof(std::uint64_t old_size, std::uint64_t new_size, const TileReader& tiles) {
  if (old_size == 0 || old_size > new_size) return std::unexpected("the log is not that long");
  return with_tree(tiles, [&](StoredTree& tree) {
    std::vector<Hash> proof;
    subproof(tree, old_size, 0, new_size, true, proof);
    return proof;
  });
}

bool verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t new_size, const Hash& new_root,
                        std::span<const Hash> proof) {
  if (old_size == 0 || old_size > new_size) return false;
  if (old_size == new_size) return proof.empty() && old_root == new_root;
  const bool whole = std::has_single_bit(old_size);
  if (!whole && proof.empty()) return false;
  std::uint64_t fn = old_size - 1, sn = new_size - 1;
  while (fn % 2 == 1) fn >>= 1, sn >>= 1;
  const Hash& first = whole ? old_root : proof.front();
  Hash old_hash = first, new_hash = first;
  for (const Hash& sibling : proof.subspan(whole ? 0 : 1)) {
    if (sn == 0) return false;
    if (fn % 2 == 1 || fn == sn) {
      old_hash = node_hash(sibling, old_hash);
      new_hash = node_hash(sibling, new_hash);
      while (fn % 2 == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      new_hash = node_hash(new_hash, sibling);
    }
    fn >>= 1, sn >>= 1;
  }
  return sn == 0 && old_hash == old_root && new_hash == new_root;
}

}  // namespace anahtar::audit
