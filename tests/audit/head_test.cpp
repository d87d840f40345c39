// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/head.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"

namespace anahtar::audit {
namespace {

// RFC 8032 §7.1, test 1; the note was put together with Python and signed with the openssl command.
crypto::SigningKey published() {
  return crypto::SigningKey::from_seed(
      crypto::Key(crypto::hex_decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").value()));
}

TreeHead example() {
  TreeHead head{Origin::parse("desk.example/01234567-89ab-4cde-8f01-23456789abcd/2").value(), 8, {}};
  const auto root = crypto::hex_decode("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328").value();
  std::copy(root.begin(), root.end(), head.root.begin());
  return head;
}

constexpr auto example_note =
    "desk.example/01234567-89ab-4cde-8f01-23456789abcd/2\n"
    "8\n"
    "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
    "\n"
    "— desk.example/01234567-89ab-4cde-8f01-23456789abcd/2 "
    "vqRw5+isgFb1c2wKEGIYyLX8bJuVt9TK/X/y99XBvSgvDER80OK1kf85otJ+JNC2Z6r9uPrFIeWk99Fk8P2zHApUmgU=\n";

TEST(AuditHead, IsASignedNote) {
  const auto key = published();
  EXPECT_EQ(sign(example(), key).note, example_note);
  EXPECT_EQ(
      verifier_key(example().origin.text(), key.public_key()),
      "desk.example/01234567-89ab-4cde-8f01-23456789abcd/2+bea470e7+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea");
}

TEST(AuditHead, ComesBackAndVerifies) {
  const auto key = published();
  const auto head = parse_head(example_note);
  ASSERT_TRUE(head);
  EXPECT_EQ(*head, sign(example(), key));
  EXPECT_TRUE(verify_head(*head, key.public_key()));
  EXPECT_FALSE(verify_head(*head, crypto::SigningKey::generate().public_key()));
}

TEST(AuditHead, DoesNotVerifyAfterAnyFlippedBit) {
  const auto key = published().public_key();
  const std::string good = example_note;
  for (std::size_t place = 0; place < good.size(); ++place)
    for (int bit = 0; bit < 8; ++bit) {
      std::string note = good;
      note[place] = static_cast<char>(note[place] ^ (1 << bit));
      const auto head = parse_head(note);
      EXPECT_FALSE(head && verify_head(*head, key)) << place;
    }
}

TEST(AuditHead, DoesNotVerifyWhenTheValueAndTheNoteDisagree) {
  auto head = parse_head(example_note).value();
  head.head.size = 9;
  EXPECT_FALSE(verify_head(head, published().public_key()));
}

TEST(AuditHead, SkipsTheSignaturesOfWitnesses) {
  const auto head = parse_head(std::string(example_note) + "— witness.example AAAAAAAA\n");
  ASSERT_TRUE(head);
  EXPECT_TRUE(verify_head(*head, published().public_key()));
}

TEST(AuditHead, RefusesMalformedNotes) {
  const std::string good = example_note;
  EXPECT_FALSE(parse_head(""));
  EXPECT_FALSE(parse_head(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(parse_head(good + "x"));
  EXPECT_FALSE(parse_head(good.substr(0, good.find("\n\n") + 2)));
  std::string zero_led = good;
  zero_led.insert(zero_led.find("\n8\n") + 1, "0");
  EXPECT_FALSE(parse_head(zero_led));
}

TEST(AuditOrigin, RefusesNamesThatNotesCannotCarry) {
  const std::string device = "/01234567-89ab-4cde-8f01-23456789abcd/";
  EXPECT_TRUE(Origin::parse("a" + device + "1"));
  for (const std::string& bad : {device + "1", "a b" + device + "1", "a+b" + device + "1", "a" + device,
                                 "a" + device + "0", "a" + device + "01", std::string("a/b/1"), std::string("a")})
    EXPECT_FALSE(Origin::parse(bad)) << bad;
}

}  // namespace
}  // namespace anahtar::audit
