// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <random>

#include "card/emulated/card_maker.h"
#include "card/emulated/demo_issuer.h"

namespace anahtar::card::emulated {
namespace {

/// Commands that a card of some family knows, for chance to start from.
const char* const known[] = {"00A404000BA00000030800001000010000", "00A4040009A0000003974254465900", "00A4040006D2760001240100",
                             "00A40400 07 504B43532D3135 00", "00A404000CA000000063504B43532D313500", "00A40000023F0000",
                             "00A40200022F1000", "00A40800045015433100", "00B0000000", "00CB3FFF055C035FC10500", "00CB3FFF045C027F7100",
                             "00CBA000045C02DF1F00", "00CA006E00", "00CA00F900", "00CA01064D", "0020008008313233343536FFFF",
                             "0020008106313233343536", "00200083083132333435363738", "0024008010313233343536FFFF363534333231FFFF",
                             "002C0080103132333435363738363534333231FFFF", "002C00810E3132333435363738363534333231", "002C028106363534333231",
                             "0087039B047C02810000", "002281A403830180", "00870000047C02810000", "0087119A267C248200812000000000000000000000000000000000000000000000000000000000000000000000",
                             "002A9E9A04DEADBEEF00", "0088000004DEADBEEF00", "0047810002B60000", "00C0000000", "00F8000000", "00F7008100",
                             "00FB0000", "8018000000", "801A0000", "905000001000112233445566778899AABBCCDDEEFF00", "9452000008000000000000000000"};

class EveryCard : public ::testing::TestWithParam<std::string> {
 protected:
  static CardOptions options() {
    static const auto holder = make_holder(crypto::DemoAuthority::create("Anahtar test root"));
    CardOptions options;
    options.holder = holder;
    options.issuer_master_key = demo_master_key();
    return options;
  }
};

/// Bits turned, bytes lost, added and doubled.
Bytes damaged(Bytes command, std::mt19937& chance) {
  const auto below = [&](std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(chance); };
  for (auto turns = below(4); turns > 0 && !command.empty(); --turns) {
    const std::size_t at = below(command.size());
    switch (below(4)) {
      case 0: command[at] = static_cast<std::uint8_t>(below(256)); break;
      case 1: command.resize(at); break;
      case 2: command.insert(command.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint8_t>(below(256))); break;
      case 3: command.insert(command.end(), command.begin(), command.begin() + static_cast<std::ptrdiff_t>(at)); break;
    }
  }
  return command;
}

TEST_P(EveryCard, AnswersWhateverComesWithAStatusWord) {
  std::mt19937 chance(20261125);
  const auto card = make_card(GetParam(), options());
  for (int i = 0; i < 20'000; ++i) {
    if (i % 500 == 0) card->reset();
    const Bytes command = damaged(hex(known[std::uniform_int_distribution<std::size_t>(0, std::size(known) - 1)(chance)]), chance);
    Bytes answer;
    ASSERT_NO_THROW(answer = card->answer(command)) << i;
    ASSERT_GE(answer.size(), 2u) << i;
    ASSERT_TRUE((answer[answer.size() - 2] & 0xF0) == 0x60 || (answer[answer.size() - 2] & 0xF0) == 0x90) << i;
  }
}

TEST_P(EveryCard, KeepsItsTriesThroughEveryReset) {
  const auto card = make_card(GetParam(), options());
  Memory before, after;
  card->store(before);
  card->reset();
  card->store(after);
  EXPECT_EQ(before, after);
  const auto twin = make_card(GetParam(), {});
  twin->recall(before);
  Memory recalled;
  twin->store(recalled);
  EXPECT_EQ(before, recalled);
}

INSTANTIATE_TEST_SUITE_P(Families, EveryCard, ::testing::ValuesIn(families()), [](const auto& instance) {
  std::string name = instance.param;
  std::erase_if(name, [](char each) { return !std::isalnum(static_cast<unsigned char>(each)); });
  return name;
});

}  // namespace
}  // namespace anahtar::card::emulated
