// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/cards.h"

namespace anahtar::core {
namespace {

bool wrong(const char* pin, PinRules rules = {}) { return !rules.problem(Secret(std::string(pin))).empty(); }

TEST(PinRules, RefuseWhatIsEasilyGuessed) {
  for (const char* pin : {"111111", "00000000", "123456", "234567", "654321", "987654", "121212", "12121212", "123123", "456456"})
    EXPECT_TRUE(wrong(pin)) << pin;
}

TEST(PinRules, TakeAnOrdinaryPin) {
  for (const char* pin : {"246813", "907152", "19283746", "500913"}) EXPECT_FALSE(wrong(pin)) << pin;
}

TEST(PinRules, KeepToLengthAndCharacters) {
  for (const char* pin : {"", "24681", "246813579", "24681a", "24 813"}) EXPECT_TRUE(wrong(pin)) << pin;
  EXPECT_FALSE(wrong("x7k-pq", {.min_length = 6, .max_length = 8, .digits_only = false}));
}

}  // namespace
}  // namespace anahtar::core
