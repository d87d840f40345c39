// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "gateways/circuit_breaker.h"
#include "gateways/delivery_reports.h"
#include "gateways/http_client.h"
#include "gateways/kannel_gateway.h"
#include "gateways/report_token.h"
#include "gateways/retry.h"
#include "gateways/support/server_process.h"
#include "gateways/support/web_service.h"
#include "support/memory_store.h"

namespace anahtar {
namespace {

using core::Code;
using core::DeliveryState;
using gateways::CircuitBreaker;
using gateways::Trouble;
using std::chrono::seconds;
using testing::WebAnswer;
using State = CircuitBreaker::State;

struct CircuitBreakerTest : ::testing::Test {
  void fail() {
    auto permit = breaker.enter();
    ASSERT_TRUE(permit);
    std::move(*permit).failed();
  }
  testing::FakeClock clock;
  CircuitBreaker breaker{clock, {.failures = 2, .first_pause = seconds(10), .longest_pause = seconds(30)}};
};

TEST_F(CircuitBreakerTest, OpensAfterFailuresInARow) {
  fail();
  std::move(*breaker.enter()).succeeded();
  fail();
  EXPECT_EQ(breaker.state(), State::closed);
  fail();
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_FALSE(breaker.enter());
  EXPECT_EQ(breaker.retry_in(), seconds(10));
}

TEST_F(CircuitBreakerTest, LetsOneTryAfterThePause) {
  fail();
  fail();
  clock.advance(seconds(10));
  EXPECT_EQ(breaker.state(), State::half_open);
  auto probe = breaker.enter();
  ASSERT_TRUE(probe);
  EXPECT_FALSE(breaker.enter()) << "only one";
  std::move(*probe).succeeded();
  EXPECT_EQ(breaker.state(), State::closed);
  EXPECT_TRUE(breaker.enter());
}

TEST_F(CircuitBreakerTest, WaitsLongerEachTimeUpToALimit) {
  fail();
  fail();
  for (const auto pause : {seconds(10), seconds(20), seconds(30), seconds(30)}) {
    EXPECT_EQ(breaker.retry_in(), pause);
    clock.advance(pause);
    fail();
  }
}

TEST_F(CircuitBreakerTest, LetsTheNextTryWhenAProbeIsDropped) {
  fail();
  fail();
  clock.advance(seconds(10));
  { const auto dropped = breaker.enter(); }
  EXPECT_TRUE(breaker.enter());
}

TEST_F(CircuitBreakerTest, DoesNotStayOpenForEverWhenTheClockGoesBack) {
  fail();
  fail();
  clock.advance(-std::chrono::hours(24));
  EXPECT_TRUE(breaker.enter());
}

TEST(Retries, RepeatOnlyWhatIsHarmless) {
  int calls = 0;
  const auto attempt = [&]() -> std::expected<int, bool> {
    ++calls;
    return std::unexpected(calls < 2);  // the second failure is not harmless
  };
  const auto outcome =
      gateways::with_retries({5, std::chrono::milliseconds(1)}, attempt, [](bool harmless) { return harmless; });
  EXPECT_FALSE(outcome);
  EXPECT_EQ(calls, 2);
}

TEST(HttpClient, TellsWhetherTheRequestLeft) {
  const gateways::HttpClient nobody("http://127.0.0.1:" + std::to_string(testing::free_port()) + "/", {});
  const auto refused = nobody.post({}, "body");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().trouble, Trouble::connection);
  EXPECT_FALSE(refused.error().request_sent);

  const testing::WebService rude({}, [](const auto&) { return WebAnswer{.hang_up = true}; });
  const auto broken = gateways::HttpClient(rude.url("/"), {}).post({}, "body");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().trouble, Trouble::connection);
  EXPECT_TRUE(broken.error().request_sent);
  EXPECT_EQ(rude.requests(), 1) << "sent twice";
}

