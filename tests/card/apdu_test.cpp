// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/apdu.h"

#include <gtest/gtest.h>

namespace anahtar::card {
namespace {

TEST(CommandApdu, IsEncodedShortInAllFourCases) {
  EXPECT_EQ(hex_of(encode_short({0, 0x20, 0, 0x80})), "00200080");
  EXPECT_EQ(hex_of(encode_short({0, 0xB0, 0, 0, {}, 256})), "00B0000000");
  EXPECT_EQ(hex_of(encode_short({0, 0x20, 0, 0x80, {1, 2}})), "00200080020102");
  EXPECT_EQ(hex_of(encode_short({0, 0xA4, 4, 0, {0xA0}, 16})), "00A4040001A010");
}

TEST(CommandApdu, IsEncodedExtendedInAllFourCases) {
  EXPECT_EQ(hex_of(encode_extended({0, 0x20, 0, 0x80})), "00200080");
  EXPECT_EQ(hex_of(encode_extended({0, 0xB0, 0, 0, {}, 65536})), "00B00000000000");
  EXPECT_EQ(hex_of(encode_extended({0, 0x20, 0, 0x80, {1, 2}})), "002000800000020102");
  EXPECT_EQ(hex_of(encode_extended({0, 0x87, 4, 0, {0xA0}, 300})), "00870400000001A0012C");
}

TEST(CommandApdu, RefusesWhatDoesNotFit) {
  EXPECT_THROW(encode_short({0, 0x20, 0, 0x80, Bytes(256)}), std::invalid_argument);
  EXPECT_THROW(encode_extended({0, 0x20, 0, 0x80, Bytes(65536)}), std::invalid_argument);
}

TEST(CommandApdu, ShowsNoSecretInATrace) {
  for (const int ins : {0x20, 0x24, 0x2C, 0x82, 0x86, 0x87, 0x88, 0x2A})
    EXPECT_EQ(masked({0, static_cast<std::uint8_t>(ins), 0, 0x80, {0x31, 0x32}}).find("3132"), std::string::npos) << ins;
  EXPECT_EQ(masked({0, 0xA4, 4, 0, {0xA0, 1}, 256}), "00A40400 A001 Le=256");
  EXPECT_EQ(masked({0, 0x20, 0, 0x80, {1, 2, 3}}), "00200080 [3 bytes]");
}

TEST(ResponseApdu, IsDataAndStatus) {
  const auto response = Response::parse(bytes_of_hex("0102 9000"));
  ASSERT_TRUE(response);
  EXPECT_EQ(hex_of(response->data), "0102");
  EXPECT_TRUE(response->ok());
}

TEST(ResponseApdu, RefusesWhatNoCardAnswers) {
  for (const char* garbage : {"", "90", "0000", "FFFF", "01026000", "8F00"})
    EXPECT_FALSE(Response::parse(bytes_of_hex(garbage))) << garbage;
  EXPECT_FALSE(Response::parse(Bytes(70000, 0x90)));
}

TEST(StatusWord, TellsTriesInBothForms) {
  EXPECT_EQ(Status{0x63C2}.tries_left(), 2);
  EXPECT_EQ(Status{0x63C0}.tries_left(), 0);
  EXPECT_EQ(Status{0x6302}.tries_left(), 2);
  EXPECT_FALSE(Status{0x6300}.tries_left());
  EXPECT_FALSE(Status{0x6983}.tries_left());
  EXPECT_TRUE(Status{0x6983}.blocked());
}

TEST(Hex, RefusesHalfBytesAndOtherCharacters) {
  EXPECT_EQ(hex_of(bytes_of_hex("0a Fb")), "0AFB");
  EXPECT_THROW(bytes_of_hex("0"), std::invalid_argument);
  EXPECT_THROW(bytes_of_hex("0g"), std::invalid_argument);
}

}  // namespace
}  // namespace anahtar::card
