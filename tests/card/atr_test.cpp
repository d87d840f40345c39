// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/atr.h"

#include <gtest/gtest.h>

#include "card/apdu.h"

namespace anahtar::card {
namespace {

std::optional<Atr> parse(const char* hex) { return Atr::parse(bytes_of_hex(hex)); }

TEST(Atr, OfAkisOffersT1AndNamesTheMaker) {
  const auto atr = parse("3BBA11008131FE4D55454B41452056312E30AE");
  ASSERT_TRUE(atr);
  EXPECT_TRUE(atr->t1);
  EXPECT_FALSE(atr->t0);
  EXPECT_TRUE(atr->check_byte_right);
  EXPECT_TRUE(atr->mentions(bytes_of_hex("55454B4145")));
  EXPECT_FALSE(atr->mentions(bytes_of_hex("554544")));
}

TEST(Atr, OfAYubiKeyTellsThatItChainsAndTakesExtendedLengths) {
  const auto atr = parse("3BFD1300008131FE158073C021C057597562694B657940");
  ASSERT_TRUE(atr);
  EXPECT_TRUE(atr->check_byte_right);
  EXPECT_EQ(atr->extended_length, true);
  EXPECT_EQ(atr->command_chaining, true);
}

TEST(Atr, WithoutTdIsT0AndHasNoCheckByte) {
  const auto atr = parse("3B0262 63");
  ASSERT_TRUE(atr);
  EXPECT_TRUE(atr->t0);
  EXPECT_EQ(hex_of(atr->historical), "6263");
  EXPECT_FALSE(atr->extended_length);
}

TEST(Atr, WrongCheckByteIsNoticedNotFatal) {
  const auto atr = parse("3BBA11008131FE4D55454B41452056312E30AF");
  ASSERT_TRUE(atr);
  EXPECT_FALSE(atr->check_byte_right);
}

TEST(Atr, RefusesTruncatedAndForeignBytes) {
  for (const char* bad : {"", "3B", "3C00", "3B05", "3B80", "3B8081", "3BBA11008131FE4D55454B4145"})
    EXPECT_FALSE(parse(bad)) << bad;
  EXPECT_FALSE(Atr::parse(Bytes(34, 0x3B)));
}

}  // namespace
}  // namespace anahtar::card
