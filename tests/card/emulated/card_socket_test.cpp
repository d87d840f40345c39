// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/card_socket.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "app/program.h"
#include "card/emulated/card_maker.h"
#include "card/emulated/emulated_readers.h"
#include "card/emulated/misbehaviour.h"
#include "card/emulated/piv_card.h"
#include "card/socket_readers.h"
#include "crypto/base64.h"
#include "gateways/support/server_process.h"
#include "support/temporary_folder.h"

namespace anahtar::card::emulated {
namespace {

using namespace std::chrono_literals;
using Presence = core::CardReaderState::Presence;
using Kind = LinkError::Kind;
using testing::wait_until;

const Bytes select_piv = hex("00A404000BA00000030800001000010000"), tries_left = hex("00200080"),
            wrong_pin = hex("0020008008313131313131FFFF");

template <class Act>
std::optional<Kind> link_error(Act act) {
  try {
    act();
    return {};
  } catch (const LinkError& error) {
    return error.kind;
  }
}

class CardSocketTest : public ::testing::Test {
 protected:
  CardSocketTest() { inside_->insert("desk", card_); }
  std::unique_ptr<CardSocket> serve() { return CardSocket::open(folder_ / "desk.card", inside_, "desk").value(); }

  testing::TemporaryFolder folder_;
  std::shared_ptr<Misbehaviour> card_ = std::make_shared<Misbehaviour>(std::make_shared<PivCard>());
  std::shared_ptr<EmulatedReaders> inside_ = std::make_shared<EmulatedReaders>();
  SocketReaders readers_{folder_.path(), 300ms};
};

TEST_F(CardSocketTest, GivesTheReaderToAnotherProcess) {
  EXPECT_TRUE(readers_.list().empty());
  auto socket = serve();
  const auto listed = readers_.list();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].name, "desk");
  EXPECT_EQ(listed[0].presence, Presence::present);
  EXPECT_EQ(listed[0].atr, inside_->list().at(0).atr);
  auto link = readers_.connect("desk");
  EXPECT_EQ(link->protocol(), Protocol::t1);
  link->transmit(select_piv);
  EXPECT_EQ(link->transmit(wrong_pin), hex("63C2"));
  EXPECT_EQ(link_error([&] { readers_.connect("desk"); }), Kind::in_use);
  link.reset();
  EXPECT_TRUE(wait_until([&] { return !link_error([&] { readers_.connect("desk"); }); })) << "given back";
  socket.reset();
  EXPECT_TRUE(readers_.list().empty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "desk.card"));
}

TEST_F(CardSocketTest, CarriesWhatGoesWrong) {
  const auto socket = serve();
  auto link = readers_.connect("desk");
  card_->add({.kind = Fault::Kind::reset});
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), Kind::reset);
  link->resume();
  EXPECT_EQ(link->transmit(tries_left), hex("6D00"));
  card_->add({.kind = Fault::Kind::slow, .delay = 600ms});
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), Kind::silent) << "too slow";
  EXPECT_TRUE(wait_until([&] { return !link_error([&] { link = readers_.connect("desk"); }); }));
  card_->add({.kind = Fault::Kind::pull});
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), Kind::no_card);
  EXPECT_EQ(readers_.list().at(0).presence, Presence::empty);
}

TEST_F(CardSocketTest, ShowsChangesToWhoeverWaits) {
  const auto socket = serve();
  const auto known = readers_.list();
  std::jthread hand([&] {
    std::this_thread::sleep_for(50ms);
    inside_->insert("desk", card_);
  });
  EXPECT_NE(readers_.wait_for_change(known, 10s, {}).at(0).events, known.at(0).events);
}

TEST_F(CardSocketTest, IsForItsOwnUserAlone) {
  const auto socket = serve();
  struct stat facts {};
  ASSERT_EQ(::stat((folder_ / "desk.card").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0077, 0u);
  ::chmod(folder_.path().c_str(), 0777);
  EXPECT_EQ(link_error([&] { readers_.list(); }), Kind::no_service) << "a folder that others write to";
  EXPECT_TRUE(link_error([&] { readers_.connect("desk"); }).has_value());
  ::chmod(folder_.path().c_str(), 0700);
  EXPECT_EQ(link_error([&] { readers_.connect("../desk"); }), Kind::no_reader);
  EXPECT_EQ(CardSocket::open(folder_ / "desk.card", inside_, "desk").error().code, core::Code::conflict);
  EXPECT_EQ(CardSocket::open(folder_ / std::string(120, 'x'), inside_, "desk").error().code, core::Code::invalid);
  EXPECT_EQ(CardSocket::open(folder_ / "no/desk.card", inside_, "desk").error().code, core::Code::unavailable);
}

class CardProgramTest : public ::testing::Test {
 protected:
  testing::Ended run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), ANAHTAR_CARD);
    testing::Program program(folder_.path(), arguments, {}, testing::Program::Input::nothing);
    return program.wait();
  }
  std::unique_ptr<testing::ServerProcess> start(std::vector<std::string> arguments) {
    return std::make_unique<testing::ServerProcess>(ANAHTAR_CARD, std::move(arguments), folder_ / "card.log", "anahtar");
  }
  bool shows(Presence presence) {
    return wait_until([&] { return !readers_.list().empty() && readers_.list().at(0).presence == presence; });
  }

  testing::TemporaryFolder folder_;
  SocketReaders readers_{folder_.path()};
};

