// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/merkle.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"

namespace anahtar::audit {
namespace {

using crypto::hex_encode;

/// MTH of RFC 6962 §2.1, as it is written there.
Hash naive_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return crypto::sha256(BytesView());
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  const Hash left = naive_root(leaves.first(k)), right = naive_root(leaves.subspan(k));
  const std::uint8_t prefix[] = {1};
  return crypto::sha256(prefix, left, right);
}

/// PATH of RFC 6962 §2.1.1, as it is written there.
std::vector<Hash> naive_path(std::size_t m, std::span<const Hash> leaves) {
  if (leaves.size() == 1) return {};
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  auto path = m < k ? naive_path(m, leaves.first(k)) : naive_path(m - k, leaves.subspan(k));
  path.push_back(naive_root(m < k ? leaves.subspan(k) : leaves.first(k)));
  return path;
}

Hash leaf(std::uint64_t i) { return leaf_hash(crypto::view_of(std::to_string(i))); }

std::vector<Hash> leaves(std::size_t count) {
  std::vector<Hash> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(leaf(i));
  return out;
}

/// A log's tiles as a database would hold them, with the leaf hashes of the unfinished tile.
struct StoredTiles {
  TileBuilder builder;
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> tiles;
  std::vector<Hash> partial;

  void append(const Hash& hash) {
    partial.push_back(hash);
    for (const Tile& tile : builder.append(hash)) {
      tiles[{tile.level, tile.index}] = tile.hashes;
      if (tile.level == 0) partial.clear();
    }
  }
  TileReader reader() const {
    return [this](unsigned level, std::uint64_t index) -> std::optional<std::vector<Hash>> {
      if (const auto found = tiles.find({level, index}); found != tiles.end()) return found->second;
      if (level == 0 && index == builder.size() / Tile::width) return partial;
      return std::nullopt;
    };
  }
};

StoredTiles store(std::size_t count) {
  StoredTiles stored;
  for (std::size_t i = 0; i < count; ++i) stored.append(leaf(i));
  return stored;
}

TEST(Merkle, GivesTheRootsOfRfc6962) {
  // The inputs of the certificate-transparency project's reference tests; roots computed again with Python's hashlib.
  const char* inputs[] = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const char* roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  CompactRange range;
  EXPECT_EQ(hex_encode(range.root()), roots[0]);
  for (int i = 0; i < 8; ++i) {
    range.append(leaf_hash(crypto::hex_decode(inputs[i]).value()));
    EXPECT_EQ(hex_encode(range.root()), roots[i + 1]);
  }
}

TEST(Merkle, AgreesWithTheNaiveTreeAtEverySize) {
  const auto all = leaves(1100);
  CompactRange range;
  TileBuilder builder;
  for (std::size_t n = 0; n <= all.size(); ++n) {
    const Hash expected = naive_root(std::span(all).first(n));
    ASSERT_EQ(range.root(), expected) << n;
    ASSERT_EQ(builder.root(), expected) << n;
    if (n < all.size()) {
      range.append(all[n]);
      builder.append(all[n]);
    }
  }
}

TEST(Merkle, JoinsRangesOfAnyCut) {
  const auto all = leaves(70);
  const Hash expected = naive_root(all);
  for (std::size_t a = 0; a <= all.size(); ++a)
    for (std::size_t b = a; b <= all.size(); ++b) {
      CompactRange left, middle(a), right(b);
      for (std::size_t i = 0; i < a; ++i) left.append(all[i]);
      for (std::size_t i = a; i < b; ++i) middle.append(all[i]);
      for (std::size_t i = b; i < all.size(); ++i) right.append(all[i]);
      middle.append(right);
      left.append(middle);
      ASSERT_EQ(left.root(), expected) << a << " " << b;
    }
}

TEST(Merkle, RefusesARangeThatDoesNotFollow) {
  CompactRange range;
  range.append(leaf(0));
  EXPECT_THROW(range.append(CompactRange(2)), std::invalid_argument);
  EXPECT_THROW(range.append(Node{1, 1, leaf(1)}), std::invalid_argument);
  EXPECT_THROW(CompactRange(1).root(), std::logic_error);
}

TEST(Merkle, StoresAFrontier) {
  CompactRange range;
  for (std::uint64_t i = 0; i < 300; ++i) {
    EXPECT_EQ(CompactRange::decode(range.encode()), range);
    range.append(leaf(i));
  }
  Bytes bytes = range.encode();
  EXPECT_FALSE(CompactRange::decode(BytesView(bytes).first(bytes.size() - 1)));
  bytes.push_back(0);
  EXPECT_FALSE(CompactRange::decode(bytes));
}

TEST(Merkle, ProvesEveryInclusion) {
  for (std::size_t size : {1, 2, 3, 5, 8, 13, 255, 256, 257, 600}) {
    const auto stored = store(size);
    const auto all = leaves(size);
    const Hash root = naive_root(all);
    for (std::size_t i = 0; i<size; i += size> 100 ? 17 : 1) {
      auto proof = inclusion_proof(i, size, stored.reader());
      ASSERT_TRUE(proof);
      EXPECT_EQ(*proof, naive_path(i, all));
      EXPECT_TRUE(verify_inclusion(all[i], i, size, *proof, root));
      EXPECT_FALSE(verify_inclusion(leaf(99999), i, size, *proof, root));
      EXPECT_FALSE(verify_inclusion(all[i], i + 1, size, *proof, root));
      EXPECT_FALSE(verify_inclusion(all[i], i, size * 2 + 1, *proof, root));
      for (Hash& hash : *proof) {
        hash[31] ^= 1;
        EXPECT_FALSE(verify_inclusion(all[i], i, size, *proof, root));
        hash[31] ^= 1;
      }
      proof->push_back(root);
      EXPECT_FALSE(verify_inclusion(all[i], i, size, *proof, root));
    }
  }
}

TEST(Merkle, ProvesEveryConsistency) {
  constexpr std::size_t size = 600;
  const auto stored = store(size);
  const auto all = leaves(size);
  for (std::size_t old_size = 1; old_size <= size; old_size += old_size < 70 ? 1 : 53)
    for (std::size_t new_size : {old_size, old_size + 1, old_size + 7, std::size_t{256}, std::size_t{512}, size}) {
      if (new_size < old_size || new_size > size) continue;
      const Hash old_root = naive_root(std::span(all).first(old_size));
      const Hash new_root = naive_root(std::span(all).first(new_size));
      auto proof = consistency_proof(old_size, new_size, stored.reader());
      ASSERT_TRUE(proof);
      ASSERT_TRUE(verify_consistency(old_size, old_root, new_size, new_root, *proof)) << old_size << " " << new_size;
      EXPECT_FALSE(verify_consistency(old_size, leaf(1234), new_size, new_root, *proof));
      EXPECT_FALSE(verify_consistency(old_size, old_root, new_size, leaf(1234), *proof));
      for (Hash& hash : *proof) {
        hash[0] ^= 1;
        EXPECT_FALSE(verify_consistency(old_size, old_root, new_size, new_root, *proof));
        hash[0] ^= 1;
      }
    }
  EXPECT_FALSE(consistency_proof(0, 5, stored.reader()));
  EXPECT_FALSE(consistency_proof(6, 5, stored.reader()));
}

TEST(Merkle, AnswersEarlierRoots) {
  const auto stored = store(700);
  const auto all = leaves(700);
  for (std::size_t size : {0, 1, 255, 256, 257, 512, 699, 700})
    EXPECT_EQ(root_at(size, stored.reader()), naive_root(std::span(all).first(size)));
}

TEST(Merkle, NamesAMissingTile) {
  auto stored = store(700);
  stored.tiles.erase({0, 1});
  const auto root = root_at(700, stored.reader());
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error(), "tile 0/1 of the log is missing");
}

