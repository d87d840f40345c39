// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/pcsc_pin_pad.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <deque>

#include "family_cases.h"

/// Readers with a keypad: what is typed there goes to the card and passes nobody else.
namespace anahtar::card {
namespace {

using core::CardPin;
using core::Code;
using Outcome = core::UnlockReport::Outcome;
using Keys = std::deque<std::optional<std::string>>;

constexpr std::nullopt_t cancel = std::nullopt;

/// A card of a case in a reader with a keypad, and a holder who types what the test says.
class KeypadBench : public FamilyBench {
 public:
  KeypadBench(const FamilyCase& which, emulated::CardOptions options, Keys keys) : FamilyBench(which, std::move(options)), keys_(std::move(keys)) {
    readers.plug_with_keypad(reader, [this]() -> std::optional<std::string> {
      if (keys_.empty()) {
        ADD_FAILURE() << "the holder is asked once too often";
        return {};
      }
      auto key = keys_.front();
      keys_.pop_front();
      return key;
    });
  }
  core::UnlockOrder order(const core::CardFacts& facts, bool right = true) const {
    auto out = FamilyBench::order(facts, right, "");
    out.pin_on_pad = true;
    return out;
  }
  std::size_t left_to_type() const { return keys_.size(); }
  bool sent(std::uint8_t ins) const {
    return std::ranges::any_of(readers.sent(reader), [&](const Bytes& header) { return header[1] == ins; });
  }

