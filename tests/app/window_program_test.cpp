// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>

#include "app/demo_data.h"
#include "app/screen.h"
#include "app/served_card.h"

namespace anahtar::testing {
namespace {

namespace fs = std::filesystem;

constexpr char card_holder[] = "10000000450", card_serial[] = "A4000000000000000000000000000009";

class WindowProgram : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(desk.init_demo());
    fs::create_directories(desk.file("config") / "gtk-3.0");
    std::ofstream(desk.file("config") / "gtk-3.0" / "settings.ini") << "[Settings]\ngtk-cursor-blink=0\ngtk-enable-animations=0\n";
    screen = std::make_unique<Screen>(desk.file(""));
    auto environment = desk.environment;
    environment.insert({{"DISPLAY", screen->name()}, {"GDK_BACKEND", "x11"}, {"NO_AT_BRIDGE", "1"}, {"GSETTINGS_BACKEND", "memory"}, {"LC_ALL", "C.UTF-8"}});
    const std::vector<std::string> line = {ANAHTAR, "--database", desk.database_url(), "--language", "en"};
    window = std::make_unique<Program>(desk.file(""), line, environment, Program::Input::nothing);
    shows("the sign-in page");
  }
  void shows(const char* what) { ASSERT_TRUE(screen->changes()) << "it never showed " << what << "; " << window->err(); }
  void press(const char* key, const char* leads_to) {
    screen->press(key);
    shows(leads_to);
  }
  std::vector<std::string> types_of_records() const {
    std::vector<std::string> types;
    const auto listed = desk.json_as("supervisor", {"audit", "list", "--limit", "40"});
    for (const auto& record : listed["rows"]) types.push_back(record["type"]);
    return types;
  }
  fs::path site() const { return fs::directory_iterator(desk.file("config") / "anahtar" / "sites")->path(); }

  Desk desk;
  std::unique_ptr<Screen> screen;
  std::unique_ptr<Program> window;
};

TEST_F(WindowProgram, ThatIsToldToEndSignsOutAndLeavesNothingUnfinished) {
  screen->type("field");
  screen->press("Return");
  screen->type(app::demo_password);
  press("Return", "the field desk");
  const ServedCard card(desk, site(), {"piv", "--holder", card_holder, "--serial", card_serial, "--blocked"});
  shows("the holder of the card");
  press("Return", "the question for the identity card");
  ASSERT_THAT(types_of_records(), ::testing::Contains("action.started"));
  ASSERT_THAT(types_of_records(), ::testing::Not(::testing::Contains("action.ended")));

  ASSERT_EQ(::kill(window->process(), SIGTERM), 0);
  const auto ended = window->wait();
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(types_of_records(), ::testing::IsSupersetOf({"action.ended", "session.signed_out"}));
  EXPECT_EQ(desk.run({"audit", "verify"}).exit, 0);
}

}  // namespace
}  // namespace anahtar::testing
