// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/channel.h"

#include "scripted_connection.h"

namespace anahtar::card {
namespace {

TEST(Channel, FetchesALongAnswerPieceByPieceAndCountsItOnce) {
  ScriptedConnection card;
  card.expect("00A4040001A000", "01 6102").expect("00C0000002", "0203 9000");
  Channel channel(card);
  const Response response = channel.send({0, 0xA4, 4, 0, {0xA0}, 256});
  EXPECT_EQ(hex_of(response.data), "010203");
  EXPECT_TRUE(response.ok());
  EXPECT_EQ(channel.exchanges(), 1);
}

TEST(Channel, AsksAgainWithTheLengthThatTheCardNames) {
  ScriptedConnection card;
  card.expect("00B0000000", "6C02").expect("00B0000002", "0102 9000");
  Channel channel(card);
  EXPECT_EQ(hex_of(channel.send({0, 0xB0, 0, 0, {}, 256}).data), "0102");
  EXPECT_EQ(channel.exchanges(), 1);
}

TEST(Channel, SendsASecretOnceWhateverTheCardSays) {
  ScriptedConnection card;
  const Bytes response = bytes_of_hex("7C0A82080102030405060708");
  card.expect("008700000C7C0A8208010203040506070800", "6C04");
  EXPECT_EQ(Channel(card).send({0, 0x87, 0, 0, response, 256}).status.word, 0x6C04);
}

TEST(Channel, AsksAgainForAChallengeWhichCostsNothing) {
  ScriptedConnection card;
  card.expect("00870000047C02810000", "6C0C").expect("00870000047C0281000C", "7C0A81080102030405060708 9000");
  EXPECT_TRUE(Channel(card).send({0, 0x87, 0, 0, bytes_of_hex("7C028100"), 256}).ok());
}

TEST(Channel, LeavesLeAwayBehindDataOverT0) {
  ScriptedConnection card("3B00", Protocol::t0);
  card.expect("00A4040001A0", "6101").expect("00C0000001", "05 9000").expect("0020008000", "63C3");
  Channel channel(card);
  EXPECT_EQ(hex_of(channel.send({0, 0xA4, 4, 0, {0xA0}, 256}).data), "05");
  EXPECT_EQ(channel.send({0, 0x20, 0, 0x80}).status.tries_left(), 3);
}

TEST(Channel, ChainsWhatIsLongerThanACommand) {
  ScriptedConnection card;
  const std::string first(510, 'A'), second(90, 'A');
  card.expect("10870000FF" + first, "9000").expect("008700002D" + second + "00", "01 9000");
  Channel channel(card);
  EXPECT_TRUE(channel.send({0, 0x87, 0, 0, Bytes(300, 0xAA), 256}).ok());
  EXPECT_EQ(channel.exchanges(), 1);
}

TEST(Channel, StopsAChainThatTheCardRefuses) {
  ScriptedConnection card;
  card.expect("10870000FF" + std::string(510, 'A'), "6884");
  EXPECT_EQ(Channel(card).send({0, 0x87, 0, 0, Bytes(300, 0xAA), 256}).status.word, 0x6884);
}

TEST(Channel, SendsExtendedWhereTheCardTakesIt) {
  ScriptedConnection card("3BFD1300008131FE158073C021C057597562694B657940");
  card.expect("0087000000012C" + std::string(600, 'A') + "0000", "01 9000");
  EXPECT_TRUE(Channel(card).send({0, 0x87, 0, 0, Bytes(300, 0xAA), 65536}).ok());
}

TEST(Channel, TakesGarbageForABrokenLink) {
  for (const char* garbage : {"", "90", "0102"}) {
    ScriptedConnection card;
    card.expect("00B0000000", garbage);
    try {
      Channel(card).send({0, 0xB0, 0, 0, {}, 256});
      FAIL() << garbage;
    } catch (const LinkError& error) {
      EXPECT_EQ(error.kind, LinkError::Kind::broken);
      EXPECT_TRUE(error.may_have_arrived);
    }
  }
}

TEST(Channel, GivesUpOnAnAnswerWithoutEnd) {
  class Endless : public ScriptedConnection {
    Bytes transmit(BytesView) override { return bytes_of_hex("6100"); }
  } card;
  EXPECT_THROW(Channel(card).send({0, 0xB0, 0, 0, {}, 256}), LinkError);
}

TEST(Channel, TracesWithoutThePin) {
  ScriptedConnection card;
  card.expect("0020008008 3132333435363738", "9000");
  Channel channel(card);
  std::string lines;
  channel.trace([&](const std::string& line) { lines += line + "\n"; });
  channel.send({0, 0x20, 0, 0x80, bytes_of_hex("3132333435363738")});
  EXPECT_EQ(lines, "> 00200080 [8 bytes]\n< [0 bytes] 9000\n");
}

}  // namespace
}  // namespace anahtar::card
