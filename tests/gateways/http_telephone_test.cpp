// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/http_telephone.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gateways/support/web_service.h"
#include "support/memory_store.h"

namespace anahtar {
namespace {

using core::Code;
using testing::WebAnswer;
using testing::WebRequest;

struct HttpTelephone : ::testing::Test {
  core::Result<> dial(const testing::WebService& service) {
    gateways::TelephoneSettings settings{service.url("/dial"), sdk::Secret(std::string("pbx word")), {}, {}};
    settings.limits.total = std::chrono::milliseconds(10000);
    gateways::HttpTelephone telephone(std::move(settings), clock);
    return telephone.dial("+905000000001", "0123abcd");
  }
  testing::FakeClock clock;
};

TEST_F(HttpTelephone, AsksOnceForTheCallWithNumberIdAndItsPassword) {
  WebRequest seen;
  const testing::WebService service({}, [&](const WebRequest& request) {
    seen = request;
    return WebAnswer{.status = 202};
  });
  ASSERT_TRUE(dial(service));
  EXPECT_EQ(service.requests(), 1);
  EXPECT_EQ(seen.target, "/dial");
  EXPECT_EQ(seen.headers.at("authorization"), "Bearer pbx word");
  EXPECT_EQ(nlohmann::json::parse(seen.body), (nlohmann::json{{"number", "+905000000001"}, {"id", "0123abcd"}}));
}

TEST_F(HttpTelephone, TellsWhatCertainlyDidNotRingFromWhatNobodyKnows) {
  const auto code = [&](WebAnswer answer) {
    const testing::WebService service({}, [&](const WebRequest&) { return answer; });
    const auto dialled = dial(service);
    EXPECT_FALSE(dialled);
    EXPECT_EQ(service.requests(), 1) << "asked again: it would ring twice";
    return dialled ? Code::cancelled : dialled.error().code;
  };
  EXPECT_EQ(code({.status = 401}), Code::unavailable);
  EXPECT_EQ(code({.status = 404}), Code::unavailable);
  EXPECT_EQ(code({.status = 500}), Code::internal);
  EXPECT_EQ(code({.hang_up = true}), Code::internal);
}

TEST_F(HttpTelephone, SaysWhenNobodyListens) {
  std::string url;
  { const testing::WebService gone({}, [](const WebRequest&) { return WebAnswer{}; }); url = gone.url("/dial"); }
  gateways::HttpTelephone telephone({url, sdk::Secret(std::string("x")), {}, {}}, clock);
  EXPECT_EQ(telephone.dial("+905000000001", "1").error().code, Code::unavailable);
}

}  // namespace
}  // namespace anahtar
