// SPDX-License-Identifier: GPL-3.0-or-later
// What applets that exist do differently from our emulated cards, each where it is known to do so.
#include <gmock/gmock.h>
#include <zlib.h>

#include <set>

#include "card/apdu.h"
#include "card/emulated/card_files.h"
#include "card/emulated/gids_card.h"
#include "card/emulated/iso_card.h"
#include "card/emulated/openpgp_card.h"
#include "card/emulated/piv_card.h"
#include "foreign_card.h"

namespace anahtar::card {
namespace {

using core::CardPin;
using core::UnlockWay;
using emulated::CardOptions;
using emulated::hex;
using emulated::Reply;
using emulated::tlv;
using emulated::operator+;
using Outcome = core::UnlockReport::Outcome;
namespace sw = emulated::sw;

const emulated::Holder& holder() {
  static const auto authority = crypto::DemoAuthority::create("Demo");
  static const auto made = emulated::make_holder(authority);
  return made;
}

std::shared_ptr<EmulatedCard> piv(Habit habit, CardOptions options = {}) {
  return std::make_shared<ForeignCard<emulated::PivCard>>(std::move(options), std::move(habit));
}

bool asks_for(const emulated::Command& command, std::string_view object) {
  return command.ins == 0xCB && command.data == tlv(0x5C, hex(object));
}

/// Chips that do not number themselves, with the objects that a tool wrote on them.
std::shared_ptr<EmulatedCard> unnumbered(const Bytes& holder_id, const Bytes& capabilities, const Bytes& number = {}, CardOptions options = {}) {
  return piv(
      [=](const auto& command, const auto& usual) -> Reply {
        if (command.ins == 0xF8) return number.empty() ? Reply(sw::no_instruction) : Reply(number);
        if (asks_for(command, "5FC102")) return holder_id.empty() ? Reply(sw::not_found) : Reply(holder_id);
        if (asks_for(command, "5FC107")) return capabilities.empty() ? Reply(sw::not_found) : Reply(capabilities);
        return usual();
      },
      std::move(options));
}

/// The FASC-N that widespread tools write on every card, and a number of this card alone.
Bytes holder_id_of_tools(const Bytes& guid) {
  return tlv(0x53, {tlv(0x30, hex("D4E739DA739CED39CE739D836858210842108421C84210C3EB")), tlv(0x34, guid), tlv(0x3E, Bytes{}), tlv(0xFE, Bytes{})});
}

TEST(PivNumbers, AreThoseOfTheCardAndNotOfTheToolThatWroteIt) {
  const Bytes guid = hex("0123456789ABCDEF0123456789ABCDEF");
  ForeignBench bench(unnumbered(holder_id_of_tools(guid), {}));
  EXPECT_EQ(bench.look().serial, hex_of(guid));
}

TEST(PivNumbers, AreNotTheOneThatAllDevicesOfAMakerGive) {
  const Bytes guid = hex("0123456789ABCDEF0123456789ABCDEF");
  for (const char* number : {"0052F743", "00000000", "FFFFFFFF"}) {
    ForeignBench bench(unnumbered(holder_id_of_tools(guid), {}, hex(number)));
    EXPECT_EQ(bench.look().serial, hex_of(guid)) << number;
  }
}

TEST(PivNumbers, AreReadWhereverTheCardHasOne) {
  const Bytes capabilities = tlv(0x53, tlv(0xF0, hex("A000000116FF0200112233445566778899AABBCCDD")));
  ForeignBench by_capabilities(unnumbered({}, capabilities, {}, {.pin_blocked = true}));
  EXPECT_EQ(by_capabilities.look().serial, "A000000116FF0200112233445566778899AABBCCDD");
  EXPECT_EQ(by_capabilities.unlock(UnlockWay::puk, "12345678").outcome, Outcome::proven);
}

TEST(PivNumbers, AreReplacedByTheHoldersCertificate) {
  ForeignBench bench(unnumbered({}, {}, {}, {.pin_blocked = true, .holder = holder()}));
  EXPECT_FALSE(bench.look().serial.empty());
  EXPECT_EQ(bench.unlock(UnlockWay::puk, "12345678").outcome, Outcome::proven);
}

/// A card with a global PIN beside its own: the discovery object says which one the holder uses.
struct GlobalPin {
  std::uint8_t usage, preference;
  bool verified = false;