TEST(HttpClient, NeverPutsALineEndIntoAHeader) {
  const testing::WebService service({}, [](const auto&) { return WebAnswer{}; });
  std::vector<gateways::HttpHeader> headers;
  headers.push_back({"X-Name", sdk::Secret("a\r\nX-Other: b")});
  EXPECT_THROW((void)gateways::HttpClient(service.url("/"), {}).post(headers, ""), std::invalid_argument);
  EXPECT_EQ(service.connections(), 0);
}

gateways::KannelSettings kannel_at(const std::string& url) {
  gateways::KannelSettings made;
  made.url = url;
  made.user = "desk";
  made.password = sdk::Secret("p4ssw0rd");
  made.sender = "ANAHTAR";
  return made;
}
core::TextMessage text(std::string id, std::string body, std::string to = "+905000000001") {
  return {std::move(id), "verification_code", std::move(to), sdk::Secret(std::move(body))};
}

TEST(KannelAnswers, AreTakenForWhatTheyMean) {
  struct Case {
    WebAnswer answer;
    std::optional<Code> expected;
  };
  const Case cases[] = {{{.status = 202, .body = "0: Accepted for delivery"}, {}},
                        {{.status = 202, .body = "3: Queued for later delivery"}, {}},
                        {{.status = 200, .body = "welcome to the hotel's network"}, Code::internal},
                        {{.status = 302, .body = "", .location = "http://127.0.0.1:1/"}, Code::internal},
                        {{.status = 400, .body = "Missing receiver number"}, Code::refused},
                        {{.status = 403, .body = "Not routable. Do not try again."}, Code::refused},
                        {{.status = 503, .body = "Temporal failure, try again later."}, Code::unavailable},
                        {{.status = 503, .body = "<html>"}, Code::internal},
                        {{.status = 502, .body = ""}, Code::internal}};
  core::SystemClock clock;
  for (const auto& given : cases) {
    const testing::WebService service({}, [&](const auto&) { return given.answer; });
    gateways::KannelGateway gateway(kannel_at(service.url("/cgi-bin/sendsms")), clock);
    const auto sent = gateway.send(text("a", "code"));
    EXPECT_EQ(sent.has_value(), !given.expected) << given.answer.status << given.answer.body;
    if (!sent && given.expected) {
      EXPECT_EQ(sent.error().code, *given.expected) << given.answer.status << given.answer.body;
      for (const auto& shown : sent.error().sentence.args) {
        EXPECT_EQ(shown.find("p4ssw0rd"), shown.npos);
        EXPECT_EQ(shown.find("+905"), shown.npos);
      }
    }
    EXPECT_EQ(service.requests(), 1);
  }
}

TEST(KannelRequests, KeepSecretsOutOfTheAddress) {
  testing::WebRequest seen;
  const testing::WebService service({}, [&](const auto& request) {
    seen = request;
    return WebAnswer{.status = 202};
  });
  core::SystemClock clock;
  gateways::KannelGateway gateway(kannel_at(service.url("/cgi-bin/sendsms")), clock);
  ASSERT_TRUE(gateway.send(text("a", "kod şifre")));
  EXPECT_EQ(seen.target, "/cgi-bin/sendsms");
  EXPECT_EQ(seen.headers["x-kannel-password"], "p4ssw0rd");
  EXPECT_EQ(seen.headers["x-kannel-to"], "+905000000001");
  EXPECT_EQ(seen.headers["x-kannel-coding"], "2");
  EXPECT_EQ(seen.body, "kod şifre");
  EXPECT_FALSE(seen.headers.contains("x-kannel-dlr-url")) << "nobody listens";
}

