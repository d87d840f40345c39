// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <csignal>

#include "app/demo_data.h"
#include "app/served_card.h"
#include "app/shown_window.h"

namespace anahtar::testing {
namespace {

namespace fs = std::filesystem;

constexpr char card_holder[] = "10000000450", card_serial[] = "A4000000000000000000000000000009";

struct WindowProgram : ::testing::Test {
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(desk.init_demo());
    window = std::make_unique<ShownWindow>(desk);
  }
  std::vector<std::string> types_of_records() const {
    std::vector<std::string> types;
    const auto listed = desk.json_as("supervisor", {"audit", "list", "--limit", "40"});
    for (const auto& record : listed["rows"]) types.push_back(record["type"]);
    return types;
  }
  fs::path site() const { return fs::directory_iterator(desk.file("config") / "anahtar" / "sites")->path(); }

  Desk desk;
  std::unique_ptr<ShownWindow> window;
};

TEST_F(WindowProgram, ThatIsToldToEndSignsOutAndLeavesNothingUnfinished) {
  window->sign_in("field", app::demo_password, "the field desk");
  const ServedCard card(desk, site(), {"piv", "--holder", card_holder, "--serial", card_serial, "--blocked"});
  window->shows("the holder of the card");
  window->press("Return", "the question for the identity card");
  ASSERT_THAT(types_of_records(), ::testing::Contains("action.started"));
  ASSERT_THAT(types_of_records(), ::testing::Not(::testing::Contains("action.ended")));

  ASSERT_EQ(::kill(window->program->process(), SIGTERM), 0);
  const auto ended = window->program->wait();
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(types_of_records(), ::testing::IsSupersetOf({"action.ended", "session.signed_out"}));
  EXPECT_EQ(desk.run({"audit", "verify"}).exit, 0);
}

TEST_F(WindowProgram, ThatIsToldToEndDoesSoWhenAMenuIsOpen) {
  window->sign_in("operator", app::demo_password, "the queue");
  window->screen.close_window();  // the demo's telephone, which lies above it
  window->shows("the queue alone");
  window->screen.press("F6");
  window->screen.press("Down");
  window->press("Return", "the first ticket of the queue");
  window->screen.press_with_alt("m");  // "More…", which waits in a loop of its own
  window->shows("what else can be done");
  ASSERT_EQ(::kill(window->program->process(), SIGTERM), 0);
  const auto ended = window->program->wait();
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(types_of_records(), ::testing::Contains("session.signed_out"));
}

TEST_F(WindowProgram, ThatRunsAlreadyComesToTheFrontAndTheSecondSaysSo) {
  window->sign_in("operator", app::demo_password, "the queue");
  const auto windows = window->screen.windows();
  fs::create_directory(desk.file("second"));
  const auto ended = window->start(desk, desk.file("second"))->wait();
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_EQ(ended.out, "The console is open already; its window comes to the front.\n");
  EXPECT_EQ(window->screen.windows(), windows);
}

}  // namespace
}  // namespace anahtar::testing
