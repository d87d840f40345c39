// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/nvi_civil_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "gateways/soap.h"
#include "gateways/support/server_process.h"
#include "gateways/support/web_service.h"
#include "support/memory_store.h"
#include "support/temporary_folder.h"

namespace anahtar {
namespace {

using core::Code;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::WebAnswer;
using Health = core::GatewayState::Health;

std::string envelope(const std::string& body) {
  return R"(<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">)"
         "<soap:Body>" + body + "</soap:Body></soap:Envelope>";
}
std::string answer(const std::string& value) {
  return envelope(R"(<KisiVeCuzdanDogrulaResponse xmlns="http://tckimlik.nvi.gov.tr/WS"><KisiVeCuzdanDogrulaResult>)" +
                  value + "</KisiVeCuzdanDogrulaResult></KisiVeCuzdanDogrulaResponse>");
}
const std::string fault = envelope(
    "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>KisiVeCuzdanDogrulaResult true</faultstring></soap:Fault>");

core::Subscriber subscriber() {
  core::Subscriber made;
  made.national_id = testing::fictional_national_id(1);
  made.given_names = "Işık İnci";
  made.surname = "Öğün-şimşek";
  made.civil.birth_date = "1980-02-09";
  made.civil.document_serial = "a12b 34567";
  return made;
}

struct NviCivilRegistry : ::testing::Test {
  gateways::NviSettings settings(const std::string& url) const {
    gateways::NviSettings made;
    made.url = url;
    made.limits.total = std::chrono::milliseconds(1500);
    made.ca_file = certificate.certificate;
    made.retries.first_wait = std::chrono::milliseconds(10);
    return made;
  }
  core::Result<bool> ask(const testing::WebService& service) {
    gateways::NviCivilRegistry registry(settings(service.url("/Service/KPSPublicV2.asmx")), clock);
    auto confirmed = registry.confirm(subscriber());
    health = registry.state().health;
    return confirmed;
  }
  /// No yes, no no: what could not be trusted.
  void expect_unavailable(WebAnswer given) {
    const testing::WebService service(certificate, [&](const auto&) { return given; });
    const auto confirmed = ask(service);
    ASSERT_FALSE(confirmed) << given.body;
    EXPECT_EQ(confirmed.error().code, Code::unavailable);
    EXPECT_EQ(service.requests(), 1) << "asked again";
    EXPECT_EQ(health, Health::degraded);
  }

