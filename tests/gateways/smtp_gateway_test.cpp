// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/smtp_gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateways/mail_text.h"
#include "gateways/support/mail_server.h"
#include "support/memory_store.h"
#include "support/temporary_folder.h"

namespace anahtar {
namespace {

using core::Code;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::MailServer;
using Tls = MailServer::Tls;
using Health = core::GatewayState::Health;

core::MailMessage mail(std::string id, std::string to = "holder@example.org") {
  return {std::move(id), "security_word", std::move(to), "Güvenlik sözcüğünüz yenilendi",
          sdk::Secret("Merhaba Işık,\nyeni sözcük: dağ=keçi\n.\n. tek nokta\n")};
}

struct SmtpGateway : ::testing::Test {
  gateways::SmtpSettings settings(std::uint16_t port) const {
    gateways::SmtpSettings made;
    made.host = "127.0.0.1";
    made.port = port;
    made.from = "destek@desk.example";
    made.display_name = "Çağrı Merkezi";
    made.user = "desk";
    made.password = sdk::Secret("mail password");
    made.limits.total = std::chrono::seconds(5);
    made.ca_file = certificate.certificate;
    made.retries.first_wait = std::chrono::milliseconds(10);
    return made;
  }

  testing::TemporaryFolder folder;
  testing::Certificate certificate = testing::make_certificate(folder.path(), "mail");
  testing::FakeClock clock;
};

TEST_F(SmtpGateway, BringsTurkishMailOverStartTls) {
  const MailServer server(folder.path(), certificate, Tls::trusted);
  gateways::SmtpGateway gateway(settings(server.port), clock);
  const auto sent = gateway.send(mail("m-1"));
  ASSERT_TRUE(sent) << server.process->output();
  const auto mails = server.mails();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_THAT(mails[0], HasSubstr("Message-ID: <m-1@desk.example>"));
  EXPECT_THAT(mails[0], HasSubstr("Date: Mon, 05 Jan 2026 09:00:00 +0000"));
  EXPECT_THAT(mails[0], HasSubstr("To: holder@example.org"));
  EXPECT_THAT(mails[0], HasSubstr("Subject: =?UTF-8?B?R8O8dmVubGlrIHPDtnpjw7zEn8O8bsO8eiB5ZW5pbGVuZGk=?="));
  EXPECT_THAT(mails[0], HasSubstr("<destek@desk.example>"));
  EXPECT_THAT(mails[0], HasSubstr("Content-Transfer-Encoding: quoted-printable"));
  EXPECT_THAT(mails[0], HasSubstr("Merhaba I=C5=9F=C4=B1k,"));
  EXPECT_THAT(mails[0], HasSubstr("da=C4=9F=3Dke=C3=A7i"));
  EXPECT_THAT(mails[0], HasSubstr(". tek nokta"));
  EXPECT_EQ(gateway.state().health, Health::ok);
}

TEST_F(SmtpGateway, SendsADoubledMailOnce) {
  const MailServer server(folder.path(), certificate, Tls::trusted);
  gateways::SmtpGateway gateway(settings(server.port), clock);
  ASSERT_TRUE(gateway.send(mail("m-1")));
  ASSERT_TRUE(gateway.send(mail("m-1")));
  EXPECT_EQ(server.mails().size(), 1u);
}

TEST_F(SmtpGateway, SaysNothingWithoutStartTls) {
  const MailServer server(folder.path(), certificate, Tls::none);
  auto made = settings(server.port);
  made.user.clear();
  gateways::SmtpGateway gateway(std::move(made), clock);
  const auto sent = gateway.send(mail("m-1"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::unavailable);
  EXPECT_EQ(gateway.state().health, Health::down);
  EXPECT_TRUE(server.mails().empty());
}

TEST_F(SmtpGateway, SaysNothingToAServerWithAnotherCertificate) {
  const auto stranger = testing::make_certificate(folder.path(), "stranger");
  const MailServer server(folder.path(), stranger, Tls::trusted);
  gateways::SmtpGateway gateway(settings(server.port), clock);
  const auto sent = gateway.send(mail("m-1"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::unavailable);
  EXPECT_EQ(gateway.state().health, Health::down);
  EXPECT_TRUE(server.mails().empty());
}

TEST_F(SmtpGateway, IsDownWithAWrongPassword) {
  const MailServer server(folder.path(), certificate, Tls::trusted);
  auto made = settings(server.port);
  made.password = sdk::Secret("another password");
  gateways::SmtpGateway gateway(std::move(made), clock);
  const auto sent = gateway.send(mail("m-1"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::unavailable);
  EXPECT_EQ(gateway.state().health, Health::down);
  EXPECT_TRUE(server.mails().empty());
}

TEST_F(SmtpGateway, KnowsThatARefusedMailWasNotSent) {
  const MailServer server(folder.path(), certificate, Tls::trusted);
  gateways::SmtpGateway gateway(settings(server.port), clock);
  const auto refused = gateway.send(mail("m-1", "refused@example.org"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::refused);
  EXPECT_EQ(gateway.state().health, Health::ok) << "the server is well";
  const auto later = gateway.send(mail("m-2", "later@example.org"));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, Code::unavailable);
  EXPECT_EQ(gateway.state().health, Health::degraded);
  EXPECT_TRUE(server.mails().empty());
}

TEST_F(SmtpGateway, SaysThatNobodyKnowsWhenTheAnswerIsLate) {
  const MailServer server(folder.path(), certificate, Tls::trusted);
  auto made = settings(server.port);
  made.limits.total = std::chrono::milliseconds(1500);
  gateways::SmtpGateway gateway(std::move(made), clock);
  const auto sent = gateway.send(mail("m-1", "silent@example.org"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::internal) << server.process->output();
  const auto again = gateway.send(mail("m-1", "silent@example.org"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::internal);
  EXPECT_EQ(server.mails().size(), 1u) << "it was taken after all, and once";
}

TEST_F(SmtpGateway, SendsAgainWhatWasCertainlyNotSent) {
  const auto port = testing::free_port();
  gateways::SmtpGateway gateway(settings(port), clock);
  const auto sent = gateway.send(mail("m-1"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::unavailable);
  EXPECT_EQ(gateway.state().health, Health::degraded);
  const MailServer server(folder.path(), certificate, Tls::trusted, port);
  ASSERT_TRUE(gateway.send(mail("m-1")));
  EXPECT_EQ(server.mails().size(), 1u);
  EXPECT_EQ(gateway.state().health, Health::ok);
}

TEST_F(SmtpGateway, LetsNobodySmuggleInALine) {
  gateways::SmtpGateway gateway(settings(1), clock);
  for (const char* to : {"a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "a b@c.example", "<a@b.example>", "a", ""}) {
    const auto sent = gateway.send(mail("m-1", to));
    ASSERT_FALSE(sent) << to;
    EXPECT_EQ(sent.error().code, Code::invalid) << to;
  }
  auto injected = mail("m-1");
  injected.subject = "hello\r\nBcc: c@d.example";
  EXPECT_EQ(gateway.send(injected).error().code, Code::invalid);
  EXPECT_EQ(gateway.send(mail("m>\r\nBcc: c@d.example")).error().code, Code::invalid);
}

TEST(HeaderText, FoldsLongTurkishIntoWordsOfWholeCharacters) {
  std::string subject;
  for (int i = 0; i < 40; ++i) subject += "şı";
  const auto text = gateways::header_text(subject);
  ASSERT_TRUE(text);
  std::size_t lines = 0;
  for (std::size_t at = 0; at < text->size(); ++lines) {
    const auto end = std::min(text->find("\r\n", at), text->size());
    EXPECT_LE(end - at, 76u);
    at = end + 2;
  }
  EXPECT_EQ(lines, 4u);
  EXPECT_EQ(gateways::header_text("plain"), "plain");
  EXPECT_EQ(gateways::header_text("=?UTF-8?B?"), "=?UTF-8?B?PT9VVEYtOD9CPw==?=");
  EXPECT_FALSE(gateways::header_text("a\nb"));
  EXPECT_FALSE(gateways::header_text("\xff"));
}

}  // namespace
}  // namespace anahtar
