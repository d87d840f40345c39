// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/files.h"

#include "scripted_connection.h"

namespace anahtar::card {
namespace {

const Bytes path = bytes_of_hex("50155031");

TEST(FileFinder, TakesAWholePathWhereTheCardKnowsOne) {
  ScriptedConnection card;
  card.expect("00A40800045015503100", "6F04 80020002 9000").expect("00B0000002", "ABCD 9000");
  Channel channel(card);
  EXPECT_EQ(hex_of(FileFinder().read(channel, path)), "ABCD");
}

TEST(FileFinder, GoesStepByStepOnceItKnowsThatTheCardWantsThat) {
  ScriptedConnection card;
  card.expect("00A40800045015503100", "6A86").expect("00A4080C0450155031", "6A86");
  card.expect("00A40000023F0000", "9000").expect("00A4000002501500", "9000").expect("00A4000002503100", "9000");
  card.expect("00A40000023F0000", "9000").expect("00A4000002501500", "9000").expect("00A4000002503200", "6A82");
  Channel channel(card);
  FileFinder files;
  EXPECT_TRUE(files.select(channel, path));
  EXPECT_FALSE(files.select(channel, bytes_of_hex("50155032")));
}

TEST(FileFinder, AsksForNoControlInformationWhereThatIsRefused) {
  ScriptedConnection card;
  card.expect("00A40800045015503100", "6A86").expect("00A4080C0450155031", "9000").expect("00B00000E7", "AB 6282");
  Channel channel(card);
  EXPECT_EQ(hex_of(FileFinder().read(channel, path)), "AB");
}

TEST(FileFinder, TriesNothingElseWhenThereIsNoSuchFile) {
  ScriptedConnection card;
  card.expect("00A40800045015503100", "6A82");
  Channel channel(card);
  EXPECT_FALSE(FileFinder().select(channel, path));
}

TEST(DerInFile, EndsWhereItSaysItself) {
  EXPECT_EQ(hex_of(der_in(bytes_of_hex("3003 020105 0000 0000"))), "3003020105");
  EXPECT_TRUE(der_in(bytes_of_hex("3009 020105")).empty());
  EXPECT_TRUE(der_in(bytes_of_hex("0000 0000")).empty());
}

TEST(EfDir, ListsApplicationsWithAndWithoutTemplates) {
  ScriptedConnection card;
  card.expect("00A40800022F0000", "9000").expect("00B00000E7", "6104 4F02A001 4F02A002 0000 9000");
  Channel channel(card);
  EXPECT_EQ(listed_applications(channel), (std::vector<Bytes>{{0xA0, 0x01}, {0xA0, 0x02}}));
}

TEST(EfDir, MayBeMissing) {
  ScriptedConnection card;
  card.expect("00A40800022F0000", "6D00");
  Channel channel(card);
  EXPECT_TRUE(listed_applications(channel).empty());
}

}  // namespace
}  // namespace anahtar::card
