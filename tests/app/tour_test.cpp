// SPDX-License-Identifier: GPL-3.0-or-later
// What a newcomer without a display gets: the real windows are led through a whole call and a card, and the log stands.
#include <gtest/gtest.h>

#include "app/desk.h"

namespace anahtar::testing {
namespace {

TEST(GuidedTour, LeadsThroughTheWholeJobAndLeavesAnIntactLog) {
  Desk desk;
  desk.init_demo();
  desk.environment["GDK_BACKEND"] = "x11";
  const auto pictures = desk.file("pictures");
  const auto ended = Program(desk.file("."),
                             {"/usr/bin/xvfb-run", "-a", "-s", "-screen 0 1600x1000x24 -nolisten tcp", "/usr/bin/dbus-run-session", "--",
                              ANAHTAR, "--tour", pictures.string()},
                             desk.environment, Program::Input::nothing)
                         .wait();
  ASSERT_EQ(ended.exit, 0) << ended.out << ended.err;
  for (const char* name : {"01-sign-in.png", "09-unblocked.png", "18-card-done.png", "21-audit-verified.png"})
    EXPECT_GT(std::filesystem::file_size(pictures / name), 10'000u) << name;
  EXPECT_EQ(desk.run({"audit", "verify"}).exit, 0);
}

}  // namespace
}  // namespace anahtar::testing
