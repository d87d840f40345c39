// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "card/card_desk.h"
#include "card/pcsc_readers.h"
#include "card/support/keypad_reader.h"
#include "card/virtual/virtual_reader_test.h"
#include "crypto/card_cipher.h"

/// A reader with a keypad at a real pcscd: a driver that announces one, and what the console makes of it.
namespace anahtar::testing {
namespace {

using core::CardPin;
using core::Code;
using core::UnlockReport;
using core::UnlockWay;
using Outcome = UnlockReport::Outcome;

class ConsoleAtAKeypad : public VirtualReaderTest {
 protected:
  static void SetUpTestSuite() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "pcscd is built without a sanitizer, and loads no driver that has one.";
#else
    start_readers(ANAHTAR_KEYPAD_READER);
#endif
  }

  void types(const std::vector<std::string>& entries) {
    std::ofstream out(keypad_file);
    for (const std::string& entry : entries) out << entry << '\n';
  }
  std::unique_ptr<core::CardSession> open() { return core::value_or_throw(desk_.open(VirtualReader::name())); }

  UnlockReport unlock(UnlockWay way) {
    const auto session = open();
    core::UnlockOrder order;
    order.way = way;
    order.serial = session->look().value().serial;
    order.unlocker = core::Secret("12345678");
    order.pin_on_pad = true;
    order.respond = [](const std::string& challenge) -> core::Result<std::string> {
      return std::string(crypto::text_of(crypto::tdes_ecb(crypto::Direction::encrypt, card::emulated::default_admin_key(), crypto::view_of(challenge))));
    };
    return session->unlock(order);
  }

  card::PcscReaders pcsc_;
  card::CardDesk desk_{pcsc_, {}};
};

TEST_F(ConsoleAtAKeypad, SetsTypedPinsOnEveryFamily) {
  const std::pair<const char*, UnlockWay> ways[] = {{"piv", UnlockWay::puk},           {"gids", UnlockWay::admin_key},
                                                    {"openpgp", UnlockWay::admin_pin}, {"openpgp", UnlockWay::resetting_code},
                                                    {"akis", UnlockWay::puk},          {"iso", UnlockWay::puk}};
  for (const auto& [family, way] : ways) {
    insert(family, {.pin_blocked = true});
    types({"246810", "246810", "246810"});
    const auto report = unlock(way);
    EXPECT_EQ(report.outcome, Outcome::proven) << family << ": " << report.sentence.id;
    readers_->remove();
  }
  card_.reset();
}

TEST_F(ConsoleAtAKeypad, SendsNothingWhenTheHolderCancelsOrTypesTwoThatDiffer) {
  insert("piv", {.pin_blocked = true});
  for (const std::vector<std::string>& entries : {std::vector<std::string>{""}, {"246810", ""}, {"246810", "246811"}, {"12"}}) {
    types(entries);
    const auto report = unlock(UnlockWay::puk);
    EXPECT_EQ(report.outcome, Outcome::not_typed) << report.sentence.id;
  }
  EXPECT_EQ(left("pin"), 0);
  EXPECT_EQ(left("puk"), 3);
}

TEST_F(ConsoleAtAKeypad, LetsTheHolderSignAndCountsAWrongPin) {
  insert("piv", {.holder = holder()});
  types({"123456", "111111", ""});
  const auto session = open();
  EXPECT_TRUE(session->look()->pad_asks_pin);
  EXPECT_TRUE(session->sign_and_check_on_pad("a challenge"));
  EXPECT_EQ(session->sign_and_check_on_pad("a challenge").error().code, Code::refused);
  EXPECT_EQ(session->sign_and_check_on_pad("a challenge").error().code, Code::conflict);
  EXPECT_EQ(left("pin"), 2);
}

TEST_F(ConsoleAtAKeypad, SaysWhenTheCardIsPulledWhileTheHolderTypes) {
  insert("piv", {.pin_blocked = true});
  types({"246810", "246810", "246810"});
  faults_->add({.kind = card::emulated::Fault::Kind::pull, .ins = 0x2C, .after = true});
  const auto report = unlock(UnlockWay::puk);
  EXPECT_EQ(report.outcome, Outcome::interrupted) << report.sentence.id;
  EXPECT_EQ(left("pin"), 3) << "it was set all the same";
  readers_->wait_for_pulled_card();
}

}  // namespace
}  // namespace anahtar::testing
