// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "card/virtual/virtual_reader_test.h"

/// What foreign tools see on the emulated cards is what the cards have, before and after they changed it.
namespace anahtar::testing {
namespace {

using card::emulated::Fault;
using ::testing::HasSubstr;
using ::testing::Not;

// ---- PIV, with yubico-piv-tool -------------------------------------------------------------------------------------

class PivTools : public VirtualReaderTest {
 protected:
  Seen piv(std::vector<std::string> action) {
    std::vector<std::string> line = {"yubico-piv-tool", "-r", "Virtual"};
    line.insert(line.end(), action.begin(), action.end());
    return run(std::move(line));
  }
};

TEST_F(PivTools, SeeTheStateOfTheCard) {
  insert("piv", {.pin_tries = 5, .holder = holder()});
  const Seen status = piv({"-a", "status"});
  EXPECT_EQ(status.exit, 0);
  EXPECT_THAT(status.text, HasSubstr("Serial Number:\t12345678"));
  EXPECT_THAT(status.text, HasSubstr("serialNumber=10000000146"));
  EXPECT_THAT(status.text, HasSubstr("PIN tries left:\t5"));
  EXPECT_EQ(certificate_in(piv({"-a", "read-certificate", "-s", "9a"}).text), holder().certificate);
}

TEST_F(PivTools, UnpackTheCertificate) {
  insert("piv", {.holder = holder(), .tells_puk_tries = true, .packed_certificate = true});
  EXPECT_EQ(certificate_in(run({"pkcs15-tool", "-r", "0", "--read-certificate", "01"}).text), holder().certificate);
  EXPECT_THAT(piv({"-a", "status"}).text, HasSubstr("Version:\t5.4.3"));
}

TEST_F(PivTools, CountBlockAndUnblock) {
  insert("piv", {});
  EXPECT_EQ(piv({"-a", "verify", "-P", "123456"}).exit, 0);
  EXPECT_THAT(piv({"-a", "verify", "-P", "111111"}).text, HasSubstr("2 tries left"));
  EXPECT_EQ(left("pin"), 2);
  for (int i = 0; i < 2; ++i) piv({"-a", "verify", "-P", "111111"});
  EXPECT_EQ(left("pin"), 0);
  EXPECT_NE(piv({"-a", "verify", "-P", "123456"}).exit, 0) << "blocked";
  EXPECT_NE(piv({"-a", "unblock-pin", "-P", "11111111", "-N", "654321"}).exit, 0);
  EXPECT_EQ(left("puk"), 2);
  EXPECT_EQ(piv({"-a", "unblock-pin", "-P", "12345678", "-N", "654321"}).exit, 0);
  EXPECT_EQ(left("pin"), 3);
  EXPECT_EQ(left("puk"), 3);
  EXPECT_EQ(piv({"-a", "change-pin", "-P", "654321", "-N", "246810"}).exit, 0);
  EXPECT_EQ(piv({"-a", "verify", "-P", "246810"}).exit, 0);
  EXPECT_EQ(piv({"-a", "change-puk", "-P", "12345678", "-N", "87654321"}).exit, 0);
  EXPECT_EQ(piv({"-a", "unblock-pin", "-P", "87654321", "-N", "123456"}).exit, 0);
}

TEST_F(PivTools, SignWithTheHoldersKey) {
  insert("piv", {.holder = holder()});
  const Seen certificate = piv({"-a", "read-certificate", "-s", "9a"});
  write("certificate.pem", certificate.text);
  const Seen tested = piv({"-a", "verify", "-P", "123456", "-a", "test-signature", "-s", "9a", "-i", folder_ / "certificate.pem"});
  EXPECT_THAT(tested.text, HasSubstr("Successful RSA verification"));
}

TEST_F(PivTools, LeaveACardInAKnownStateWhenItIsPulled) {
  struct Row {
    const char* what;
    bool late;
    int pin_left;  ///< afterwards
  };
  for (const Row& row : {Row{"before the unblock", false, 0}, Row{"after it", true, 3}}) {
    SCOPED_TRACE(row.what);
    insert("piv", {.pin_blocked = true});
    faults_->add({.kind = Fault::Kind::pull, .ins = 0x2C, .after = row.late});
    EXPECT_NE(piv({"-a", "unblock-pin", "-P", "12345678", "-N", "654321"}).exit, 0);
    EXPECT_TRUE(VirtualReader::wait_for_pulled_card());
    EXPECT_EQ(left("pin"), row.pin_left);
    insert_again();
    EXPECT_EQ(piv({"-a", "verify", "-P", "654321"}).exit == 0, row.late);
    readers_->remove();
  }
  card_.reset();
}

TEST_F(PivTools, GoOnAfterTheServiceCrashed) {
  insert("piv", {});
  piv({"-a", "verify", "-P", "111111"});
  readers_->kill_service();
  EXPECT_NE(piv({"-a", "status"}).exit, 0);
  readers_->start_service();
  insert_again();
  EXPECT_THAT(piv({"-a", "status"}).text, HasSubstr("PIN tries left:\t2"));
}

// ---- GIDS, with gids-tool and pkcs15-tool --------------------------------------------------------------------------

constexpr const char* admin_key = "010203040506070801020304050607080102030405060708";

TEST_F(VirtualReaderTest, GidsToolsListVerifyAndUnblock) {
  insert("gids", {.pin_tries = 4, .holder = holder()});
  const Seen listed = run({"pkcs15-tool", "-r", "0", "-D"});
  EXPECT_THAT(listed.text, HasSubstr("a1b2c3d4e5f60718293a4b5c6d7e8f90"));
  EXPECT_THAT(listed.text, HasSubstr("Tries left     : 4"));
  EXPECT_EQ(certificate_in(run({"pkcs15-tool", "-r", "0", "--read-certificate", "00"}).text), holder().certificate);
  EXPECT_EQ(run({"pkcs15-tool", "-r", "0", "--verify-pin", "--pin", "123456"}).exit, 0);
  EXPECT_NE(run({"pkcs15-tool", "-r", "0", "--verify-pin", "--pin", "111111"}).exit, 0);
  EXPECT_EQ(left("pin"), 3);
  EXPECT_THAT(run({"gids-tool", "-r", "0", "-U", "--admin-key", "000000000000000000000000000000000000000000000000", "--pin", "654321"}).text,
              Not(HasSubstr("done successfully")));
  EXPECT_EQ(left("pin"), 3);
  EXPECT_THAT(run({"gids-tool", "-r", "0", "-U", "--admin-key", admin_key, "--pin", "654321"}).text, HasSubstr("done successfully"));
  EXPECT_EQ(left("pin"), 4);
  EXPECT_EQ(run({"pkcs15-tool", "-r", "0", "--verify-pin", "--pin", "654321"}).exit, 0);
  EXPECT_EQ(run({"pkcs15-tool", "-r", "0", "--change-pin", "--pin", "654321", "--new-pin", "246810"}).exit, 0);
  EXPECT_EQ(run({"pkcs15-tool", "-r", "0", "--verify-pin", "--pin", "246810"}).exit, 0);
}

TEST_F(VirtualReaderTest, GidsToolsSpeakT0AsWell) {
  insert("gids", {.pin_blocked = true, .holder = holder(), .t0 = true});
  EXPECT_THAT(run({"pkcs15-tool", "-r", "0", "-D"}).text, HasSubstr("Tries left     : 0"));
  EXPECT_EQ(certificate_in(run({"pkcs15-tool", "-r", "0", "--read-certificate", "00"}).text), holder().certificate);
  EXPECT_THAT(run({"gids-tool", "-r", "0", "-U", "--admin-key", admin_key, "--pin", "654321"}).text, HasSubstr("done successfully"));
  EXPECT_EQ(left("pin"), 3);
}

// ---- OpenPGP, with openpgp-tool, pkcs15-tool and gpg ---------------------------------------------------------------

class OpenPgpTools : public VirtualReaderTest {
 protected:
  void SetUp() override {
    VirtualReaderTest::SetUp();
    if (IsSkipped()) return;
    environment_["GNUPGHOME"] = folder_.path().string();
    write("scdaemon.conf", "disable-ccid\n");
  }
  void TearDown() override {
    if (!IsSkipped()) end_daemons();
    VirtualReaderTest::TearDown();
  }
  /// The agent and the card's daemon that gpg leaves behind; they would go on holding the card.
  void end_daemons() { run({"gpgconf", "--kill", "all"}); }
  std::string card_status() {
    const std::string text = run({"gpg", "--card-status"}).text;
    end_daemons();
    return text;
  }
};

TEST_F(OpenPgpTools, SeeCountAndUnblock) {
  insert("openpgp", {.puk_tries = 5, .pin_blocked = true, .holder = holder()});
  const std::string before = card_status();
  EXPECT_THAT(before, HasSubstr("Version ..........: 3.4"));
  EXPECT_THAT(before, HasSubstr("Serial number ....: 00BC614E"));
  EXPECT_THAT(before, HasSubstr("PIN retry counter : 0 5 3"));
  EXPECT_THAT(before, HasSubstr("KDF setting ......: off"));
  EXPECT_NE(run({"pkcs15-tool", "-r", "0", "--unblock-pin", "--auth-id", "02", "--puk", "11111111", "--new-pin", "654321"}).exit, 0);
  EXPECT_EQ(left("pin"), 0);
  EXPECT_EQ(run({"openpgp-tool", "-r", "0", "--verify", "CHV3", "--pin", "12345678"}).exit, 0);
  EXPECT_EQ(run({"pkcs15-tool", "-r", "0", "--unblock-pin", "--auth-id", "02", "--puk", "12345678", "--new-pin", "654321"}).exit, 0);
  EXPECT_EQ(left("pin"), 3);
  EXPECT_EQ(run({"openpgp-tool", "-r", "0", "--verify", "CHV1", "--pin", "654321"}).exit, 0);
  EXPECT_NE(run({"openpgp-tool", "-r", "0", "--verify", "CHV1", "--pin", "123456"}).exit, 0);
  EXPECT_THAT(card_status(), HasSubstr("PIN retry counter : 2 5 3"));
}

TEST_F(OpenPgpTools, KnowThatPinsAreHashed) {
  insert("openpgp", {.hashed_pins = true});
  EXPECT_THAT(card_status(), HasSubstr("KDF setting ......: on"));
}

// ---- AKİS and plain ISO, with OpenSC -------------------------------------------------------------------------------

TEST_F(VirtualReaderTest, OpenScKnowsTheFirstAkis) {
  insert("akis-1.0", {});
  environment_["OPENSC_DRIVER"] = "akis";
  const Seen serial = run({"opensc-tool", "-r", "0", "--name", "--serial"});
  EXPECT_THAT(serial.text, HasSubstr("30 00 00 00 00 00 00 00 12 34 56 78"));
  EXPECT_THAT(serial.text, HasSubstr("AKIS"));
}

TEST_F(VirtualReaderTest, OpenScReadsThePkcs15FilesAndUnblocks) {
  insert("iso", {.pin_blocked = true, .holder = holder()});
  write("opensc.conf", "app default { enable_default_driver = true; }\n");
  environment_["OPENSC_CONF"] = folder_ / "opensc.conf";
  const Seen listed = run({"pkcs15-tool", "-r", "0", "-D"});
  for (const char* each : {"Emulated ISO card", "0011223344556677", "PIN [PIN]", "PIN [PUK]", "PIN [SO PIN]", "unblockingPin",
                           "Private RSA Key [Signature key]", "X.509 Certificate [Holder certificate]"})
    EXPECT_THAT(listed.text, HasSubstr(each));
  EXPECT_EQ(certificate_in(run({"pkcs15-tool", "-r", "0", "--read-certificate", "45"}).text), holder().certificate);
  EXPECT_NE(run({"pkcs15-tool", "-r", "0", "--verify-pin", "--auth-id", "01", "--pin", "123456"}).exit, 0);
  EXPECT_EQ(run({"pkcs15-tool", "-r", "0", "--unblock-pin", "--auth-id", "01", "--puk", "12345678", "--new-pin", "654321"}).exit, 0);
  EXPECT_EQ(left("pin"), 3);
  EXPECT_EQ(run({"pkcs15-tool", "-r", "0", "--verify-pin", "--auth-id", "01", "--pin", "654321"}).exit, 0);
}

// ---- the program ---------------------------------------------------------------------------------------------------

class CardProgram : public VirtualReaderTest {
 protected:
  std::unique_ptr<ServerProcess> start(std::vector<std::string> arguments) {
    return std::make_unique<ServerProcess>(ANAHTAR_CARD, std::move(arguments), folder_ / "card.log", "anahtar");
  }
  Seen piv(const std::string& action, const std::string& pin = "123456") {
    return run({"yubico-piv-tool", "-r", "Virtual", "-a", action, "-P", pin});
  }
};

TEST_F(CardProgram, BringsACardThatComesGoesAndRemembers) {
  const std::string memory = folder_ / "memory";
  {
    const auto program = start({"piv", "--serial", "0000002A", "--state", memory});
    ASSERT_TRUE(VirtualReader::wait_for_card(true));
    EXPECT_THAT(piv("status").text, HasSubstr("Serial Number:\t42"));
    piv("verify", "111111");
    program->signal(SIGUSR1);
    EXPECT_TRUE(VirtualReader::wait_for_card(false)) << "taken out";
    program->signal(SIGUSR1);
    EXPECT_TRUE(VirtualReader::wait_for_card(true)) << "put back";
    EXPECT_THAT(piv("status").text, HasSubstr("PIN tries left:\t2"));
    program->signal(SIGTERM);
    EXPECT_TRUE(wait_until([&] { return !program->running(); }));
    EXPECT_THAT(program->output(), HasSubstr("An emulated piv card is in the virtual reader on port 35963."));
    EXPECT_THAT(program->output(), Not(HasSubstr("123456"))) << "PINs are not printed";
  }
  ASSERT_TRUE(VirtualReader::wait_for_card(false));
  const auto again = start({"piv", "--serial", "0000002A", "--state", memory});
  ASSERT_TRUE(VirtualReader::wait_for_card(true));
  EXPECT_THAT(piv("status").text, HasSubstr("PIN tries left:\t2"));
  again->kill();
  EXPECT_TRUE(VirtualReader::wait_for_card(false));
}

TEST_F(CardProgram, IsPulledAtTheCommandThatItWasTold) {
  const auto program = start({"piv", "--pull-at", "1", "--ins", "20"});
  ASSERT_TRUE(VirtualReader::wait_for_card(true));
  EXPECT_NE(piv("verify").exit, 0);
  EXPECT_TRUE(wait_until([&] { return !program->running(); })) << "it ends with its card out";
  EXPECT_TRUE(VirtualReader::wait_for_card(false));
}

}  // namespace
}  // namespace anahtar::testing