 private:
  Keys keys_;
};

std::vector<FamilyCase> with_typed_pins() {
  std::vector<FamilyCase> all = family_cases();
  std::erase_if(all, [](const FamilyCase& each) {
    return each.way == core::UnlockWay::issuer || each.name.find("Hashed") != std::string::npos;
  });
  return all;
}

const FamilyCase& named(const char* name) { return *std::ranges::find(family_cases(), name, &FamilyCase::name); }

class Keypad : public ::testing::TestWithParam<FamilyCase> {};
INSTANTIATE_TEST_SUITE_P(Cards, Keypad, ::testing::ValuesIn(with_typed_pins()), [](const auto& each) { return each.param.name; });

TEST_P(Keypad, SetsANewPinThatIsTypedTwiceAndProvesItWithAThird) {
  KeypadBench bench(GetParam(), {.pin_blocked = true}, {"246813", "246813", "246813"});
  const auto session = bench.open();
  const auto facts = session->look().value();
  EXPECT_TRUE(facts.pad_sets_pin && facts.pad_asks_pin);
  const auto report = session->unlock(bench.order(facts));
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_TRUE(report.new_pin.empty());
  EXPECT_EQ(bench.left_to_type(), 0u);
}

TEST_P(Keypad, SendsNothingThatWasNotTyped) {
  for (const Keys& keys : {Keys{cancel}, Keys{"246813", cancel}, Keys{"246813", "246814"}, Keys{"1"}}) {
    KeypadBench bench(GetParam(), {.pin_blocked = true}, keys);
    const auto session = bench.open();
    const auto facts = session->look().value();
    const auto report = session->unlock(bench.order(facts));
    EXPECT_EQ(report.outcome, Outcome::not_typed) << report.sentence.id;
    EXPECT_FALSE(bench.sent(0x2C));
    EXPECT_EQ(bench.left_to_type(), 0u);
    auto again = bench.FamilyBench::order(facts);  // and it can still be unlocked
    EXPECT_EQ(session->unlock(again).outcome, Outcome::proven);
  }
}

TEST_P(Keypad, IsNotProvenByAnotherPinOrByNone) {
  for (const Keys& keys : {Keys{"246813", "246813", "135792"}, Keys{"246813", "246813", cancel}}) {
    KeypadBench bench(GetParam(), {.pin_blocked = true}, keys);
    const auto session = bench.open();
    const auto report = session->unlock(bench.order(session->look().value()));
    EXPECT_EQ(report.outcome, Outcome::not_proven) << report.sentence.id;
    if (GetParam().counts_pin && report.after) {
      EXPECT_EQ(report.after->pin(CardPin::Kind::pin)->tries_left, keys.back() ? 2 : 3);
    }
  }
}

TEST_P(Keypad, RefusesAWrongCodeAsWithoutOne) {
  KeypadBench bench(GetParam(), {.pin_blocked = true}, {"246813", "246813"});
  const auto session = bench.open();
  const auto report = session->unlock(bench.order(session->look().value(), false));
  EXPECT_EQ(report.outcome, Outcome::refused) << report.sentence.id;
}

TEST_P(Keypad, ChecksAPinForASignature) {
  static const auto holder = emulated::make_holder(crypto::DemoAuthority::create("Demo"));
  KeypadBench bench(GetParam(), {.holder = holder}, {"123456", "654321", cancel});
  const auto session = bench.open();
  EXPECT_TRUE(session->sign_and_check_on_pad("a challenge"));
  EXPECT_EQ(session->sign_and_check_on_pad("a challenge").error().code, Code::refused);
  EXPECT_EQ(session->sign_and_check_on_pad("a challenge").error().code, Code::conflict);
  if (GetParam().counts_pin) {
    EXPECT_EQ(session->look()->pin(CardPin::Kind::pin)->tries_left, 2);
  }
}

TEST(Keypad, IsOfNoUseWhereTheHostMustHashThePin) {
  KeypadBench bench(named("OpenPgpWithHashedPinsByResettingCode"), {.pin_blocked = true}, {});
  const auto session = bench.open();
  const auto facts = session->look().value();
  EXPECT_FALSE(facts.pad_sets_pin || facts.pad_asks_pin);
  EXPECT_EQ(session->unlock(bench.order(facts)).outcome, Outcome::not_begun);
  EXPECT_EQ(session->sign_and_check_on_pad("a challenge").error().code, Code::refused) << "it has no certificate";
  EXPECT_FALSE(bench.sent(0x2C) || bench.sent(0x20));
}

TEST(Keypad, IsOfNoUseToTheIssuersService) {
  KeypadBench bench(named("AkisByIssuer"), {.pin_blocked = true}, {});
  const auto session = bench.open();
  EXPECT_EQ(session->unlock(bench.order(session->look().value())).outcome, Outcome::not_begun);
}

TEST(Keypad, IsMissedWhereTheReaderHasNone) {
  FamilyBench bench(named("PivByPuk"), {.pin_blocked = true});
  const auto session = bench.open();
  const auto facts = session->look().value();
  EXPECT_FALSE(facts.pad_sets_pin || facts.pad_asks_pin);
  auto order = bench.order(facts, true, "");
  order.pin_on_pad = true;
  EXPECT_EQ(session->unlock(order).outcome, Outcome::not_begun);
}

// ---- The structures of PC/SC part 10 --------------------------------------------------------------------------------

TEST(PinPadFeatures, AreToldByTheReader) {
  const auto both = pcsc::PinPadFeatures::parse(bytes_of_hex("06 04 42330006  12 04 42330012  07 04 42330007"));
  EXPECT_EQ(both.verify, 0x42330006u);
  EXPECT_EQ(both.modify, 0x42330007u);
  EXPECT_TRUE(both.pad().verify && both.pad().modify);
  EXPECT_FALSE(pcsc::PinPadFeatures::parse(bytes_of_hex("06 04 423300")).pad().verify);
  EXPECT_FALSE(pcsc::PinPadFeatures::parse({}).pad().verify);
}

TEST(PinPadRequest, HasTheFieldsOfAVerification) {
  const Bytes command = bytes_of_hex("00200080 08 FFFFFFFFFFFFFFFF");
  EXPECT_EQ(hex_of(pcsc::pin_pad_request(command, {.at = 0, .length = 8, .shortest = 6, .longest = 8})),
            "3C3C820800" "0806" "02" "01" "0904" "00" "000000" "0D000000" "0020008008FFFFFFFFFFFFFFFF");
}

TEST(PinPadRequest, HasTheFieldsOfANewPinBehindItsUnlocker) {
  const Bytes command = bytes_of_hex("002C0080 10 3132333435363738 FFFFFFFFFFFFFFFF");
  EXPECT_EQ(hex_of(pcsc::pin_pad_request(command, {.at = 8, .length = 8, .shortest = 6, .longest = 8, .twice = true})),
            "3C3C820800" "0008" "0806" "01" "02" "02" "0904" "010200" "000000" "15000000"
            "002C0080103132333435363738FFFFFFFFFFFFFFFF");
}

}  // namespace
}  // namespace anahtar::card
