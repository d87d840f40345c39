// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/message_digest.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"

namespace anahtar::crypto {
namespace {

/// FIPS 180-4's examples for "abc", given in two pieces.
TEST(MessageDigest, IsTheOneOfTheStandard) {
  const auto digest = [](MessageDigest::Kind kind) {
    MessageDigest function(kind);
    function.update(view_of("a"));
    function.update(view_of("bc"));
    return hex_encode(function.finish());
  };
  EXPECT_EQ(digest(MessageDigest::Kind::sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest(MessageDigest::Kind::sha512),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

}  // namespace
}  // namespace anahtar::crypto