  Reply operator()(const emulated::Command& command, const std::function<Reply()>& usual) {
    if (asks_for(command, "7E"))
      return tlv(0x7E, {tlv(0x4F, hex("A000000308000010000100")), tlv(0x5F2F, Bytes{usage, preference})});
    if (command.ins != 0x20 || command.p2 != 0x00) return usual();
    if (command.p1 == 0xFF || !command.data.empty()) {
      verified = command.p1 == 0x00;
      return sw::ok;
    }
    return verified ? sw::ok : sw::tries(2);
  }
};

TEST(PivGlobalPin, IsTheOneThatIsShownAndTriedWhereTheHolderUsesIt) {
  ForeignBench bench(piv(GlobalPin{0x60, 0x20}, {.pin_blocked = true, .holder = holder()}));
  const auto facts = bench.look();
  EXPECT_EQ(facts.pin(CardPin::Kind::pin)->tries_left, 2);
  EXPECT_THAT(facts.ways, testing::IsEmpty()) << "the PUK sets the PIN of the application, which this holder does not use";
  EXPECT_EQ(bench.unlock(UnlockWay::puk, "12345678").outcome, Outcome::not_begun);
  EXPECT_EQ(bench.count(0x2C), 0);
  bench.readers.forget_sent();
  bench.session->sign_and_check("a challenge", core::Secret("246813"));
  EXPECT_THAT(bench.readers.sent(bench.reader), testing::Contains(hex("00200000")));
  EXPECT_THAT(bench.readers.sent(bench.reader), testing::Not(testing::Contains(hex("00200080"))));
}

TEST(PivGlobalPin, DoesNotMatterWhereTheApplicationsOwnComesFirst) {
  for (const auto& [usage, preference] : {std::pair{0x60, 0x10}, {0x40, 0x00}, {0x40, 0x20}}) {
    ForeignBench bench(piv(GlobalPin{std::uint8_t(usage), std::uint8_t(preference)}, {.pin_blocked = true}));
    EXPECT_TRUE(bench.look().pin(CardPin::Kind::pin)->blocked);
    EXPECT_EQ(bench.unlock(UnlockWay::puk, "12345678").outcome, Outcome::proven);
  }
}

/// The ATR speaks for the chip; an applet on it may know no extended lengths. Every PIV card takes chains.
TEST(PivSignatures, AreAskedForInAChain) {
  const auto authority = crypto::DemoAuthority::create("Demo");
  CardOptions options;
  options.holder = emulated::make_holder(authority, {.key = crypto::CardKey::Kind::rsa2048});
  const Habit no_extended_lengths = [](const auto& command, const auto& usual) { return command.extended ? Reply(sw::wrong_length) : usual(); };
  ForeignBench bench(std::make_shared<ForeignCard<emulated::PivCard>>(options, no_extended_lengths, hex("8073C021C0")));
  EXPECT_TRUE(bench.session->sign_and_check("a challenge", core::Secret("123456")));
}

Bytes zlib_of(const Bytes& content) {
  Bytes out(compressBound(content.size()));
  uLongf size = out.size();
  compress(out.data(), &size, content.data(), content.size());
  out.resize(size);
  return out;
}

TEST(PivCertificates, AreUnpackedWhateverTheirObjectSaysOfThem) {
  const Bytes packed = zlib_of(holder().certificate);
  const Bytes with_length = Bytes{0x01, 0x00, std::uint8_t(holder().certificate.size()), std::uint8_t(holder().certificate.size() >> 8)} + packed;
  for (const Bytes& object : {tlv(0x53, tlv(0x70, packed)), tlv(0x53, {tlv(0x70, with_length), tlv(0x71, Bytes{1})}),
                              tlv(0x53, {tlv(0x70, holder().certificate), tlv(0x71, Bytes{1})}), tlv(0x53, tlv(0x70, holder().certificate))}) {
    ForeignBench bench(piv([&](const auto& command, const auto& usual) { return asks_for(command, "5FC105") ? Reply(object) : usual(); }));
    const auto facts = bench.look();
    ASSERT_TRUE(facts.certificate);
    EXPECT_EQ(facts.certificate->holder, "Ayşe Örnek");
  }
}

/// Too simple, or one of those that the card had before.
TEST(PivPins, ThatTheCardDoesNotWantAreNoWrongPuk) {
  for (const std::uint16_t said : {sw::conditions, sw::unusable}) {
    ForeignBench bench(piv([said](const auto& command, const auto& usual) { return command.ins == 0x2C ? Reply(said) : usual(); }, {.pin_blocked = true}));
    EXPECT_EQ(bench.unlock(UnlockWay::puk, "12345678").outcome, Outcome::pin_refused);
  }
}

/// A card that has no PUK, or is not set up yet, compares nothing.
/// One maker's cards take letters.
TEST(PivPins, ThatExistMayHaveLetters) {
  ForeignBench bench(piv([](const auto& command, const auto& usual) {
    return command.ins == 0x20 && command.data == hex("6162633132FFFFFF") ? Reply(sw::ok) : usual();
  }));
  EXPECT_TRUE(bench.session->takes_pin(core::Secret("abc12")).value());
  ForeignBench signing(piv([](const auto&, const auto& usual) { return usual(); }, {.holder = holder()}));
  const auto refused = signing.session->sign_and_check("a challenge", core::Secret("abc12"));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().sentence.id, testing::Not(testing::HasSubstr("of this form")));
}

TEST(PivPins, AreNotSetOnACardThatDoesNotAllowIt) {
  ForeignBench bench(piv([](const auto& command, const auto& usual) { return command.ins == 0x2C ? Reply(0x6986) : usual(); }, {.pin_blocked = true}));
  EXPECT_EQ(bench.unlock(UnlockWay::puk, "12345678").outcome, Outcome::not_begun);
}

TEST(Numbers, AreMissedBeforeAnythingIsSent) {
  ForeignBench bench(unnumbered({}, {}, {}, {.pin_blocked = true}));
  const auto report = bench.unlock(UnlockWay::puk, "12345678");
  EXPECT_EQ(report.outcome, Outcome::not_begun) << "and not another card";
  EXPECT_EQ(bench.count(0x2C), 0);
}

/// What the card says of lengths is about the code as much as about the new PIN.
TEST(Codes, OfAFormThatTheCardRefusesAreNamedBesideTheNewPin) {
  ForeignBench bench(piv([](const auto& command, const auto& usual) { return command.ins == 0x2C ? Reply(sw::wrong_length) : usual(); }, {.pin_blocked = true}));
  const auto report = bench.unlock(UnlockWay::puk, "12345678");
  EXPECT_EQ(report.outcome, Outcome::pin_refused);
  EXPECT_THAT(report.sentence.id, testing::HasSubstr("or the code")) << report.sentence.id;
}

std::shared_ptr<EmulatedCard> openpgp(Habit habit, CardOptions options = {}) {
  return std::make_shared<ForeignCard<emulated::OpenPgpCard>>(std::move(options), std::move(habit));
}

std::optional<int> tries(const core::UnlockReport& report, CardPin::Kind kind) {
  const CardPin* const pin = report.after ? report.after->pin(kind) : nullptr;
  return pin ? pin->tries_left : std::nullopt;
}

/// Whoever installs an applet numbers it, or leaves it at nothing; the keys are the card's own.
TEST(OpenPgpNumbers, OfNobodyAreReplacedByTheFingerprintOfAKey) {
  std::vector<std::string> serials;
  for (const auto& authority = crypto::DemoAuthority::create("Demo"); serials.size() < 2;) {
    CardOptions options{.pin_blocked = true, .serial = Bytes(4)};
    options.holder = emulated::make_holder(authority);
    ForeignBench bench(openpgp([](const auto&, const auto& usual) { return usual(); }, std::move(options)));
    serials.push_back(bench.look().serial);
    EXPECT_EQ(bench.unlock(UnlockWay::resetting_code, "12345678").outcome, Outcome::proven);
  }
  EXPECT_NE(serials[0], serials[1]);
}

TEST(OpenPgpNumbers, OfNobodyStayWithoutKeys) {
  ForeignBench bench(openpgp([](const auto&, const auto& usual) { return usual(); }, {.pin_blocked = true, .serial = Bytes(4)}));
  EXPECT_EQ(bench.look().serial, "00000000");
  EXPECT_EQ(bench.unlock(UnlockWay::resetting_code, "12345678").outcome, Outcome::proven);
}

/// Applets come with a name of no maker, whose number all of them share.
TEST(OpenPgpNumbers, OfNoMakerAreReplacedByTheFingerprintOfAKey) {
  const auto of_no_maker = [](const auto& command, const auto& usual) {
    Reply reply = usual();
    const Bytes maker = hex("D276000124010304FFFE");
    if (const auto found = std::ranges::search(reply.data, maker); command.ins == 0xCA && !found.empty())
      std::fill(found.begin() + 8, found.end(), std::uint8_t{0});
    return reply;
  };
  std::vector<std::string> serials;
  for (const auto& authority = crypto::DemoAuthority::create("Demo"); serials.size() < 2;) {
    CardOptions options{.pin_blocked = true, .serial = hex("00000001")};
    options.holder = emulated::make_holder(authority);
    ForeignBench bench(openpgp(of_no_maker, std::move(options)));
    serials.push_back(bench.look().serial);
    EXPECT_EQ(bench.unlock(UnlockWay::resetting_code, "12345678").outcome, Outcome::proven);
  }
  EXPECT_NE(serials[0], serials[1]);
  ForeignBench without_keys(openpgp(of_no_maker, {.pin_blocked = true, .serial = hex("00000001")}));
  EXPECT_EQ(without_keys.look().serial, "00000001");
}

/// Some show three tries of a resetting code that was never set, and say no to every one without counting.
TEST(OpenPgpResettingCode, ThatWasNeverSetIsNotTakenForAWrongOne) {
  for (const std::uint16_t said : {0x6985, 0x6982}) {
    ForeignBench bench(openpgp(
        [said](const auto& command, const auto& usual) {
          return command.ins == 0x2C && command.p1 == 0x00 ? Reply(said) : usual();
        },
        {.pin_blocked = true}));
    EXPECT_EQ(bench.look().ways.front(), UnlockWay::admin_pin) << "which is always there";
    const auto report = bench.unlock(UnlockWay::resetting_code, "12345678");
    EXPECT_EQ(report.outcome, Outcome::not_begun);
    EXPECT_THAT(report.sentence.id, testing::HasSubstr("tries are as before"));
    EXPECT_EQ(bench.unlock(UnlockWay::admin_pin, "12345678").outcome, Outcome::proven);
  }
}

/// A terminated card is an OpenPGP card still, without a way into it.
TEST(OpenPgpTermination, IsNoUnknownKindOfCard) {
  for (const std::uint16_t select : {0x6285, 0x9000}) {
    ForeignBench bench(openpgp([select](const auto& command, const auto& usual) {
      if (command.ins != 0xA4) return Reply(sw::conditions);
      return command.data == hex("D27600012401") ? Reply(select) : usual();
    }));
    const auto facts = bench.look();
    EXPECT_EQ(facts.family, "openpgp");
    EXPECT_TRUE(facts.ways.empty());
    EXPECT_EQ(facts.shut_down, select == 0x6285);
  }
}

/// Code and PIN are sent as one, and the card cuts them where its own code ends.
TEST(OpenPgpResettingCode, WithACharacterTooManyGivesAPinThatNobodyKnows) {
  ForeignBench bench(openpgp([](const auto&, const auto& usual) { return usual(); }, {.pin_blocked = true}));
  const auto report = bench.unlock(UnlockWay::resetting_code, "1234567811", "928730");
  EXPECT_EQ(report.outcome, Outcome::other_pin);
  EXPECT_THAT(report.sentence.id, testing::HasSubstr("with the exact code"));
  EXPECT_FALSE(bench.session->takes_pin(core::Secret("928730")).value());
  EXPECT_TRUE(bench.session->takes_pin(core::Secret("11928730")).value());
}

/// The holder of a card may have one that could not be set here.
TEST(OpenPgpPasswords, ThatExistMayHaveAnyForm) {
  ForeignBench bench(openpgp([](const auto&, const auto& usual) { return usual(); }, {.pin = "horse battery", .holder = holder()}));
  const auto signed_ = bench.session->sign_and_check("a challenge", core::Secret("horse battery"));
  EXPECT_TRUE(signed_) << signed_.error().sentence.id;
}

/// Of three places for certificates the first is not always the one in use (§7.2.5).
TEST(OpenPgpCertificates, AreFoundInEveryPlace) {
  for (const int place : {1, 2}) {
    ForeignBench bench(openpgp(
        [place, chosen = 0](const auto& command, const auto& usual) mutable -> Reply {
          if (command.ins == 0xA4) chosen = 0;
          if (command.ins == 0xA5) {
            EXPECT_EQ(command.data, hex("60045C027F21"));
            chosen = command.p1;
            return sw::ok;
          }
          return command.ins == 0xCA && command.p1p2() == 0x7F21 && chosen != place ? Reply(Bytes()) : usual();
        },
        {.holder = holder()}));
    EXPECT_TRUE(bench.look().certificate) << place;
  }
}

/// Version 2 gives the certificate in its data object.
TEST(OpenPgpCertificates, AreTakenOutOfTheirDataObject) {
  ForeignBench bench(openpgp([](const auto& command, const auto& usual) {
    return command.ins == 0xCA && command.p1p2() == 0x7F21 ? Reply(tlv(0x7F21, holder().certificate)) : usual();
  }));
  const auto facts = bench.look();
  ASSERT_TRUE(facts.certificate);
  EXPECT_EQ(facts.certificate->holder, "Ayşe Örnek");
}

/// One maker gives the certificate of the signature key first, and on a card with one certificate it is whose it is.
TEST(OpenPgpSignatures, AreMadeWithTheKeyOfTheCertificate) {
  CardOptions options;
  options.holder = holder();
  ForeignBench bench(openpgp(
      [](const auto& command, const auto& usual) {
        const bool asks_for_the_other = command.ins == 0x47 && !command.data.empty() && command.data[0] == 0xA4;
        if (asks_for_the_other) return Reply(tlv(0x7F49, tlv(0x86, Bytes(65, 0x04))));
        return command.ins == 0x88 ? Reply(sw::no_reference) : usual();
      },
      std::move(options)));
  const auto signed_ = bench.session->sign_and_check("a challenge", core::Secret("123456"));
  EXPECT_TRUE(signed_) << signed_.error().sentence.id;
  EXPECT_EQ(bench.count(0x2A), 1);
}

/// Bit 8 of a greatest length: the card wants that password as a PIN block. As text it would cost a try.
TEST(OpenPgpPasswords, ThatAreWantedAsPinBlocksAreNotTried) {
  struct Row {
    std::size_t place;
    std::vector<UnlockWay> ways;
    bool signs;
  };
  for (const Row& row : {Row{1, {}, false}, Row{2, {UnlockWay::admin_pin}, true}, Row{3, {UnlockWay::resetting_code}, true}}) {
    CardOptions options{.pin_blocked = true};
    options.holder = holder();
    ForeignBench bench(openpgp(
        [&](const auto& command, const auto& usual) {
          Reply reply = usual();
          const Bytes before = hex("C407007F7F7F");  // in 6E
          const auto state = std::ranges::search(reply.data, before);
          if (command.ins == 0xCA && !state.empty()) *(state.begin() + 2 + static_cast<std::ptrdiff_t>(row.place)) |= 0x80;
          return reply;
        },
        std::move(options)));
    const auto facts = bench.look();
    EXPECT_THAT(facts.ways, testing::ElementsAreArray(row.ways)) << row.place;
    EXPECT_EQ(facts.can_sign, row.signs) << row.place;
    EXPECT_TRUE(facts.pin(CardPin::Kind::pin)->blocked) << "which is still told";
  }
}

/// Several applets look at the length before they compare, and count nothing.
Reply wants_eight_characters(const emulated::Command& command, const std::function<Reply()>& usual) {
  return command.ins == 0x20 && command.p2 == 0x83 && !command.data.empty() && command.data.size() < 8 ? Reply(sw::wrong_length) : usual();
}

TEST(OpenPgpAdministrator, OfAWrongLengthIsNotTakenForAWrongNewPin) {
  ForeignBench bench(openpgp(wants_eight_characters, {.pin_blocked = true}));
  const auto report = bench.unlock(UnlockWay::admin_pin, "1234");
  EXPECT_EQ(report.outcome, Outcome::refused) << report.sentence.id;
  EXPECT_EQ(tries(report, CardPin::Kind::admin_pin), 3);
}

/// A card without keys has nothing that a new PIN could protect, and says 6985 after the administrator's PIN was right.
TEST(OpenPgpAdministrator, IsNotSaidToBeWrongWhenTheCardCannotSetAPin) {
  ForeignBench bench(openpgp([](const auto& command, const auto& usual) { return command.ins == 0x2C ? Reply(sw::conditions) : usual(); },
                             {.pin_blocked = true}));
  const auto report = bench.unlock(UnlockWay::admin_pin, "12345678");
  EXPECT_EQ(report.outcome, Outcome::not_begun) << report.sentence.id;
  EXPECT_EQ(tries(report, CardPin::Kind::admin_pin), 3);
}

/// Whether the next program finds somebody logged in.
bool stays_logged_in(ForeignBench& bench, std::string_view empty_verify) {
  bench.session.reset();
  const auto next = bench.readers.connect(ForeignBench::reader);
  return next->transmit(bytes_of_hex(empty_verify)) == bytes_of_hex("9000");
}

/// Version 2 knows no VERIFY with P1 FF: only a reset ends what it has admitted.
TEST(OpenPgpAdministrator, IsNoLongerLoggedInWhenTheSessionEnds) {
  ForeignBench bench(openpgp([](const auto& command, const auto& usual) { return command.ins == 0x20 && command.p1 == 0xFF ? Reply(sw::wrong_length) : usual(); },
                             {.pin_blocked = true}));
  EXPECT_EQ(bench.unlock(UnlockWay::admin_pin, "12345678").outcome, Outcome::proven);
  EXPECT_FALSE(stays_logged_in(bench, "00200083"));
}

TEST(OpenPgpHolder, IsNoLongerLoggedInWhenTheSessionEnds) {
  ForeignBench bench(openpgp([](const auto& command, const auto& usual) { return command.ins == 0x20 && command.p1 == 0xFF ? Reply(sw::wrong_length) : usual(); },
                             {.pin_blocked = true}));
  EXPECT_EQ(bench.unlock(UnlockWay::resetting_code, "12345678").outcome, Outcome::proven);
  EXPECT_FALSE(stays_logged_in(bench, "00200082"));
}

/// One applet takes the command that logs out for the one that asks for the tries.
TEST(PivHolder, IsNoLongerLoggedInWhenTheSessionEnds) {
  for (const std::uint16_t answer : {sw::ok, sw::wrong_p1p2}) {
    ForeignBench bench(piv([=](const auto& command, const auto& usual) { return command.ins == 0x20 && command.p1 == 0xFF ? Reply(answer) : usual(); },
                           {.pin_blocked = true}));
    EXPECT_EQ(bench.unlock(UnlockWay::puk, "12345678").outcome, Outcome::proven);
    EXPECT_FALSE(stays_logged_in(bench, "00200080"));
  }
}

/// Nobody knows how a card of no better known family is told to log out.
TEST(IsoHolder, IsNoLongerLoggedInWhenTheSessionEnds) {
  emulated::CardOptions options{.pin_blocked = true};
  ForeignBench bench(std::make_shared<emulated::IsoCard>(options));
  EXPECT_EQ(bench.unlock(UnlockWay::puk, "12345678").outcome, Outcome::proven);
  EXPECT_FALSE(stays_logged_in(bench, "00200081"));
}

std::shared_ptr<EmulatedCard> gids(Habit habit, CardOptions options = {}) {
  return std::make_shared<ForeignCard<emulated::GidsCard>>(std::move(options), std::move(habit));
}

TEST(GidsPin, IsThereThoughTheCardDoesNotCountAloud) {
  ForeignBench bench(gids([](const auto& command, const auto& usual) {
    return command.ins == 0xCB && command.p1p2() == 0x3FFF ? Reply(sw::no_reference) : usual();
  }));
  const auto facts = bench.look();
  ASSERT_TRUE(facts.pin(CardPin::Kind::pin));
  EXPECT_FALSE(facts.pin(CardPin::Kind::pin)->tries_left);
  EXPECT_FALSE(facts.pin(CardPin::Kind::pin)->blocked);
}

bool asks_gids_for(const emulated::Command& command, std::uint16_t file, std::string_view object) {
  return command.ins == 0xCB && command.p1p2() == file && command.data == tlv(0x5C, hex(object));
}

/// The answer with the first `old` in it replaced by a text of the same length.
Reply with_name(Reply reply, std::string_view old, std::string_view fresh) {
  const auto at = std::ranges::search(reply.data, crypto::view_of(old)).begin();
  if (at != reply.data.end()) std::ranges::copy(crypto::view_of(fresh), at);
  return reply;
}

/// Keys are in the map in the order of their containers, twelve bytes each, and containers are numbered in hexadecimal digits.
TEST(GidsKeys, OfEveryContainerAreFound) {
  struct Container {
    const char* name;
    std::size_t number;
  };
  for (const auto& [name, number] : {Container{"kxc00", 0}, {"ksc01", 1}, {"kxc0A", 10}, {"ksc10", 16}}) {
    ForeignBench bench(gids(
        [name, number](const auto& command, const auto& usual) -> Reply {
          if (asks_gids_for(command, 0xA000, "DF1F")) return with_name(usual(), "kxc00", name);
          if (!asks_gids_for(command, 0xA000, "DF20")) return usual();
          const Bytes its_own = Reply(usual()).data;
          Bytes map{0x01};
          for (std::size_t i = 0; i < number; ++i) map = std::move(map) + hex("01000000079A9FB0FFFF0000");
          return tlv(0xDF20, std::move(map) + BytesView(its_own).last(12));
        },
        {.holder = holder()}));
    const auto signed_ = bench.session->sign_and_check("a challenge", core::Secret("123456"));
    EXPECT_TRUE(signed_) << name << ": " << signed_.error().sentence.id;
  }
}

/// The one before stays on the card.
TEST(GidsCertificates, AreTheRenewedOnes) {
  static const auto authority = crypto::DemoAuthority::create("Demo");
  static const auto expired = emulated::make_holder(authority, {.expired = true});
  struct Names {
    const char *fresh, *old;
  };
  constexpr std::size_t record = 28, object_at = 20;
  for (const auto& [fresh, old] : {Names{"ksc01", "ksc00"}, {"kxc0B", "kxc0A"}}) {
    for (const bool old_first : {true, false}) {
      ForeignBench bench(gids(
          [=](const auto& command, const auto& usual) -> Reply {
            if (asks_gids_for(command, 0xA010, "DF25")) return tlv(0xDF25, expired.certificate);
            if (!asks_gids_for(command, 0xA000, "DF1F")) return usual();
            const Bytes answer = Reply(usual()).data;
            const auto files = emulated::find_tlv(answer, 0xDF1F).value();
            const Bytes others(files.begin(), files.end() - record), last(files.end() - record, files.end());
            const Bytes of_fresh = with_name(last, "kxc00", fresh).data;
            Bytes of_old = with_name(last, "kxc00", old).data;
            of_old[object_at] = 0x25;
            return tlv(0xDF1F, others + (old_first ? of_old : of_fresh) + (old_first ? of_fresh : of_old));
          },
          {.holder = holder()}));
      const auto facts = bench.look();
      ASSERT_TRUE(facts.certificate);
      EXPECT_GT(facts.certificate->not_after, std::chrono::system_clock::now()) << fresh << old_first;
    }
  }
}

/// No files, no number, no key; its counter is full all the same.
TEST(GidsPin, DoesNotExistOnACardThatWasNeverSetUp) {
  ForeignBench bench(gids([](const auto& command, const auto& usual) {
    if (command.ins == 0xCB && command.p1p2() != 0x3FFF) return Reply(sw::not_found);
    return command.ins == 0x22 ? Reply(sw::unusable) : usual();
  }));
  EXPECT_FALSE(bench.look().pin(CardPin::Kind::pin)->set);
}

/// What the card says when no key was ever loaded is no word about ours.
TEST(GidsAdminKey, IsNotSaidToBeWrongWhenTheCardHasNone) {
  struct Said {
    std::uint16_t word;
    Outcome meant;
  };
  for (const auto& [word, meant] : {Said{0x6F00, Outcome::not_begun}, {0x6985, Outcome::not_begun}, {0x6982, Outcome::refused}}) {
    ForeignBench bench(gids([word, asked = 0](const auto& command, const auto& usual) mutable {
      return command.ins == 0x87 && ++asked == 2 ? Reply(word) : usual();
    }));
    core::UnlockOrder order;
    order.way = UnlockWay::admin_key;
    order.serial = bench.look().serial;
    order.new_pin = core::Secret("246813");
    order.respond = [](const std::string&) -> core::Result<std::string> { return std::string(8, 'x'); };
    EXPECT_EQ(bench.session->unlock(order).outcome, meant) << word;
  }
}

/// What pkcs15-init writes on an applet that has no number of its own: EF.TokenInfo with zeros for a serial, or without
/// one, no EF.GDO.
class UnnumberedIsoCard : public emulated::CardShell {
 public:
  UnnumberedIsoCard(const Bytes& serial, const emulated::Holder* holder) : CardShell(false) {
    files_.add_folder(hex("5015"), hex("A000000063504B43532D3135"));
    const Bytes attributes = tlv(0x03, hex("0040")) + tlv(0x0A, Bytes{1}) + tlv(0x02, Bytes{4}) + tlv(0x02, Bytes{8}) + tlv(0x80, Bytes{1});
    const Bytes pin = tlv(0x30, {tlv(0x30, Bytes{}), tlv(0x30, tlv(0x04, Bytes{1})), tlv(0xA1, tlv(0x30, attributes))});
    const Bytes certificate = tlv(0x30, {tlv(0x30, Bytes{}), tlv(0x30, tlv(0x04, Bytes{1})), tlv(0xA1, tlv(0x30, tlv(0xA0, holder ? holder->certificate : Bytes())))});
    files_.put(hex("50155031"), tlv(0xA8, tlv(0xA0, pin)) + (holder ? tlv(0xA4, tlv(0xA0, certificate)) : Bytes()));
    files_.put(hex("50155032"), tlv(0x30, {tlv(0x02, Bytes{0}), serial.empty() ? Bytes() : tlv(0x04, serial), tlv(0x0C, crypto::bytes_of("maker"))}));
  }
  void store(emulated::Memory&) const override {}
  void recall(const emulated::Memory&) override {}

