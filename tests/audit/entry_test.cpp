// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry.h"

#include <gtest/gtest.h>

#include "audit/merkle.h"
#include "crypto/base64.h"

namespace anahtar::audit {
namespace {

Entry example() {
  Entry entry;
  entry.device = *parse_uuid("01234567-89ab-4cde-8f01-23456789abcd");
  entry.incarnation = 2;
  entry.seq = 7;
  entry.time = -5;
  entry.type = "ticket.opened";
  entry.actor = "op-1";
  entry.role = "operatör";
  entry.ticket = "t-9";
  for (std::size_t i = 0; i < entry.previous.size(); ++i) entry.previous[i] = static_cast<std::uint8_t>(i);
  entry.fields = {{0x0100, {'a', 'b', 'c'}}, {0x8001, Bytes(28, 0xEE)}};
  return entry;
}

// Written down with Python's struct and hashlib from the table in entry.h.
constexpr auto example_hex =
    "414e414500010123456789ab4cde8f0123456789abcd000000020000000000000007fffffffffffffffb000d7469636b65742e6f70656e6564"
    "00046f702d3100096f7065726174c3b6720003742d390000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00"
    "02"
    "01000000000361626380010000001ceeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

TEST(AuditEntry, IsEncodedAsDocumented) {
  EXPECT_EQ(crypto::hex_encode(encode(example())), example_hex);
  EXPECT_EQ(crypto::hex_encode(leaf_hash(encode(example()))),
            "bfdeb2e36488b398eb0a37d962c171fe8d9912e9648f3196a700e3257c58096c");
}

TEST(AuditEntry, ComesBackAsItWas) {
  EXPECT_EQ(decode(encode(example())), example());
  EXPECT_NE(decode(encode(example()))->field(0x8001), nullptr);
  EXPECT_EQ(decode(encode(example()))->field(0x8002), nullptr);
}

TEST(AuditEntry, IsReadInPlace) {
  const Bytes bytes = encode(example());
  EntryView view;
  ASSERT_EQ(parse(bytes, view), ParseError::none);
  EXPECT_EQ(view.role, "operatör");
  EXPECT_EQ(view.time, -5);
  EXPECT_EQ(crypto::text_of(view.field(0x0100).value()), "abc");
  EXPECT_FALSE(view.field(0x0101));
}

TEST(AuditEntry, RefusesEveryTruncationAndEveryAppendedByte) {
  Bytes bytes = encode(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode(BytesView(bytes).first(size))) << size;
  bytes.push_back(0);
  EXPECT_FALSE(decode(bytes));
}

TEST(AuditEntry, RefusesEveryFlippedBitOrReadsAnotherEntry) {
  const Bytes good = encode(example());
  for (std::size_t place = 0; place < good.size(); ++place)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes bytes = good;
      bytes[place] ^= static_cast<std::uint8_t>(1 << bit);
      const auto entry = decode(bytes);
      if (entry) {
        EXPECT_NE(*entry, example());
        EXPECT_EQ(encode(*entry), bytes);
      }
    }
}

TEST(AuditEntry, TellsAnUnknownVersionFromGarbage) {
  Bytes bytes = encode(example());
  EntryView view;
  bytes[5] = 2;
  EXPECT_EQ(parse(bytes, view), ParseError::unknown_version);
  bytes[0] = 'X';
  EXPECT_EQ(parse(bytes, view), ParseError::not_an_entry);
}

TEST(AuditEntry, RefusesFieldsOutOfOrder) {
  Entry entry = example();
  std::swap(entry.fields[0], entry.fields[1]);
  EXPECT_THROW(encode(entry), std::invalid_argument);
  entry.fields = {{0x0100, {}}, {0x0100, {}}};
  EXPECT_THROW(encode(entry), std::invalid_argument);
  entry.fields = {{0x0000, {}}};
  EXPECT_THROW(encode(entry), std::invalid_argument);
}

TEST(AuditEntry, RefusesAPlainValueUnderASealedTag) {
  Entry entry = example();
  entry.fields = {{0x8000, Bytes(27)}};
  EXPECT_THROW(encode(entry), std::invalid_argument);
}

TEST(AuditEntry, RefusesTextThatADatabaseWouldAlter) {
  for (const std::string& bad : {std::string("a\0b", 3), std::string("line\n"), std::string("\xFF"),
                                 std::string("\xC0\xAF"), std::string("\xED\xA0\x80"), std::string("\xF4\x90\x80\x80"),
                                 std::string("\xC4"), std::string("\xC2\x85"), std::string(1025, 'a'),
                                 std::string("abc\x7F"
                                             "defgh"),
                                 std::string("abcdefg\x1F"), std::string("abcdefghabc\0abcdefgh", 20)}) {
    Entry entry = example();
    entry.actor = bad;
    EXPECT_THROW(encode(entry), std::invalid_argument);
  }
  Entry entry = example();
  entry.actor = "İığüşöç €😀";
  EXPECT_EQ(decode(encode(entry))->actor, entry.actor);
}

TEST(AuditEntry, NeedsATypeAndAnIncarnation) {
  Entry entry = example();
  entry.type.clear();
  EXPECT_THROW(encode(entry), std::invalid_argument);
  entry = example();
  entry.incarnation = 0;
  EXPECT_THROW(encode(entry), std::invalid_argument);
}

TEST(AuditUuid, HasOneText) {
  const auto text = "01234567-89ab-4cde-8f01-23456789abcd";
  EXPECT_EQ(to_text(parse_uuid(text).value()), text);
  for (const char* bad : {"", "0123456789ab4cde8f0123456789abcd", "01234567-89AB-4cde-8f01-23456789abcd",
                          "01234567-89ab-4cde-8f01-23456789abc-", "01234567x89ab-4cde-8f01-23456789abcd"})
    EXPECT_FALSE(parse_uuid(bad)) << bad;
  EXPECT_NE(random_uuid(), random_uuid());
  EXPECT_EQ(to_text(random_uuid())[14], '4');
}

}  // namespace
}  // namespace anahtar::audit
