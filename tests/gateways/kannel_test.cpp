// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "gateways/delivery_reports.h"
#include "gateways/kannel_gateway.h"
#include "gateways/support/kannel.h"

namespace anahtar {
namespace {

using core::Code;
using core::DeliveryState;
using ::testing::Contains;
using ::testing::SizeIs;
using Health = core::GatewayState::Health;

constexpr char password[] = "kannel password";
constexpr char ordinary[] = "+905000000001", rejected[] = "+905990000001", unroutable[] = "+905980000001";

/// One Kannel for all tests of this file.
class KannelGateway : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { kannel = new testing::Kannel(); }
  static void TearDownTestSuite() {
    delete kannel;
    kannel = nullptr;
  }
  void SetUp() override { before = kannel->arrived().size(); }
  void TearDown() override {
    if (HasFailure()) std::cerr << kannel->logs();
  }

  gateways::KannelSettings settings() const {
    gateways::KannelSettings made;
    made.url = kannel->url();
    made.user = "desk";
    made.password = sdk::Secret(password);
    made.sender = "ANAHTAR";
    made.limits.total = std::chrono::seconds(5);
    made.retries.first_wait = std::chrono::milliseconds(10);
    return made;
  }
  gateways::KannelSettings impatient() const {
    auto made = settings();
    made.limits.total = std::chrono::milliseconds(500);
    return made;
  }

  static core::TextMessage message(std::string id, std::string to, std::string body) {
    return {std::move(id), "verification_code", std::move(to), sdk::Secret(std::move(body))};
  }
  std::vector<testing::ArrivedMessage> new_arrivals(std::size_t count) const {
    auto all = kannel->arrived(before + count);
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(before, all.size())));
    return all;
  }

  static testing::Kannel* kannel;
  std::size_t before = 0;
  core::SystemClock clock;
};
testing::Kannel* KannelGateway::kannel = nullptr;

TEST_F(KannelGateway, BringsTurkishLettersUnharmed) {
  gateways::KannelGateway gateway(settings(), clock);
  const std::string text = "Onay kodunuz: 012345 – İıŞşĞğÜüÖöÇç & 100 %";
  ASSERT_TRUE(gateway.send(message("t1", ordinary, text)));
  const auto arrived = new_arrivals(1);
  ASSERT_THAT(arrived, SizeIs(1));
  EXPECT_EQ(arrived[0].to, ordinary);
  EXPECT_EQ(arrived[0].coding, "ucs-2");
  EXPECT_EQ(arrived[0].text, text);
  EXPECT_EQ(gateway.state().health, Health::ok);
}

TEST_F(KannelGateway, SendsPlainLettersInTheGsmAlphabet) {
  gateways::KannelGateway gateway(settings(), clock);
  ASSERT_TRUE(gateway.send(message("t1", ordinary, "Code: 012345 @ desk_1 $5")));
  const auto arrived = new_arrivals(1);
  ASSERT_THAT(arrived, SizeIs(1));
  EXPECT_EQ(arrived[0].coding, "text");
  EXPECT_EQ(arrived[0].text, "Code: 012345 @ desk_1 $5");
}

/// Reports as they come.
struct Reports {
  bool has(const std::string& id, DeliveryState state) {
    const std::lock_guard lock(mutex);
    return std::ranges::find(seen, std::pair(id, state)) != seen.end();
  }
  gateways::DeliveryReports::Callback callback() {
    return [this](const std::string& id, DeliveryState state) {
      const std::lock_guard lock(mutex);
      seen.emplace_back(id, state);
    };
  }
  std::mutex mutex;
  std::vector<std::pair<std::string, DeliveryState>> seen;
};

