// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/tlv.h"

#include <gtest/gtest.h>

#include "card/apdu.h"

namespace anahtar::card {
namespace {

TEST(Tlv, IsFoundOnOneLevelAndAlongAPath) {
  const Bytes bytes = bytes_of_hex("7F71 06 9701 02 9301 03");
  EXPECT_EQ(hex_of(*find_tlv(bytes, {0x7F71, 0x97})), "02");
  EXPECT_EQ(hex_of(*find_tlv(bytes, {0x7F71, 0x93})), "03");
  EXPECT_FALSE(find_tlv(bytes, 0x97));
  EXPECT_EQ(hex_of(*find_tlv_anywhere(bytes, 0x93)), "03");
}

TEST(Tlv, LongFormsOfLengthRoundTrip) {
  for (const std::size_t size : {0u, 1u, 127u, 128u, 255u, 256u, 65535u, 65536u}) {
    const Bytes made = make_tlv(0x5FC105, Bytes(size, 0xAB));
    TlvReader reader(made);
    const auto read = reader.next();
    ASSERT_TRUE(read) << size;
    EXPECT_EQ(read->tag, 0x5FC105u);
    EXPECT_EQ(read->value.size(), size);
    EXPECT_EQ(read->whole.size(), made.size());
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.malformed());
  }
}

TEST(Tlv, EveryTruncationIsNoticed) {
  const Bytes whole = bytes_of_hex("7F49 8203 81 01 05");
  for (const char* bad : {"5C", "5C02AA", "7F", "7FFFFF8101", "5C80", "5C8401020304", "5C81", "5C8201"}) {
    const Bytes bytes = bytes_of_hex(bad);
    TlvReader reader(bytes);
    EXPECT_FALSE(reader.next()) << bad;
    EXPECT_TRUE(reader.malformed()) << bad;
  }
}

TEST(Tlv, DeepNestingEndsAtEightLevels) {
  Bytes nested = make_tlv(0x99, bytes_of_hex("01"));
  for (int level = 0; level < 7; ++level) nested = make_tlv(0x30, nested);
  EXPECT_TRUE(find_tlv_anywhere(nested, 0x99));
  nested = make_tlv(0x30, nested);
  EXPECT_FALSE(find_tlv_anywhere(nested, 0x99));
}

}  // namespace
}  // namespace anahtar::card
