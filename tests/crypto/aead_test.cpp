// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/aead.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/bytes_from.h"

namespace anahtar::crypto {
namespace {

TEST(Aead, OpensThePublishedVector) {
  // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16.
  const Key key(from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const Bytes sealed = from_hex(
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
      "bcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  const auto plain = open(key, sealed, from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
  ASSERT_TRUE(plain);
  EXPECT_EQ(
      hex_encode(*plain),
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba637b39");
}

TEST(Aead, GivesBackWhatWasSealed) {
  const Key key = Key::random();
  for (std::size_t size : {0, 1, 15, 16, 17, 1000}) {
    const Bytes plain(size, 0x5A);
    const Bytes sealed = seal(key, plain, view_of("table/row/column"));
    EXPECT_EQ(sealed.size(), size + seal_overhead);
    EXPECT_EQ(open(key, sealed, "table/row/column"), plain);
  }
}

TEST(Aead, OneCipherSealsAndOpensInAnyOrder) {
  const Cipher cipher(Key::random());
  const Bytes first = cipher.seal(view_of("one"), view_of("place"));
  EXPECT_TRUE(cipher.open(first, view_of("place")));
  const Bytes second = cipher.seal(view_of("two"), view_of("place"));
  EXPECT_FALSE(cipher.open(second, view_of("elsewhere")));
  EXPECT_EQ(text_of(cipher.open(second, view_of("place")).value()), "two");
  EXPECT_EQ(text_of(cipher.open(first, view_of("place")).value()), "one");
}

TEST(Aead, RefusesEveryFlippedByte) {
  const Key key = Key::random();
  Bytes sealed = seal(key, "05321234567", "phone");
  for (auto& byte : sealed) {
    byte ^= 1;
    EXPECT_FALSE(open(key, sealed, "phone"));
    byte ^= 1;
  }
  EXPECT_TRUE(open(key, sealed, "phone"));
}

TEST(Aead, RefusesAnotherPlaceAnotherKeyAndAStub) {
  const Key key = Key::random();
  const Bytes sealed = seal(key, "value", "here");
  EXPECT_FALSE(open(key, sealed, "there"));
  EXPECT_FALSE(open(Key::random(), sealed, "here"));
  EXPECT_FALSE(open(key, BytesView(sealed).first(seal_overhead - 1), "here"));
  EXPECT_FALSE(open(key, BytesView(sealed).first(sealed.size() - 1), "here"));
}

TEST(Aead, NeverUsesANonceTwice) {
  const Key key = Key::random();
  std::vector<Bytes> nonces;
  for (int i = 0; i < 2000; ++i) {
    const Bytes sealed = seal(key, "same", "same");
    nonces.emplace_back(sealed.begin(), sealed.begin() + 12);
  }
  std::sort(nonces.begin(), nonces.end());
  EXPECT_EQ(std::adjacent_find(nonces.begin(), nonces.end()), nonces.end());
}

}  // namespace
}  // namespace anahtar::crypto
