// SPDX-License-Identifier: GPL-3.0-or-later
// From starting the program to its first window on the screen: the console beside a bare wx frame, in one run. And to the
// sign-in page drawn in that window, so that a window that comes early is not mistaken for one that can be worked with.
// Needs a display: xvfb-run -a build/bin/start_benchmark
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <benchmark/benchmark.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "support/temporary_folder.h"

extern char** environ;

namespace {

using Command = std::vector<std::string>;

pid_t start(const Command& command) {
  std::vector<char*> arguments;
  for (const auto& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawn(&child, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0) throw std::runtime_error(command[0]);
  return child;
}

void stop(pid_t child) {
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

/// Tells when a window appears on the screen.
class Screen {
 public:
  Screen() : display_(XOpenDisplay(nullptr)) {
    if (display_ == nullptr) throw std::runtime_error("there is no display; run this under xvfb-run -a");
    XSelectInput(display_, DefaultRootWindow(display_), SubstructureNotifyMask);
    XSync(display_, True);
  }
  ~Screen() { XCloseDisplay(display_); }
  void forget() { XSync(display_, True); }
  /// Undoes what the first GTK program on a display leaves there for those after it: the visuals that OpenGL told it of.
  void be_fresh() {
    XDeleteProperty(display_, DefaultRootWindow(display_), XInternAtom(display_, "GDK_VISUALS", False));
    XSync(display_, True);
  }
  bool is_fresh() {
    int count = 0;
    Atom* const all = XListProperties(display_, DefaultRootWindow(display_), &count);
    const bool found = std::find(all, all + count, XInternAtom(display_, "GDK_VISUALS", False)) != all + count;
    if (all != nullptr) XFree(all);
    return !found;
  }
  void wait_for_window() {
    for (XEvent event;;) {
      XNextEvent(display_, &event);
      if (event.type == MapNotify && !event.xmap.override_redirect) return;
    }
  }
  /// The field that has the focus lies across the middle of the screen, with this colour around it.
  void wait_for_colour(unsigned long colour) {
    while (!shows(colour)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

 private:
  bool shows(unsigned long colour) {
    const Window root = DefaultRootWindow(display_);
    const int width = DisplayWidth(display_, DefaultScreen(display_)), height = DisplayHeight(display_, DefaultScreen(display_));
    XImage* const column = XGetImage(display_, root, width / 2, 0, 1, static_cast<unsigned>(height), AllPlanes, ZPixmap);
    if (column == nullptr) return false;
    bool found = false;
    for (int y = 0; y < height && !found; ++y) found = (XGetPixel(column, 0, y) & 0xFFFFFF) == colour;
    XDestroyImage(column);
    return found;
  }

  Display* display_;
};

enum class DisplayIs { used, fresh };
enum class Until { window, page };

constexpr unsigned long focus_colour = 0x1f5fbf;  // themes/light.toml

/// As any GTK program does that asks for OpenGL's visuals; the console does not.
void use(Screen& screen) {
  if (!screen.is_fresh()) return;
  const pid_t child = start({ANAHTAR_BIN "/bare_frame"});
  screen.wait_for_window();
  stop(child);
  screen.forget();
}

void measure(benchmark::State& state, const Command& command, DisplayIs display, Until until) {
  Screen screen;
  for (auto _ : state) {
    if (display == DisplayIs::fresh) screen.be_fresh();
    if (display == DisplayIs::used) use(screen);
    const auto before = std::chrono::steady_clock::now();
    const pid_t child = start(command);
    screen.wait_for_window();
    if (until == Until::page) screen.wait_for_colour(focus_colour);
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
    stop(child);
    screen.forget();
  }
}

/// A folder of the benchmark's own for both programs' files, with a demo desk in it.
std::string make_demo(const anahtar::testing::TemporaryFolder& folder) {
  for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"}) setenv(name, folder.path().c_str(), 1);
  const std::string database = "sqlite://" + (folder / "demo.db").string();
  int status = 0;
  waitpid(start({ANAHTAR_BIN "/anahtarctl", "--database", database, "init", "--demo"}), &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("anahtarctl init --demo failed");
  return database;
}

void add(const std::string& name, const Command& command, Until until = Until::window) {
  for (const auto& [on, display] : {std::pair{"", DisplayIs::used}, std::pair{"OnAFreshDisplay", DisplayIs::fresh}})
    benchmark::RegisterBenchmark((name + on).c_str(), [=](benchmark::State& state) { measure(state, command, display, until); })
        ->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(1)->Repetitions(20)->ReportAggregatesOnly(true);
}

}  // namespace

int main(int count, char** arguments) {
  const anahtar::testing::TemporaryFolder folder;
  const std::string database = make_demo(folder);
  add("RawBareFrame", {ANAHTAR_BIN "/bare_frame"});
  add("Console", {ANAHTAR_BIN "/anahtar", "--database", database});
  add("ConsoleSignInPage", {ANAHTAR_BIN "/anahtar", "--database", database}, Until::page);

  // In turns, so that what else the machine does meets both.
  char in_turns[] = "--benchmark_enable_random_interleaving=true";
  std::vector<char*> all(arguments, arguments + count);
  all.insert(all.begin() + 1, in_turns);
  int many = static_cast<int>(all.size());
  benchmark::Initialize(&many, all.data());
  benchmark::RunSpecifiedBenchmarks();
}