TEST(KannelRequests, RefuseWhatKannelWouldCutOrMisread) {
  core::SystemClock clock;
  const testing::WebService service({}, [](const auto&) { return WebAnswer{.status = 202}; });
  gateways::KannelGateway gateway(kannel_at(service.url("/")), clock);
  std::string turkish;
  for (int i = 0; i < 202; ++i) turkish += "ı";
  EXPECT_EQ(gateway.send(text("a", turkish)).error().code, Code::invalid);
  EXPECT_EQ(gateway.send(text("a", std::string(460, 'a'))).error().code, Code::invalid);
  EXPECT_EQ(gateway.send(text("a", "")).error().code, Code::invalid);
  EXPECT_EQ(gateway.send(text("a", "\xff")).error().code, Code::invalid);
  EXPECT_EQ(gateway.send(text("a&state=1", "code")).error().code, Code::invalid);
  EXPECT_EQ(gateway.send(text("a", "code", "+90 500")).error().code, Code::invalid);
  EXPECT_EQ(gateway.send(text("a", "code", "05000000001")).error().code, Code::invalid);
  EXPECT_EQ(service.connections(), 0);
  EXPECT_TRUE(gateway.send(text("a", turkish.substr(2))));
  EXPECT_TRUE(gateway.send(text("b", std::string(459, 'a'))));
}

struct DeliveryReports : ::testing::Test {
  long knock(const std::string& query) {
    const auto reply =
        gateways::HttpClient("http://127.0.0.1:" + std::to_string(listener->port()) + query, {}).post({}, "");
    return reply ? reply->status : 0;
  }
  std::vector<std::pair<std::string, DeliveryState>> seen;
  sdk::Secret password{"shared"};
  gateways::ReportTokens tokens{password};
  std::unique_ptr<gateways::DeliveryReports> listener =
      *gateways::DeliveryReports::open(0, password, [this](const std::string& id, DeliveryState state) {
        if (id == "throws") throw std::runtime_error("no database");
        seen.emplace_back(id, state);
      });
};

TEST_F(DeliveryReports, AreBelievedWithTheMessagesOwnTokenOnly) {
  EXPECT_EQ(knock("/report?id=a1&token=" + tokens.token("a1") + "&state=1"), 200);
  EXPECT_EQ(knock("/report?id=a2&token=" + tokens.token("a1") + "&state=1"), 404);
  EXPECT_EQ(knock("/report?id=a2&token=&state=1"), 404);
  EXPECT_EQ(knock("/report?id=a2&state=1"), 404);
  EXPECT_EQ(knock("/report?&&=&id"), 404);
  EXPECT_EQ(knock("/report"), 404);
  EXPECT_EQ(knock("/other?id=a1&token=" + tokens.token("a1") + "&state=1"), 404);
  EXPECT_EQ(knock("/report?id=a1&token=" + tokens.token("a1") + "&state=99"), 404);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0], std::pair(std::string("a1"), DeliveryState::delivered));
}

TEST_F(DeliveryReports, SurviveACallbackThatThrowsAndAnEndlessRequest) {
  EXPECT_EQ(knock("/report?id=throws&token=" + tokens.token("throws") + "&state=1"), 404);
  EXPECT_NE(knock("/report?" + std::string(100'000, 'a')), 200);
  EXPECT_EQ(knock("/report?id=a1&token=" + tokens.token("a1") + "&state=16"), 200);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].second, DeliveryState::failed);
}

TEST_F(DeliveryReports, SayThatAPortIsTaken) {
  const auto second = gateways::DeliveryReports::open(listener->port(), password, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::unavailable);
}

TEST(DeliveryStates, AreNotUndoneByLateReports) {
  using core::supersedes;
  EXPECT_TRUE(supersedes(DeliveryState::sent, DeliveryState::queued));
  EXPECT_TRUE(supersedes(DeliveryState::failed, DeliveryState::sent));
  EXPECT_FALSE(supersedes(DeliveryState::sent, DeliveryState::delivered));
  EXPECT_FALSE(supersedes(DeliveryState::failed, DeliveryState::delivered));
  EXPECT_FALSE(supersedes(DeliveryState::delivered, DeliveryState::failed));
}

}  // namespace
}  // namespace anahtar
