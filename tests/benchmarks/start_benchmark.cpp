// SPDX-License-Identifier: GPL-3.0-or-later
// From starting the program to its first window on the screen: the console beside a bare wx frame, in one run.
// Needs a display: xvfb-run -a build/bin/start_benchmark
#include <X11/Xlib.h>
#include <benchmark/benchmark.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <string>
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
  void wait_for_window() {
    for (XEvent event;;) {
      XNextEvent(display_, &event);
      if (event.type == MapNotify && !event.xmap.override_redirect) return;
    }
  }

 private:
  Display* display_;
};

void measure(benchmark::State& state, const Command& command) {
  Screen screen;
  for (auto _ : state) {
    const auto before = std::chrono::steady_clock::now();
    const pid_t child = start(command);
    screen.wait_for_window();
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
    stop(child);
    screen.forget();
  }
}

/// A demo desk of the benchmark's own.
const std::string& demo_database() {
  static const anahtar::testing::TemporaryFolder folder;
  static const std::string url = [] {
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"}) setenv(name, folder.path().c_str(), 1);
    const std::string made = "sqlite://" + (folder / "demo.db").string();
    waitpid(start({ANAHTAR_BIN "/anahtarctl", "--database", made, "init", "--demo"}), nullptr, 0);
    return made;
  }();
  return url;
}

void RawBareFrame(benchmark::State& state) { measure(state, {ANAHTAR_BIN "/bare_frame"}); }
void Console(benchmark::State& state) { measure(state, {ANAHTAR_BIN "/anahtar", "--database", demo_database()}); }

BENCHMARK(RawBareFrame)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK(Console)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(20);

}  // namespace