TEST(Tiles, AreReportedWhenTheyAreFinished) {
  TileBuilder builder;
  std::vector<std::pair<unsigned, std::uint64_t>> seen;
  for (std::uint64_t i = 0; i < 65536; ++i)
    for (const Tile& tile : builder.append(leaf(i))) seen.emplace_back(tile.level, tile.index);
  ASSERT_EQ(seen.size(), 257u);
  EXPECT_EQ(seen[0], (std::pair<unsigned, std::uint64_t>(0, 0)));
  EXPECT_EQ(seen[255], (std::pair<unsigned, std::uint64_t>(0, 255)));
  EXPECT_EQ(seen[256], (std::pair<unsigned, std::uint64_t>(1, 0)));
}

TEST(Tiles, GoOnAfterARestart) {
  StoredTiles whole = store(65536);
  StoredTiles stored = store(40000);
  stored.builder =
      TileBuilder(CompactRange::decode(stored.builder.frontier().encode()).value(), stored.partial, stored.reader());
  for (std::uint64_t i = 40000; i < 65536; ++i) stored.append(leaf(i));
  EXPECT_EQ(stored.builder.root(), whole.builder.root());
  EXPECT_EQ(stored.tiles, whole.tiles);
  EXPECT_EQ(root_at(65536, stored.reader()).value(), whole.builder.root());
}

TEST(Tiles, DoNotGoOnFromLeavesThatDoNotFit) {
  const StoredTiles stored = store(300);
  auto partial = stored.partial;
  partial.back()[0] ^= 1;
  EXPECT_THROW(TileBuilder(stored.builder.frontier(), partial, {}), std::invalid_argument);
  partial.pop_back();
  EXPECT_THROW(TileBuilder(stored.builder.frontier(), partial, {}), std::invalid_argument);
}

TEST(Tiles, AreStoredAsBytes) {
  const StoredTiles stored = store(256);
  const Tile tile{0, 0, stored.tiles.at({0, 0})};
  EXPECT_EQ(tile.bytes().size(), 8192u);
  EXPECT_EQ(Tile::parse(tile.bytes()), tile.hashes);
  EXPECT_EQ(tile.root(), stored.builder.root());
  EXPECT_FALSE(Tile::parse(Bytes(33)));
  EXPECT_FALSE(Tile::parse(Bytes(32 * 257)));
}

}  // namespace
}  // namespace anahtar::audit
