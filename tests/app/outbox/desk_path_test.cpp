// SPDX-License-Identifier: GPL-3.0-or-later
// A desk that is no demo: its command line, Kannel, and a civil registry, from the settings file to the record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "app/desk.h"
#include "gateways/support/kannel.h"

namespace anahtar::testing {
namespace {

using ::testing::HasSubstr;

std::string registry_answer(const std::string& value) {
  return R"(<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">)"
         R"(<soap:Body><KisiVeCuzdanDogrulaResponse xmlns="http://tckimlik.nvi.gov.tr/WS"><KisiVeCuzdanDogrulaResult>)" +
         value +
         "</KisiVeCuzdanDogrulaResult></KisiVeCuzdanDogrulaResponse></soap:Body></soap:Envelope>";
}

struct RealDesk : ::testing::Test {
  void SetUp() override {
    desk.init_demo();
    for (const auto& site : std::filesystem::directory_iterator(desk.file("config") / "anahtar" / "sites"))
      std::filesystem::remove(site.path() / "demo");
  }
  void settings(const std::string& text) {
    desk.write("config/anahtar/sms.password", "kannel password");
    desk.write("config/anahtar/gateways.toml", text);
  }
  void use_kannel(const std::string& url) {
    settings("[sms]\nurl = \"" + url + "\"\nuser = \"desk\"\npassword_file = \"sms.password\"\nsender = \"ANAHTAR\"\n" +
             "report_port = " + std::to_string(report_port) + "\n");
  }
  void use_registry(const std::string& url, const Certificate& certificate) {
    settings("[civil_registry]\nurl = \"" + url + "\"\nca_file = \"" + certificate.certificate.string() +
             "\"\ntimeout = 2\n");
  }
  std::string open_ticket() {
    const auto opened = desk.json_as("operator", {"tickets", "open", "--subscriber", "1", "--cause", "password_blocked"});
    return std::to_string(opened.at("number").get<int>());
  }
  Program run_sms(const std::string& ticket) {
    return desk.start({"actions", "run", "verification.sms_code", "--ticket", ticket, "--operator", "operator"},
                      Program::Input::terminal);
  }
  /// All that the demo's record of subscriber 1 answers.
  Ended ask_registry(const std::string& ticket) {
    const auto answers = desk.write("answers.json", R"({"birth_date": "1980-05-01", "birth_place": "Ankara",
        "mother_name": "Fatma", "father_name": "Mehmet", "registry_province": "Ankara", "registry_district": "Çankaya",
        "volume_number": "12", "family_number": "345", "order_number": "6", "document_serial": "A01B23456"})");
    return desk.as("operator", {"actions", "run", "verification.civil_registry", "--ticket", ticket, "--answers",
                                answers.string()});
  }
  int level(const std::string& ticket) {
    return desk.json_as("operator", {"tickets", "show", ticket})["verification"]["level"].get<int>();
  }
  nlohmann::json gateway(const std::string& id) {
    const auto fare = desk.json_as("", {"gateways"});
    for (const auto& line : fare["gateways"])
      if (line["id"] == id) return line;
    return {};
  }

  Desk desk;
  std::uint16_t report_port = free_port();
};

TEST_F(RealDesk, VerifiesACallerThroughKannelAndTellsWhatBecameOfTheMessage) {
  const Kannel kannel;
  use_kannel(kannel.url());
  const auto ticket = open_ticket();
  auto run = run_sms(ticket);
  ASSERT_TRUE(run.says("SMS code: delivered")) << run.wait().err << kannel.logs();
  const auto arrived = kannel.arrived(1);
  ASSERT_EQ(arrived.size(), 1u);
  EXPECT_EQ(arrived[0].to, "+905000000001");
  run.type(arrived[0].text.substr(arrived[0].text.find_first_of("0123456789"), 6));
  const auto ended = run.wait();
  ASSERT_EQ(ended.exit, 0) << ended.err;
  const auto shown = desk.json_as("operator", {"tickets", "show", ticket});
  EXPECT_EQ(shown["verification"]["level"], 2);
  ASSERT_EQ(shown["messages"].size(), 1u);
  EXPECT_EQ(shown["messages"][0]["state"], "delivered");
  EXPECT_THAT(desk.as("operator", {"tickets", "show", ticket}).out, HasSubstr("SMS code · delivered"));
  EXPECT_EQ(gateway("sms")["state"], "ok");
  EXPECT_EQ(gateway("mail")["state"], "not_set_up");
  EXPECT_EQ(desk.run({"audit", "verify"}).exit, 0);
}

