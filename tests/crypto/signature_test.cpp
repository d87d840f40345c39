// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/signature.h"

#include <gtest/gtest.h>

#include "crypto/bytes_from.h"

namespace anahtar::crypto {
namespace {

// RFC 8032 §7.1, test 3.
SigningKey published() {
  return SigningKey::from_seed(Key(from_hex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")));
}

TEST(Signature, GivesThePublishedSignature) {
  const SigningKey key = published();
  EXPECT_EQ(hex_encode(key.public_key().bytes), "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  EXPECT_EQ(
      hex_encode(key.sign(from_hex("af82"))),
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
      "c027beceea1ec40a");
}

TEST(Signature, RefusesEveryFlippedByte) {
  const SigningKey key = SigningKey::generate();
  const auto message = view_of("a tree head");
  Bytes signature = key.sign(message);
  EXPECT_TRUE(key.public_key().verify(message, signature));
  for (auto& byte : signature) {
    byte ^= 0x10;
    EXPECT_FALSE(key.public_key().verify(message, signature));
    byte ^= 0x10;
  }
  EXPECT_FALSE(key.public_key().verify(view_of("a tree heaD"), signature));
  EXPECT_FALSE(SigningKey::generate().public_key().verify(message, signature));
  EXPECT_FALSE(key.public_key().verify(message, BytesView(signature).first(63)));
}

TEST(Signature, KeepsAKeyAsItsSeed) {
  const SigningKey key = SigningKey::generate();
  EXPECT_EQ(SigningKey::from_seed(key.seed()).public_key(), key.public_key());
}

TEST(Signature, ReadsPublicKeysBackAndRefusesOthers) {
  const PublicKey key = published().public_key();
  EXPECT_EQ(key.text(), "ed25519:/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=");
  EXPECT_EQ(PublicKey::parse(key.text()), key);
  EXPECT_FALSE(PublicKey::parse("ml-dsa-65:AAAA"));
  EXPECT_FALSE(PublicKey::parse("ed25519:AAAA"));
  EXPECT_FALSE(PublicKey::parse(""));
}

TEST(Signature, DoesNotVerifyUnderAnUnknownAlgorithm) {
  const SigningKey key = published();
  PublicKey other = key.public_key();
  other.algorithm = static_cast<SignatureAlgorithm>(0x63);
  EXPECT_FALSE(other.known_algorithm());
  EXPECT_FALSE(other.verify(view_of("m"), key.sign(view_of("m"))));
}

}  // namespace
}  // namespace anahtar::crypto
