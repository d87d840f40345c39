// SPDX-License-Identifier: GPL-3.0-or-later
// Cards of no better known family differ in how their files are found and how their PINs are written.
#include <gmock/gmock.h>

#include "card/apdu.h"
#include "card/card_desk.h"
#include "card/emulated/card_files.h"
#include "card/emulated/card_shell.h"
#include "card/emulated/emulated_readers.h"
#include "card/emulated/iso_card.h"

namespace anahtar::card {
namespace {

using core::UnlockWay;
using emulated::CardOptions;
using emulated::hex;
using emulated::tlv;
using emulated::operator+;
using Outcome = core::UnlockReport::Outcome;

constexpr const char* reader = "Desk reader";

core::UnlockOrder order(const core::CardFacts& facts, UnlockWay way = UnlockWay::puk, const char* unlocker = "12345678") {
  core::UnlockOrder made;
  made.way = way;
  made.serial = facts.serial;
  made.unlocker = core::Secret(unlocker);
  made.new_pin = core::Secret("246813");
  return made;
}

struct Variant {
  const char* name;
  CardOptions options;
  int most_to_look, most_to_unlock;
};
void PrintTo(const Variant& variant, std::ostream* out) { *out << variant.name; }

class IsoCards : public testing::TestWithParam<Variant> {};
INSTANTIATE_TEST_SUITE_P(Variants, IsoCards,
                         testing::Values(Variant{"Usual", {}, 12, 4}, Variant{"OverT0", {.t0 = true}, 12, 4},
                                         Variant{"RelativePaths", {.relative_paths = true}, 12, 4},
                                         Variant{"WithoutEfDir", {.no_ef_dir = true}, 14, 4},
                                         Variant{"ThatWantsToKnowTheAlgorithm", {.wants_algorithm = true}, 12, 4},
                                         Variant{"WithoutFci", {.tells_no_fci = true}, 15, 4},
                                         Variant{"StepByStep", {.selects_step_by_step = true}, 26, 6},
                                         Variant{"AppletUnderItsName", {.only_by_name = true}, 16, 5},
                                         Variant{"AppletWithRelativePaths", {.only_by_name = true, .relative_paths = true}, 19, 5}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(IsoCards, AreReadUnlockedAndProvenWithFewExchanges) {
  const auto authority = crypto::DemoAuthority::create("Demo");
  CardOptions options = GetParam().options;
  options.pin_blocked = true;
  options.holder = emulated::make_holder(authority);
  emulated::EmulatedReaders readers;
  readers.insert(reader, std::make_shared<emulated::IsoCard>(options));
  CardDesk desk(readers, {});
  const auto session = desk.open(reader).value();
  const auto facts = session->look();
  ASSERT_TRUE(facts) << facts.error().sentence.id;
  EXPECT_EQ(facts->family, "iso");
  EXPECT_EQ(facts->serial, "0011223344556677");
  EXPECT_TRUE(facts->certificate);
  EXPECT_LE(facts->exchanges, GetParam().most_to_look);
  const auto report = session->unlock(order(*facts));
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
  EXPECT_LE(report.exchanges, GetParam().most_to_unlock);
  EXPECT_TRUE(session->sign_and_check("a challenge", core::Secret("246813")));
}

/// A card whose files a test writes, and which takes down what is done to its PIN.
class WrittenCard : public emulated::CardShell {
 public:
  explicit WrittenCard(const Bytes& pins, const Bytes& folder = hex("5015")) : CardShell(false) {
    files_.add_folder(folder, hex("A000000063 504B43532D3135"));
    files_.put(folder + hex("5031"), tlv(0xA8, tlv(0xA0, pins)));  // the objects themselves, in no file of their own
    write_token_info(folder, hex("0102"));
  }
  void write_token_info(const Bytes& folder, const Bytes& serial) {
    files_.put(folder + hex("5032"), tlv(0x30, {tlv(0x02, Bytes{0}), serial.empty() ? Bytes() : tlv(0x04, serial)}));
  }
  void write(std::string_view file, const Bytes& content) { files_.put(hex(file), content); }
  void store(emulated::Memory&) const override {}
  void recall(const emulated::Memory&) override {}

  std::vector<std::string> done;

 protected:
  emulated::Reply run(const emulated::Command& command) override {
    if (command.ins == 0xB0) return files_.read(command);
    if (command.ins == 0xA4) return files_.select(command) ? emulated::sw::ok : emulated::sw::not_found;
    done.push_back(hex_of(Bytes{command.ins, command.p1, command.p2}) + " " + hex_of(command.data));
    return emulated::sw::ok;
  }
  void forget() override { files_.to_master(); }
  Bytes historical_bytes() const override { return crypto::bytes_of("Written"); }

 private:
  emulated::CardFiles files_;
};

/// flags: what the second byte of the BIT STRING says.
Bytes pin_object(const Bytes& guard, std::uint8_t id, std::uint8_t flags, std::uint8_t form, std::uint8_t reference, const Bytes& folder = {}) {
  const Bytes common = guard.empty() ? Bytes() : tlv(0x04, guard);
  const Bytes path = folder.empty() ? Bytes() : tlv(0x30, tlv(0x04, folder));
  const Bytes attributes = tlv(0x03, Bytes{0x00, flags}) + tlv(0x0A, Bytes{form}) + tlv(0x02, Bytes{4}) + tlv(0x02, Bytes{8}) +
                           tlv(0x80, Bytes{0x00, reference}) + tlv(0x04, Bytes{0x00}) + path;
  return tlv(0x30, {tlv(0x30, common), tlv(0x30, tlv(0x04, Bytes{id})), tlv(0xA1, tlv(0x30, attributes))});
}

constexpr std::uint8_t needs_padding = 0x04, unblocks = 0x02, is_officer = 0x01, never_unblocked = 0x10, local = 0x40;
constexpr std::uint8_t bcd = 0, text = 1, half_nibble = 3, iso9564 = 4;

/// Looks and unlocks; the serial that it had.
std::string unlock(const std::shared_ptr<WrittenCard>& card) {
  emulated::EmulatedReaders readers;
  readers.insert(reader, card);
  CardDesk desk(readers, {});
  const auto session = desk.open(reader).value();
  const auto facts = session->look().value();
  EXPECT_EQ(session->unlock(order(facts)).outcome, Outcome::proven);
  return facts.serial;
}

std::vector<std::string> done_by_unlocking(const Bytes& pins) {
  const auto card = std::make_shared<WrittenCard>(pins);
  unlock(card);
  return card->done;
}

TEST(IsoFiles, AreFoundInAFolderThatOnlyTheNameOfTheApplicationTells) {
  const auto card = std::make_shared<WrittenCard>(pin_object({}, 1, 0, text, 0x81), hex("7F50"));
  EXPECT_EQ(unlock(card), "0102");
  EXPECT_EQ(card->done.size(), 2u);
}

TEST(IsoFiles, TellTheNumberOfTheCardWhereTheApplicationHasNone) {
  const auto card = std::make_shared<WrittenCard>(pin_object({}, 1, 0, text, 0x81));
  card->write_token_info(hex("5015"), {});
  card->write("2F02", tlv(0x5A, hex("8949000000000012345F")));
  EXPECT_EQ(unlock(card), "8949000000000012345F");
}

TEST(IsoPins, AreWrittenInTheFormThatTheirObjectNames) {
  struct Row {
    std::uint8_t form, flags;
    const char* unlock;
    const char* verify;
  };
  for (const Row& row : {Row{text, local, "2C0081 3132333435363738323436383133", "200081 323436383133"},
                         Row{text, needs_padding, "2C0081 31323334353637383234363831330000", "200081 3234363831330000"},
                         Row{bcd, 0, "2C0081 12345678246813", "200081 246813"},
                         Row{half_nibble, 0, "2C0081 F1F2F3F4F5F6F7F8F2F4F6F8F1F3", "200081 F2F4F6F8F1F3"},
                         Row{iso9564, 0, "2C0081 2812345678FFFFFF26246813FFFFFFFF", "200081 26246813FFFFFFFF"}}) {
    SCOPED_TRACE(row.unlock);
    EXPECT_THAT(done_by_unlocking(pin_object({}, 1, row.flags, row.form, 0x81)), testing::ElementsAre(row.unlock, row.verify));
  }
}

TEST(IsoPins, AreUnblockedByThePukThatTheyName) {
  const Bytes pins = pin_object(hex("03"), 1, 0, text, 0x81) + pin_object({}, 2, unblocks, text, 0x82) + pin_object({}, 3, unblocks, bcd, 0x83);
  EXPECT_THAT(done_by_unlocking(pins), testing::Contains("2C0081 12345678323436383133")) << "in the form of the third object";
}

constexpr const char* puk_of_free_applet = "1234567890123456";

/// A card that is selected by the name of the free applet, and tells its version as that does before version 1.
class FreeApplet : public emulated::IsoCard {
 public:
  explicit FreeApplet(CardOptions options, Bytes version = {}) : IsoCard(std::move(options)), version_(std::move(version)) {}

 protected:
  emulated::Reply run(const emulated::Command& command) override {
    if (command.ins != 0xA4 || command.p1 != 0x04) return IsoCard::run(command);
    if (command.data != hex("F276A288BCFBA69D34F31001")) return emulated::sw::not_found;
    emulated::Command renamed = command;
    renamed.data = hex("A000000063504B43532D3135");
    auto reply = IsoCard::run(renamed);
    return version_.empty() || reply.status != emulated::sw::ok ? reply : emulated::Reply(version_);
  }

 private:
  Bytes version_;
};

/// Before version 1 it hashed what an elliptic key was to sign, so what it signs fits no certificate. The holder is not to blame.
TEST(IsoSignatures, OfAnAppletThatHashesItselfAreNotAskedFor) {
  const auto authority = crypto::DemoAuthority::create("Demo");
  const auto tried = [&](crypto::CardKey::Kind key, const Bytes& version) {
    emulated::EmulatedReaders readers;
    const CardOptions options{.holder = emulated::make_holder(authority, {.key = key}), .only_by_name = true};
    readers.insert(reader, std::make_shared<FreeApplet>(options, version));
    CardDesk desk(readers, {});
    return desk.open(reader).value()->sign_and_check("a challenge", core::Secret("123456"));
  };
  using Key = crypto::CardKey::Kind;
  EXPECT_TRUE(tried(Key::p256, {}));
  EXPECT_TRUE(tried(Key::rsa2048, hex("000601")));
  const auto left_out = tried(Key::p256, hex("000601"));
  ASSERT_FALSE(left_out);
  EXPECT_EQ(left_out.error().code, core::Code::unavailable);
}

/// It counts nothing when it is asked, in every version; of other cards nobody knows that.
TEST(IsoPins, AreCountedAloudByTheFreeAppletAlone) {
  using core::CardPin;
  for (const bool applet : {true, false}) {
    emulated::EmulatedReaders readers;
    const char* const puk = applet ? puk_of_free_applet : "12345678";
    const CardOptions options{.puk = puk, .pin_blocked = true, .empty_verify_costs_a_try = !applet, .only_by_name = true};
    if (applet) {
      readers.insert(reader, std::make_shared<FreeApplet>(options));
    } else {
      readers.insert(reader, std::make_shared<emulated::IsoCard>(options));
    }
    CardDesk desk(readers, {});
    const auto session = desk.open(reader).value();
    EXPECT_EQ(session->look().value().pin(CardPin::Kind::pin)->blocked, applet);
    const auto report = session->unlock(order(session->look().value(), UnlockWay::puk, puk));
    EXPECT_EQ(report.outcome, Outcome::proven);
    EXPECT_EQ(report.after->pin(CardPin::Kind::pin)->tries_left, applet ? std::optional(3) : std::nullopt);
  }
}

/// It compares the first 16 bytes of whatever comes, and counts.
TEST(IsoPins, OfTheFreeAppletHaveAPukOfSixteenCharactersOrNoneIsSent) {
  emulated::EmulatedReaders readers;
  readers.insert(reader, std::make_shared<FreeApplet>(CardOptions{.puk = puk_of_free_applet, .pin_blocked = true, .only_by_name = true}));
  CardDesk desk(readers, {});
  const auto session = desk.open(reader).value();
  const auto facts = session->look().value();
  readers.forget_sent();
  const auto report = session->unlock(order(facts));
  EXPECT_EQ(report.outcome, Outcome::not_sent);
  EXPECT_THAT(report.sentence.id, testing::HasSubstr("no try was spent"));
  EXPECT_EQ(std::ranges::count_if(readers.sent(reader), [](const Bytes& header) { return header[1] == 0x2C; }), 0);
  EXPECT_EQ(session->unlock(order(facts, UnlockWay::puk, puk_of_free_applet)).outcome, Outcome::proven);
}

/// What is left selected by whoever came before shows its files without its name.
class AppletLeftSelected : public WrittenCard {
 public:
  AppletLeftSelected() : WrittenCard(pin()) {}
  static Bytes pin() {
    const Bytes attributes = tlv(0x03, hex("024C")) + tlv(0x0A, Bytes{1}) + tlv(0x02, Bytes{4}) + tlv(0x02, Bytes{16}) + tlv(0x80, Bytes{1}) + tlv(0x04, Bytes{0});
    return tlv(0x30, {tlv(0x30, Bytes{}), tlv(0x30, tlv(0x04, Bytes{1})), tlv(0xA1, tlv(0x30, attributes))});
  }

 protected:
  emulated::Reply run(const emulated::Command& command) override {
    if (command.ins == 0xA4 && command.p1 == 0x04) {
      const bool itself = command.data == hex("F276A288BCFBA69D34F31001");
      selected_ = selected_ || itself;  // what is not found leaves it selected
      return itself ? emulated::sw::ok : emulated::sw::not_found;
    }
    if (!selected_) return emulated::sw::not_found;
    if (command.ins == 0x20 && command.data.empty()) return emulated::sw::tries(2);
    return WrittenCard::run(command);
  }
  void forget() override {
    WrittenCard::forget();
    selected_ = !std::exchange(powered_, true);  // by whoever came before
  }

 private:
  bool selected_ = false, powered_ = false;
};

TEST(IsoFiles, OfAnAppletThatWasLeftSelectedAreFoundAgainAfterAReset) {
  const auto card = std::make_shared<AppletLeftSelected>();
  emulated::EmulatedReaders readers;
  readers.insert(reader, card);
  CardDesk desk(readers, {});
  const auto session = desk.open(reader).value();
  const auto facts = session->look().value();
  EXPECT_EQ(facts.pin(core::CardPin::Kind::pin)->tries_left, 2);
  card->reset();
  const auto report = session->unlock(order(facts, UnlockWay::puk, puk_of_free_applet));
  EXPECT_EQ(report.outcome, Outcome::proven) << report.sentence.id;
}

TEST(IsoPins, AreAsLongAsTheirObjectLeavesRoomFor) {
  struct Row {
    std::uint8_t form, stored;
    int most;
  };
  for (const Row& row : {Row{text, 12, 12}, Row{bcd, 4, 8}, Row{iso9564, 8, 12}, Row{text, 0, 8}}) {
    const Bytes attributes = tlv(0x03, Bytes{0, local}) + tlv(0x0A, Bytes{row.form}) + tlv(0x02, Bytes{4}) + tlv(0x02, Bytes{row.stored}) + tlv(0x80, Bytes{0x01});
    emulated::EmulatedReaders readers;
    readers.insert(reader, std::make_shared<WrittenCard>(tlv(0x30, {tlv(0x30, Bytes{}), tlv(0x30, tlv(0x04, Bytes{1})), tlv(0xA1, tlv(0x30, attributes))})));
    EXPECT_EQ(CardDesk(readers, {}).open(reader).value()->look().value().rules.max_length, row.most) << int(row.form) << " " << int(row.stored);
  }
}

TEST(IsoPins, ShowWhichWaysThereAre) {
  const auto ways = [](const Bytes& pins) {
    emulated::EmulatedReaders readers;
    readers.insert(reader, std::make_shared<WrittenCard>(pins));
    return CardDesk(readers, {}).open(reader).value()->look().value().ways;
  };
  EXPECT_THAT(ways(pin_object({}, 1, 0, text, 0x81)), testing::ElementsAre(UnlockWay::puk));
  EXPECT_THAT(ways(pin_object({}, 1, never_unblocked, text, 0x81)), testing::IsEmpty());
  EXPECT_THAT(ways(pin_object({}, 1, never_unblocked, text, 0x81) + pin_object({}, 2, is_officer, text, 0x83)),
              testing::ElementsAre(UnlockWay::admin_pin));
}

TEST(IsoPins, AreTriedInTheFolderInWhichTheyLive) {
  emulated::EmulatedReaders readers;
  readers.insert(reader, std::make_shared<WrittenCard>(pin_object({}, 1, local, text, 0x81, hex("3F007F01"))));
  CardDesk desk(readers, {});
  const auto session = desk.open(reader).value();
  const auto facts = session->look().value();
  const auto report = session->unlock(order(facts));
  EXPECT_EQ(report.exchanges, 6) << "SELECT of the folder before the unlock and before the proof";
}

}  // namespace
}  // namespace anahtar::card