TEST_F(RealDesk, SaysThatACodeWaitsWhenKannelIsAwayAndWithdrawsItWithItsRun) {
  use_kannel("http://127.0.0.1:" + std::to_string(free_port()) + "/cgi-bin/sendsms");
  const auto ticket = open_ticket();
  auto run = run_sms(ticket);
  ASSERT_TRUE(run.says("SMS code: not sent yet")) << run.wait().err;
  run.type("\x03");
  const auto ended = run.wait();
  EXPECT_NE(ended.exit, 0);
  EXPECT_TRUE(desk.json_as("", {"gateways"})["waiting"].empty());  // nobody asks for that code any more
  EXPECT_EQ(gateway("sms")["state"], "degraded");
  EXPECT_THAT(gateway("sms")["sentence"].get<std::string>(), HasSubstr("127.0.0.1"));
  EXPECT_THAT(desk.as("operator", {"tickets", "show", ticket}).out, HasSubstr("SMS code · "));
}

TEST_F(RealDesk, SendsOnlyWhatIsStillOfUseOnceKannelIsBack) {
  const Kannel kannel;
  use_kannel("http://127.0.0.1:" + std::to_string(free_port()) + "/cgi-bin/sendsms");
  const auto waiting = open_ticket();
  auto run = run_sms(waiting);
  ASSERT_TRUE(run.says("SMS code: not sent yet")) << run.wait().err;
  run.type("\x03");
  run.wait();
  use_kannel(kannel.url());
  auto next = run_sms(open_ticket());
  ASSERT_TRUE(next.says("SMS code: ")) << next.wait().err;
  EXPECT_TRUE(next.says("SMS code: delivered")) << kannel.logs();
  EXPECT_EQ(kannel.arrived(1).size(), 1u) << kannel.logs();
}

TEST_F(RealDesk, BelievesTheQuestionsOnlyWhenTheRegistryConfirmsTheRecord) {
  TemporaryFolder folder;
  const auto certificate = make_certificate(folder.path(), "registry");
  std::atomic<bool> confirms = true;
  WebService registry(certificate, [&](const auto&) { return WebAnswer{.body = registry_answer(confirms ? "true" : "false")}; });
  use_registry(registry.url("/Service/KPSPublicV2.asmx"), certificate);
  const auto ticket = open_ticket();
  confirms = false;
  const auto denied = ask_registry(ticket);
  EXPECT_EQ(denied.exit, 1);
  EXPECT_THAT(denied.err, HasSubstr("does not confirm that record"));
  EXPECT_EQ(level(ticket), 0);
  EXPECT_EQ(gateway("civil_registry")["state"], "ok");
  confirms = true;
  const auto confirmed = ask_registry(ticket);
  EXPECT_EQ(confirmed.exit, 0) << confirmed.err;
  EXPECT_EQ(level(ticket), 1);
  EXPECT_EQ(registry.requests(), 2);
}

TEST_F(RealDesk, VerifiesNobodyByQuestionsWhenTheRegistryIsAway) {
  TemporaryFolder folder;
  const auto certificate = make_certificate(folder.path(), "registry");
  use_registry("https://127.0.0.1:" + std::to_string(free_port()) + "/Service/KPSPublicV2.asmx", certificate);
  const auto ticket = open_ticket();
  const auto ended = ask_registry(ticket);
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.err, HasSubstr("cannot be reached"));
  EXPECT_EQ(level(ticket), 0);
  EXPECT_EQ(gateway("civil_registry")["state"], "degraded");
}

}  // namespace
}  // namespace anahtar::testing
