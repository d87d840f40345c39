// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/base64.h"

#include <gtest/gtest.h>

#include "crypto/random.h"

namespace anahtar::crypto {
namespace {

TEST(Base64, GivesThePublishedTexts) {
  // RFC 4648 §10.
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(base64_encode(view_of(plain)), text);
    EXPECT_EQ(base64_decode(text), bytes_of(plain));
  }
}

TEST(Base64, GivesBackEveryLength) {
  for (std::size_t size = 0; size < 300; ++size) {
    const Bytes bytes = random_bytes(size);
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
  }
}

TEST(Base64, RefusesEveryOtherTextOfTheSameBytes) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Z===", "====", "Zg==Zg==", "Zm9v\n", " Zm9v",
                           "Zm9_", "Zm9-", "Zm.v", "Z=9v", "=m9v", "Zm9vZm9v=", "Zm=v"})
    EXPECT_FALSE(base64_decode(text)) << text;
  EXPECT_FALSE(base64_decode(std::string("Zm9\0", 4)));
}

TEST(Base64, RefusesEveryForeignCharacterAtEveryPlace) {
  const std::string good = "QUJDREVGR0g=";
  for (std::size_t place = 0; place + 1 < good.size(); ++place)
    for (int c = 0; c < 256; ++c) {
      std::string text = good;
      text[place] = static_cast<char>(c);
      const auto bytes = base64_decode(text);
      if (bytes) {
        EXPECT_EQ(base64_encode(*bytes), text);
      }
    }
}

TEST(Hex, EncodesInLowerCaseAndDecodesBoth) {
  EXPECT_EQ(hex_encode(Bytes{0x00, 0xAB, 0xFF}), "00abff");
  EXPECT_EQ(hex_decode("00abFF"), (Bytes{0x00, 0xAB, 0xFF}));
  EXPECT_FALSE(hex_decode("0"));
  EXPECT_FALSE(hex_decode("0g"));
}

}  // namespace
}  // namespace anahtar::crypto
