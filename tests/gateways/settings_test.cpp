// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/settings.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace anahtar {
namespace {

using core::Code;

struct GatewaySettings : ::testing::Test {
  GatewaySettings() { write("sms.password", "hidden word\n", 0600); }
  void write(const std::string& name, const std::string& text, mode_t mode) {
    std::ofstream(folder / name) << text;
    ::chmod((folder / name).c_str(), mode);
  }
  core::Result<gateways::GatewaySettings> read(const std::string& text, mode_t mode = 0644) {
    write("gateways.toml", text, mode);
    return gateways::read_settings(folder / "gateways.toml");
  }
  /// What people would read.
  std::string refusal(const std::string& text) {
    const auto settings = read(text);
    if (settings) return "accepted";
    EXPECT_EQ(settings.error().code, Code::invalid);
    const auto sentence = sdk::fill(settings.error().sentence.id, settings.error().sentence.args);
    const auto name = (folder / "").string();
    return sentence.starts_with(name) ? sentence.substr(name.size()) : sentence;
  }
  testing::TemporaryFolder folder;
};

const std::string sms =
    "[sms]\nurl = 'http://127.0.0.1:13013/cgi-bin/sendsms'\nuser = 'desk'\npassword_file = 'sms.password'\nsender = 'KAMUSM'\n";

TEST_F(GatewaySettings, SetNothingUpWithoutAFile) {
  const auto settings = gateways::read_settings(folder / "gateways.toml");
  ASSERT_TRUE(settings);
  EXPECT_FALSE(settings->sms || settings->mail || settings->civil_registry);
}

TEST_F(GatewaySettings, AreReadWhole) {
  write("ca.pem", "", 0644);
  const auto settings = read(sms +
                             "report_port = 13015\ntimeout = 7\n"
                             "[mail]\nhost = 'mail.ornek.example'\nfrom = 'destek@ornek.example'\ndisplay_name = 'Çağrı'\n"
                             "user = 'desk'\npassword_file = 'sms.password'\n"
                             "[civil_registry]\nurl = 'https://tckimlik.nvi.gov.tr/Service/KPSPublicV2.asmx'\nca_file = 'ca.pem'\n");
  ASSERT_TRUE(settings) << settings.error().sentence.id;
  ASSERT_TRUE(settings->sms && settings->mail && settings->civil_registry);
  EXPECT_EQ(settings->sms->password.expose(), "hidden word");
  EXPECT_EQ(settings->sms->report_port, 13015);
  EXPECT_EQ(settings->sms->limits.total, std::chrono::seconds(7));
  EXPECT_EQ(settings->mail->port, 587);
  EXPECT_EQ(settings->mail->display_name, "Çağrı");
  EXPECT_EQ(settings->civil_registry->ca_file, folder / "ca.pem");
}

TEST_F(GatewaySettings, SayWhereAndWhyTheyAreRefused) {
  EXPECT_EQ(refusal("[sms]\nurl = "), "gateways.toml, line 2: this is no proper TOML.");
  EXPECT_EQ(refusal("\n[smss]\n"), "gateways.toml, line 2: nothing is known of smss.");
  EXPECT_EQ(refusal("sms = 1\n"), "gateways.toml, line 1: nothing is known of sms.");
  EXPECT_EQ(refusal(sms + "sendr = 'x'\n"), "gateways.toml, line 6: nothing is known of sendr.");
  EXPECT_EQ(refusal(sms + "timeout = 0\n"), "gateways.toml, line 6: timeout should be a number from 1 to 120.");
  EXPECT_EQ(refusal(sms + "timeout = '5'\n"), "gateways.toml, line 6: timeout should be a number from 1 to 120.");
  EXPECT_EQ(refusal(sms + "centre = 5\n"), "gateways.toml, line 6: centre should be a text in quotes.");
  EXPECT_EQ(refusal(sms + "centre = \"a\\nb\"\n"), "gateways.toml, line 6: centre is empty or not one line.");
  EXPECT_EQ(refusal("[sms]\n"), "gateways.toml, line 1: url is missing.");
  EXPECT_EQ(refusal("[mail]\nhost = 'mail/x'\n"), "gateways.toml, line 2: mail/x is no name of a machine.");
  EXPECT_EQ(refusal("[mail]\nhost = 'mail'\nfrom = 'x'\n"), "gateways.toml, line 3: x is no e-mail address.");
  EXPECT_EQ(refusal(sms + "ca_file = 'none.pem'\n"),
            "gateways.toml, line 6: " + (folder / "none.pem").string() + " cannot be read.");
}

TEST_F(GatewaySettings, RefuseAddressesThatGiveSecretsAway) {
  const std::string plain = "gateways.toml, line 2: the address has to begin with https://, or what is sent could be read on its way.";
  EXPECT_EQ(refusal("[sms]\nurl = 'http://sms.example/sendsms'\n"), plain);
  EXPECT_EQ(refusal("[civil_registry]\nurl = 'http://127.0.0.1/x'\n"), plain);
  EXPECT_EQ(refusal("[sms]\nurl = 'https://desk:word@sms.example/'\n"),
            "gateways.toml, line 2: the address holds a user name; use user and password_file.");
  EXPECT_EQ(refusal("[sms]\nurl = 'ftp://sms.example/'\n"), "gateways.toml, line 2: url is no web address.");
}

TEST_F(GatewaySettings, RefuseFilesThatOthersCanTouch) {
  ::chmod((folder / "sms.password").c_str(), 0640);
  EXPECT_NE(refusal(sms).find("others can read it"), std::string::npos);
  ::chmod((folder / "sms.password").c_str(), 0600);
  EXPECT_EQ(refusal(sms), "accepted");
  const auto lax = read(sms, 0666);
  ASSERT_FALSE(lax);
  EXPECT_EQ(lax.error().code, Code::invalid);
}

TEST_F(GatewaySettings, RefuseAPasswordFileWithoutAPassword) {
  for (const char* text : {"", "\n", "two\nlines\n"}) {
    write("sms.password", text, 0600);
    EXPECT_NE(refusal(sms).find("should hold a password on one line"), std::string::npos);
  }
}

}  // namespace
}  // namespace anahtar
