// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/secrets/needles.h"

#include <gmock/gmock.h>

namespace anahtar::testing {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

struct NeedlesTest : ::testing::Test {
  NeedlesTest() { needles.plant_text("PIN", "73519046"), needles.plant_key("key", "\x5B\x1F\xC7\xA2\x6E\x0D\x93\x84\xB7\xD5\x2C\x19\xF0\x6A\x83\xE4"); }
  static std::string between(const std::string& bytes) { return "before" + bytes + "after"; }
  Needles needles;
};

TEST_F(NeedlesTest, FindTextInEveryForm) {
  EXPECT_THAT(needles.found_in(between("73519046\xFF\xFF")), Contains("PIN"));
  EXPECT_THAT(needles.found_in(between(std::string("7\0003\0005\0001\0009\0000\0004\0006\000", 16))), Contains("PIN as UTF-16"));
  std::string wide;
  for (const char c : std::string("73519046")) wide += std::string(1, c) + std::string(3, '\0');
  EXPECT_THAT(needles.found_in(between(wide)), Contains("PIN as UTF-32"));
  EXPECT_THAT(needles.found_in(between(wide.substr(16))), Contains("PIN as UTF-32, its end"));
  EXPECT_THAT(needles.found_in("3733353139303436"), Contains("PIN as hexadecimal"));
  EXPECT_THAT(needles.found_in("NzM1MTkwNDY="), Contains("PIN as base64"));
  EXPECT_THAT(needles.found_in("eDczNTE5MDQ2eQ=="), Contains("PIN as base64")) << "x before it, y after it";
  EXPECT_THAT(needles.found_in("\x28\x73\x51\x90\x46\xFF\xFF\xFF"), Contains("PIN as packed digits"));
  EXPECT_THAT(needles.found_in("7351904 6"), IsEmpty());
}

TEST_F(NeedlesTest, FindAKeyInEveryForm) {
  EXPECT_THAT(needles.found_in("\x5B\x1F\xC7\xA2\x6E\x0D\x93\x84\xB7\xD5\x2C\x19\xF0\x6A\x83\xE4"), Contains("key"));
  EXPECT_THAT(needles.found_in("5B1FC7A26E0D9384B7D52C19F06A83E4"), Contains("key as hexadecimal"));
  EXPECT_THAT(needles.found_in("5b1fc7a26e0d9384b7d52c19f06a83e4"), Contains("key as hexadecimal"));
  EXPECT_THAT(needles.found_in("................B7D52C19F06A83E4"), Contains("key as hexadecimal, its end")) << "the beginning is overwritten when memory is freed";
}

}  // namespace
}  // namespace anahtar::testing
