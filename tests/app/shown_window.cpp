// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shown_window.h"

#include <gtest/gtest.h>

#include <fstream>

namespace anahtar::testing {

namespace fs = std::filesystem;

ShownWindow::ShownWindow(const Desk& desk) : screen(desk.file("")) {
  fs::create_directories(desk.file("config") / "gtk-3.0");
  std::ofstream(desk.file("config") / "gtk-3.0" / "settings.ini") << "[Settings]\ngtk-cursor-blink=0\ngtk-enable-animations=0\n";
  program = start(desk, desk.file(""));
  shows("the sign-in page");
}

std::unique_ptr<Program> ShownWindow::start(const Desk& desk, const fs::path& folder) const {
  auto environment = desk.environment;
  environment.insert({{"DISPLAY", screen.name()}, {"GDK_BACKEND", "x11"}, {"NO_AT_BRIDGE", "1"}, {"GSETTINGS_BACKEND", "memory"}, {"LC_ALL", "C.UTF-8"}});
  const std::vector<std::string> line = {fs::path(ANAHTARCTL).parent_path() / "anahtar", "--language", "en"};
  return std::make_unique<Program>(folder, line, environment, Program::Input::nothing);
}

void ShownWindow::shows(const char* what) { ASSERT_TRUE(screen.changes()) << "it never showed " << what << "; " << program->err(); }

void ShownWindow::press(const char* key, const char* leads_to) {
  screen.press(key);
  shows(leads_to);
}

void ShownWindow::sign_in(const char* operator_name, const std::string& password, const char* leads_to) {
  screen.type(operator_name);
  screen.press("Return");
  screen.type(password);
  press("Return", leads_to);
}

}  // namespace anahtar::testing