TEST_F(CardProgramTest, ServesACardToAConsoleWithoutPcscd) {
  const std::string socket = folder_ / "demo.card", memory = folder_ / "memory", authority = folder_ / "authority";
  {
    const auto program = start({"piv", "--serve", socket, "--state", memory, "--authority", authority});
    ASSERT_TRUE(shows(Presence::present));
    const auto link = readers_.connect("demo");
    link->transmit(select_piv);
    EXPECT_EQ(link->transmit(wrong_pin), hex("63C2"));
    program->signal(SIGUSR1);
    ASSERT_TRUE(shows(Presence::empty));
    EXPECT_EQ(link_error([&] { link->transmit(tries_left); }), Kind::no_card);
    program->signal(SIGUSR1);
    ASSERT_TRUE(shows(Presence::present));
    program->signal(SIGTERM);
    ASSERT_TRUE(wait_until([&] { return !program->running(); }));
    EXPECT_FALSE(std::filesystem::exists(socket));
  }
  EXPECT_TRUE(testing::read_file(authority + "/root.pem").starts_with("-----BEGIN CERTIFICATE-----"));
  EXPECT_EQ(testing::read_file(authority + "/root.pem").find("PRIVATE"), std::string::npos);
  struct stat facts {};
  ASSERT_EQ(::stat(memory.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0077, 0u) << "the memory holds a key";
  const auto program = start({"piv", "--serve", socket, "--state", memory, "--authority", authority});
  ASSERT_TRUE(shows(Presence::present));
  const auto link = readers_.connect("demo");
  link->transmit(select_piv);
  EXPECT_EQ(link->transmit(tries_left), hex("63C2")) << "it remembers";
}

TEST_F(CardProgramTest, ComesBackAfterItWasPulled) {
  const auto program = start({"gids", "--serve", folder_ / "demo.card", "--pull-at", "1", "--again-after", "100"});
  ASSERT_TRUE(shows(Presence::present));
  const auto before = readers_.list().at(0).events;
  const auto link = readers_.connect("demo");
  EXPECT_EQ(link_error([&] { link->transmit(select_piv); }), Kind::no_card);
  EXPECT_TRUE(shows(Presence::present));
  EXPECT_NE(readers_.list().at(0).events, before);
}

TEST_F(CardProgramTest, TellsHeadersAndFaultsButNoData) {
  const auto program = start({"piv", "--serve", folder_ / "demo.card", "--tell", "--silent-at", "1", "--ins", "20"});
  ASSERT_TRUE(shows(Presence::present));
  const auto link = readers_.connect("demo");
  link->transmit(select_piv);
  EXPECT_TRUE(link_error([&] { link->transmit(wrong_pin); }).has_value());
  const auto told = testing::read_file(folder_ / "card.log");
  EXPECT_NE(told.find("\n00 A4 04 00, 17 bytes\n00 20 00 80, 13 bytes: silent\n"), std::string::npos) << told;
}

TEST_F(CardProgramTest, SaysWhatIsWrongWithItsArguments) {
  struct Row {
    std::vector<std::string> arguments;
    int exit;
    const char* says;
  };
  const std::vector<Row> rows = {
      {{}, 2, "family"},
      {{"visa"}, 2, "visa"},
      {{"piv", "--pin", "12"}, 2, "The PIN of that family has 6 to 8 digits."},
      {{"piv", "--puk", "letters!"}, 2, "The PUK of that family has 8 digits."},
      {{"piv", "--serial", "xyz"}, 2, "not hexadecimal"},
      {{"piv", "--serial", "AABB"}, 2, "A serial number of that family has 4 or 16 bytes."},
      {{"akis", "--serial", "AABB"}, 2, "12 bytes"},
      {{"piv", "--holder", "12345678901"}, 2, "That is no T.C. Kimlik No"},
      {{"piv", "--pull-at", "0"}, 2, "--pull-at"},
      {{"piv", "--lie", "maybe"}, 2, "--lie"},
      {{"piv", "--ins", "zz"}, 2, "not hexadecimal"},
      {{"piv", "--serve", folder_ / "demo.socket"}, 2, ".card"},
      {{"piv", "--serve", folder_ / "no/demo.card"}, 1, "cannot be made"},
      {{"piv", "--state", "/proc/nothing"}, 1, "cannot be written"},
      {{"piv", "--authority", "/proc/nothing"}, 1, "cannot be written"},
  };
  for (const Row& row : rows) {
    const auto ended = run(row.arguments);
    EXPECT_EQ(ended.exit, row.exit) << row.says;
    EXPECT_NE((ended.out + ended.err).find(row.says), std::string::npos) << row.says << ": " << ended.out << ended.err;
    EXPECT_EQ((ended.out + ended.err).find("letters!"), std::string::npos) << "a code is never repeated";
  }
  const auto help = run({"--help"});
  EXPECT_EQ(help.exit, 0);
  EXPECT_NE(help.out.find("Examples:"), std::string::npos);
}

TEST_F(CardProgramTest, TakesNoMemoryOfAnotherFamily) {
  const std::string memory = folder_ / "memory";
  ASSERT_TRUE(with_memory(make_card("gids", {}), "gids", memory));
  const auto ended = run({"piv", "--state", memory});
  EXPECT_EQ(ended.exit, 1);
  EXPECT_NE(ended.err.find("is not the memory of a card of this family"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace anahtar::card::emulated