  testing::TemporaryFolder folder;
  testing::Certificate certificate = testing::make_certificate(folder.path(), "registry");
  testing::FakeClock clock;
  Health health = Health::not_set_up;
};

TEST_F(NviCivilRegistry, ConfirmsWhatTheRegistryConfirms) {
  testing::WebRequest seen;
  const testing::WebService service(certificate, [&](const auto& request) {
    seen = request;
    return WebAnswer{.body = answer("true")};
  });
  const auto confirmed = ask(service);
  ASSERT_TRUE(confirmed);
  EXPECT_TRUE(*confirmed);
  EXPECT_EQ(health, Health::ok);
  EXPECT_EQ(seen.target, "/Service/KPSPublicV2.asmx");
  EXPECT_EQ(seen.headers["soapaction"], "\"http://tckimlik.nvi.gov.tr/WS/KisiVeCuzdanDogrula\"");
  EXPECT_EQ(seen.headers["content-type"], "text/xml; charset=utf-8");
  EXPECT_THAT(seen.body, HasSubstr("<Ad>IŞIK İNCİ</Ad><Soyad>ÖĞÜN-ŞİMŞEK</Soyad><SoyadYok>false</SoyadYok>"));
}

TEST_F(NviCivilRegistry, AsksOnceWhenTheAnswerIsNo) {
  const testing::WebService service(certificate, [](const auto&) { return WebAnswer{.body = answer("false")}; });
  const auto confirmed = ask(service);
  ASSERT_TRUE(confirmed);
  EXPECT_FALSE(*confirmed);
  EXPECT_EQ(service.requests(), 1);
  EXPECT_EQ(health, Health::ok);
}

TEST_F(NviCivilRegistry, TakesNoFaultForAnAnswer) {
  expect_unavailable({.status = 500, .body = fault});
  expect_unavailable({.status = 200, .body = fault});
}

TEST_F(NviCivilRegistry, TakesNoYesWithAnErrorsStatus) { expect_unavailable({.status = 500, .body = answer("true")}); }

TEST_F(NviCivilRegistry, TakesNoGarbageForAnAnswer) {
  for (const std::string& body : {std::string("true"), std::string(), std::string("<html>true</html>"), answer("TRUE"), answer("yes"),
                                  answer("<b>true</b>"), answer(""), answer("true") + "true", answer("true").substr(0, 200),
                                  "<!DOCTYPE a [<!ENTITY t \"true\">]>" + answer("&t;").substr(38)}) {
    expect_unavailable({.body = body});
  }
}

TEST_F(NviCivilRegistry, FollowsNoRedirect) {
  const testing::WebService honest(certificate, [](const auto&) { return WebAnswer{.body = answer("true")}; });
  expect_unavailable({.status = 307, .body = "", .location = honest.url("/")});
  EXPECT_EQ(honest.connections(), 0);
}

TEST_F(NviCivilRegistry, StopsReadingAnEndlessAnswer) {
  expect_unavailable({.body = answer("true") + std::string(1 << 20, ' ')});
}

TEST_F(NviCivilRegistry, TakesNoSilenceForAnAnswer) { expect_unavailable({.hang_up = true}); }

TEST_F(NviCivilRegistry, DoesNotWaitForASlowRegistry) {
  std::mutex mutex;
  std::condition_variable released;
  bool done = false;
  const testing::WebService service(certificate, [&](const auto&) {
    std::unique_lock lock(mutex);
    released.wait(lock, [&] { return done; });
    return WebAnswer{.body = answer("true")};
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto confirmed = ask(service);
  const auto took = std::chrono::steady_clock::now() - begin;
  {
    const std::lock_guard lock(mutex);
    done = true;
  }
  released.notify_all();
  ASSERT_FALSE(confirmed);
  EXPECT_EQ(confirmed.error().code, Code::unavailable);
  EXPECT_LT(took, std::chrono::seconds(4));
  EXPECT_EQ(service.requests(), 1);
}

TEST_F(NviCivilRegistry, SaysNothingToAServerWithAnotherCertificate) {
  for (const auto& [stem, names] : {std::pair("stranger", "IP:127.0.0.1"), std::pair("misnamed", "DNS:elsewhere.example")}) {
    const auto presented = testing::make_certificate(folder.path(), stem, names);
    const testing::WebService service(presented, [](const auto&) { return WebAnswer{.body = answer("true")}; });
    auto made = settings(service.url("/"));
    if (std::string(stem) == "misnamed") made.ca_file = presented.certificate;
    gateways::NviCivilRegistry registry(std::move(made), clock);
    const auto confirmed = registry.confirm(subscriber());
    ASSERT_FALSE(confirmed) << stem;
    EXPECT_EQ(confirmed.error().code, Code::unavailable);
    EXPECT_EQ(service.requests(), 0);
    EXPECT_EQ(registry.state().health, Health::down) << "somebody has to look";
  }
}

TEST_F(NviCivilRegistry, LeavesADeadRegistryAloneForAWhile) {
  auto service = std::make_unique<testing::WebService>(certificate, [](const auto&) { return WebAnswer{.hang_up = true}; });
  gateways::NviCivilRegistry registry(settings(service->url("/")), clock);
  for (int call = 0; call < 3; ++call) EXPECT_FALSE(registry.confirm(subscriber()));
  EXPECT_EQ(service->connections(), 3);
  EXPECT_EQ(registry.state().health, Health::degraded);
  EXPECT_EQ(registry.state().retry_in, std::chrono::seconds(5));

  const auto refused = registry.confirm(subscriber());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unavailable);
  EXPECT_EQ(service->connections(), 3) << "nobody was asked";

  clock.advance(std::chrono::seconds(5));
  EXPECT_FALSE(registry.confirm(subscriber()));
  EXPECT_EQ(service->connections(), 4) << "one may try";
  EXPECT_EQ(registry.state().retry_in, std::chrono::seconds(10));
}

TEST_F(NviCivilRegistry, DoesNotAskAboutARecordThatLacksTheCard) {
  const testing::WebService service(certificate, [](const auto&) { return WebAnswer{.body = answer("true")}; });
  gateways::NviCivilRegistry registry(settings(service.url("/")), clock);
  auto lacking = subscriber();
  lacking.civil.document_serial.clear();
  const auto confirmed = registry.confirm(lacking);
  ASSERT_FALSE(confirmed);
  EXPECT_EQ(confirmed.error().code, Code::invalid);
  EXPECT_EQ(service.connections(), 0);
}

std::string request_of(const core::Subscriber& about) {
  const auto made = gateways::nvi_request(about);
  return made ? *made : "refused";
}

TEST(NviRequest, NamesTheCardByItsSerialAndTheWalletBySeriesAndNumber) {
  auto about = subscriber();
  EXPECT_THAT(request_of(about), HasSubstr("<CuzdanNo xsi:nil=\"true\"/><TCKKSeriNo>A12B34567</TCKKSeriNo>"));
  EXPECT_THAT(request_of(about), Not(HasSubstr("CuzdanSeri")));
  about.civil.document_serial = "K05-012345";
  EXPECT_THAT(request_of(about), HasSubstr("<CuzdanSeri>K05</CuzdanSeri><CuzdanNo>12345</CuzdanNo>"));
  EXPECT_THAT(request_of(about), Not(HasSubstr("TCKKSeriNo")));
  about.civil.document_serial = "12345";
  EXPECT_EQ(request_of(about), "refused");
}

TEST(NviRequest, SaysWhatIsNotKnownOfTheBirth) {
  auto about = subscriber();
  EXPECT_THAT(request_of(about), HasSubstr("<DogumGun>9</DogumGun><DogumGunYok>false</DogumGunYok><DogumAy>2</DogumAy>"
                                           "<DogumAyYok>false</DogumAyYok><DogumYil>1980</DogumYil>"));
  about.civil.birth_date = "1980";
  about.surname.clear();
  EXPECT_THAT(request_of(about), HasSubstr("<DogumGun xsi:nil=\"true\"/><DogumGunYok>true</DogumGunYok>"
                                           "<DogumAy xsi:nil=\"true\"/><DogumAyYok>true</DogumAyYok>"));
  EXPECT_THAT(request_of(about), HasSubstr("<SoyadYok>true</SoyadYok>"));
}

TEST(NviRequest, LetsNoNameBecomeMarkup) {
  auto about = subscriber();
  about.surname = "A</Soyad><SoyadYok>true";
  EXPECT_THAT(request_of(about), HasSubstr("<Soyad>A&lt;/SOYAD&gt;&lt;SOYADYOK&gt;TRUE</Soyad><SoyadYok>false"));
}

TEST(NviAnswer, IsReadWhateverThePrefixAndWithEitherSoap) {
  using gateways::NviAnswer;
  const std::string other =
      R"(<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://tckimlik.nvi.gov.tr/WS"><e:Header/>)"
      "<e:Body><w:KisiVeCuzdanDogrulaResponse><w:KisiVeCuzdanDogrulaResult> 1 </w:KisiVeCuzdanDogrulaResult>"
      "</w:KisiVeCuzdanDogrulaResponse></e:Body></e:Envelope>";
  EXPECT_EQ(gateways::nvi_answer(other), NviAnswer::yes);
  std::string elsewhere = other;
  elsewhere.replace(elsewhere.find("gov.tr"), 6, "gov.xx");
  EXPECT_EQ(gateways::nvi_answer(elsewhere), NviAnswer::unreadable);
  EXPECT_EQ(gateways::nvi_answer(answer("false")), NviAnswer::no);
  EXPECT_EQ(gateways::nvi_answer(fault), NviAnswer::fault);
}

}  // namespace
}  // namespace anahtar
