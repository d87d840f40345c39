// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_fixture.h"

#include <fstream>

#include "support/temporary_folder.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::testing {
namespace {

using ui::Driver;

struct Pair {
  const char* text;
  const char* background;
};
/// What is written on what.
constexpr Pair pairs[] = {{"text", "window"},          {"text", "surface"},      {"text", "sunken"},
                          {"muted", "window"},         {"muted", "surface"},     {"muted", "sunken"},
                          {"accent_text", "accent"},   {"selected_text", "selected"}, {"danger", "surface"},
                          {"danger", "window"},        {"danger", "sunken"},     {"notice_text", "notice"},
                          {"none_text", "none"},       {"low_text", "low"},      {"good_text", "good"},
                          {"stop_text", "stop"},       {"good_text", "surface"}, {"notice_text", "surface"}};


TEST(Theme, EveryTextOfEveryThemeCanBeRead) {
  const auto themes = ui::themes_in(THEMES_FOLDER);
  ASSERT_GE(themes.size(), 2u);
  for (const ui::Theme& theme : themes)
    for (const Pair& pair : pairs)
      EXPECT_GE(ui::contrast(theme.colours.at(pair.text), theme.colours.at(pair.background)), 4.5)
          << theme.id << ": " << pair.text << " on " << pair.background << " is below WCAG AA";
}

TEST(Theme, ContrastIsThatOfWcag) {
  EXPECT_NEAR(ui::contrast(*wxBLACK, *wxWHITE), 21.0, 0.01);
  EXPECT_NEAR(ui::contrast(wxColour("#767676"), *wxWHITE), 4.54, 0.01);
}

TEST(Theme, ABadFileIsRefusedWithItsLine) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "bad.toml";
  std::ofstream(file) << "name = \"Bad\"\n[colours]\nwindow = \"#12\"\n";
  const auto theme = ui::load_theme(file);
  ASSERT_FALSE(theme);
  EXPECT_EQ(theme.error().sentence.args.at(0), "bad.toml");
  EXPECT_EQ(theme.error().sentence.args.at(1), "3");
}

TEST(Theme, BrokenTomlIsRefusedWithItsLine) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "broken.toml";
  std::ofstream(file) << "name = \"Broken\"\n[colours\n";
  const auto theme = ui::load_theme(file);
  ASSERT_FALSE(theme);
  EXPECT_EQ(theme.error().sentence.args.at(1), "2");
}

TEST(Theme, AStyleSheetMayNotReachForOtherFiles) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "console.css") << "@import url(\"/etc/passwd\");\n";
  const auto light = ui::load_theme(std::filesystem::path(THEMES_FOLDER) / "light.toml");
  ASSERT_TRUE(light);
  EXPECT_FALSE(ui::apply_theme(*light, ui::TextSize::normal, folder.path()));
}

TEST(Theme, ANewWindowNeedsNoRestartForAnotherLook) {
  DeskParts parts;
  core::Services services = parts.services();
  auto* window = new ui::ConsoleWindow(test_options());
  window->begin(services);
  Driver::settle();
  const wxColour before = ui::colour("window");
  EXPECT_TRUE(window->set_theme("dark"));
  EXPECT_NE(ui::colour("window"), before);
  EXPECT_FALSE(window->set_theme("no_such_theme"));
  EXPECT_TRUE(ui::theme().dark);
  window->Destroy();
  Driver::settle();
}

}  // namespace
}  // namespace anahtar::testing