 protected:
  Reply run(const emulated::Command& command) override {
    if (command.ins == 0xB0) return files_.read(command);
    if (command.ins == 0xA4) return files_.select(command) ? sw::ok : sw::not_found;
    return command.ins == 0x2C || command.ins == 0x20 ? sw::ok : sw::no_instruction;
  }
  void forget() override { files_.to_master(); }
  Bytes historical_bytes() const override { return crypto::bytes_of("Applet"); }

 private:
  emulated::CardFiles files_;
};

TEST(IsoNumbers, AreReplacedByTheHoldersCertificate) {
  std::set<std::string> serials;
  for (const Bytes& zeros : {Bytes(), Bytes(2)}) {
    ForeignBench bench(std::make_shared<UnnumberedIsoCard>(zeros, &holder()));
    serials.insert(bench.look().serial);
    EXPECT_EQ(bench.unlock(UnlockWay::puk, "12345678").outcome, Outcome::proven);
  }
  EXPECT_EQ(serials.size(), 1u);
  EXPECT_EQ(serials.begin()->size(), 16u);
}

TEST(IsoNumbers, OfNobodyStayWithoutACertificate) {
  ForeignBench bench(std::make_shared<UnnumberedIsoCard>(Bytes(2), nullptr));
  EXPECT_EQ(bench.look().serial, "0000");
  EXPECT_EQ(bench.unlock(UnlockWay::puk, "12345678").outcome, Outcome::proven);
}

}  // namespace
}  // namespace anahtar::card