TEST_F(KannelGateway, ReportsWhatArrivedAndWhatTheCentreRejected) {
  Reports reports;
  const auto listener = gateways::DeliveryReports::open(0, sdk::Secret(password), reports.callback());
  ASSERT_TRUE(listener);
  auto made = settings();
  made.report_port = (*listener)->port();
  gateways::KannelGateway gateway(std::move(made), clock);
  ASSERT_TRUE(gateway.send(message("good1", ordinary, "arrives")));
  ASSERT_TRUE(gateway.send(message("bad1", rejected, "does not")));
  EXPECT_TRUE(testing::wait_until([&] { return reports.has("good1", DeliveryState::delivered); }));
  EXPECT_TRUE(testing::wait_until([&] { return reports.has("good1", DeliveryState::sent); }));
  EXPECT_TRUE(testing::wait_until([&] { return reports.has("bad1", DeliveryState::failed); }));
  EXPECT_FALSE(reports.has("bad1", DeliveryState::delivered));
}

TEST_F(KannelGateway, KnowsThatARefusedMessageWasNotSent) {
  gateways::KannelGateway gateway(settings(), clock);
  const auto sent = gateway.send(message("t1", unroutable, "nowhere to go"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::refused);
  EXPECT_EQ(gateway.state().health, Health::ok);
  EXPECT_TRUE(new_arrivals(0).empty());
}

TEST_F(KannelGateway, IsDownWithAWrongPassword) {
  auto made = settings();
  made.password = sdk::Secret("not the password");
  gateways::KannelGateway gateway(std::move(made), clock);
  const auto sent = gateway.send(message("t1", ordinary, "code"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::unavailable);
  EXPECT_EQ(gateway.state().health, Health::down);
  EXPECT_TRUE(new_arrivals(0).empty());
}

TEST_F(KannelGateway, SendsADoubledMessageOnce) {
  gateways::KannelGateway gateway(settings(), clock);
  ASSERT_TRUE(gateway.send(message("t1", ordinary, "code 1")));
  ASSERT_TRUE(gateway.send(message("t1", ordinary, "code 1")));
  ASSERT_TRUE(gateway.send(message("t2", ordinary, "the last")));
  EXPECT_THAT(new_arrivals(2), SizeIs(2));
}

TEST_F(KannelGateway, SaysThatNobodyKnowsWhenTheAnswerIsLate) {
  gateways::KannelGateway gateway(impatient(), clock);
  kannel->bearerbox().pause();  // smsbox takes the message and waits for its bearerbox
  const auto sent = gateway.send(message("late", ordinary, "late code"));
  const auto again = gateway.send(message("late", ordinary, "late code"));
  kannel->bearerbox().resume();
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::internal);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::internal);
  // It was on its way after all, and once.
  gateways::KannelGateway patient(settings(), clock);
  ASSERT_TRUE(patient.send(message("next", ordinary, "the last")));
  EXPECT_THAT(new_arrivals(2), SizeIs(2));
}

TEST_F(KannelGateway, SendsAgainWhatWasCertainlyNotSent) {
  gateways::KannelGateway gateway(settings(), clock);
  kannel->smsbox().kill();
  const auto sent = gateway.send(message("t1", ordinary, "once only"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::unavailable);
  EXPECT_EQ(gateway.state().health, Health::degraded);
  kannel->restart();
  before = 0;
  ASSERT_TRUE(gateway.send(message("t1", ordinary, "once only")));
  EXPECT_THAT(new_arrivals(1), SizeIs(1));
  EXPECT_EQ(gateway.state().health, Health::ok);
}

TEST_F(KannelGateway, NeverSendsAgainWhatMayHaveBeenSentWhenKannelIsKilled) {
  gateways::KannelGateway gateway(settings(), clock);
  kannel->bearerbox().pause();  // smsbox has the message and waits for its bearerbox
  auto sending = std::async(std::launch::async, [&] { return gateway.send(message("t1", ordinary, "in flight")); });
  EXPECT_TRUE(testing::wait_until([] { return kannel->smsbox().output().find("msg:<in flight>") != std::string::npos; }));
  kannel->smsbox().kill();
  const auto sent = sending.get();
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::internal);
  kannel->restart();
  before = 0;
  const auto again = gateway.send(message("t1", ordinary, "in flight"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::internal);
  ASSERT_TRUE(gateway.send(message("t2", ordinary, "the last")));
  EXPECT_THAT(new_arrivals(1), SizeIs(1));
}

}  // namespace
}  // namespace anahtar
