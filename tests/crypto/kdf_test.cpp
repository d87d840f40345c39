// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/kdf.h"

#include <gtest/gtest.h>

#include "crypto/bytes_from.h"

namespace anahtar::crypto {
namespace {

TEST(Hkdf, GivesThePublishedKeys) {
  // RFC 5869, A.1 and A.3.
  const Bytes secret(22, 0x0b);
  EXPECT_EQ(
      hex_encode(hkdf_sha256(secret, from_hex("000102030405060708090a0b0c"), from_hex("f0f1f2f3f4f5f6f7f8f9"), 42)),
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(hex_encode(hkdf_sha256(secret, {}, {}, 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, DerivesOneKeyPerPurpose) {
  const Key parent = Key::random();
  const Key a = derive_key(parent, "fields");
  EXPECT_TRUE(equal_constant_time(a.expose(), derive_key(parent, "fields").expose()));
  EXPECT_FALSE(equal_constant_time(a.expose(), derive_key(parent, "index").expose()));
}

TEST(Mac, GivesThePublishedCodes) {
  // RFC 4231, cases 1, 2 and 6 (a key longer than a block).
  EXPECT_EQ(hex_encode(Mac(Bytes(20, 0x0b))("Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex_encode(Mac(view_of("Jefe"))("what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_encode(Mac(Bytes(131, 0xaa))("Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Mac, CanBeUsedAgainAndMoved) {
  Mac mac(view_of("Jefe"));
  const Hash first = mac("one");
  EXPECT_NE(mac("two"), first);
  const Mac moved = std::move(mac);
  EXPECT_EQ(moved("one"), first);
}

TEST(Kbkdf, GivesWhatTheStandardSaysBlockByBlock) {
  // SP 800-108, computed block by block with `openssl mac … CMAC` over counter ‖ label ‖ 00 ‖ context ‖ length.
  EXPECT_EQ(hex_encode(kbkdf_cmac(from_hex("2b7e151628aed2a6abf7158809cf4f3c"), "card admin key 3DES",
                                  view_of("gids|4711AB|1|"), 40)),
            "9707ae3ac3104a0f0660f387c7cf100b6919064ade767b87e0f3875434476039868e924436744fa5");
}

TEST(Kbkdf, RefusesAKeyThatIsNone) { EXPECT_THROW(kbkdf_cmac(Bytes(7, 1), "label", {}, 16), CryptoError); }

}  // namespace
}  // namespace anahtar::crypto
