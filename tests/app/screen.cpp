// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/screen.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>

#include <cstring>
#include <functional>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

namespace anahtar::testing {

using namespace std::chrono_literals;

struct Screen::Connection {
  explicit Connection(const std::string& name) : display(::XOpenDisplay(name.c_str())) {
    if (display == nullptr) throw std::runtime_error("the virtual screen cannot be reached");
    root = DefaultRootWindow(display);
  }
  ~Connection() { ::XCloseDisplay(display); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// From the lowest to the one on top.
  std::vector<::Window> windows() const {
    ::Window ignored = 0, *children = nullptr;
    unsigned count = 0;
    std::vector<::Window> seen;
    if (::XQueryTree(display, root, &ignored, &ignored, &children, &count) == 0) return seen;
    for (unsigned i = 0; i < count; ++i) {
      XWindowAttributes facts{};
      const bool visible = ::XGetWindowAttributes(display, children[i], &facts) != 0 && facts.map_state == IsViewable;
      if (visible && facts.c_class == InputOutput && facts.width > 10) seen.push_back(children[i]);
    }
    ::XFree(children);
    return seen;
  }
  /// There is no window manager that would do it.
  void focus_on_top() const {
    if (const auto all = windows(); !all.empty()) ::XSetInputFocus(display, all.back(), RevertToPointerRoot, CurrentTime);
  }
  void strike(KeyCode code, bool shifted) const {
    const auto shift = ::XKeysymToKeycode(display, XStringToKeysym("Shift_L"));
    if (shifted) ::XTestFakeKeyEvent(display, shift, True, CurrentTime);
    ::XTestFakeKeyEvent(display, code, True, CurrentTime);
    ::XTestFakeKeyEvent(display, code, False, CurrentTime);
    if (shifted) ::XTestFakeKeyEvent(display, shift, False, CurrentTime);
    ::XSync(display, False);
    std::this_thread::sleep_for(20ms);
  }
  void strike(KeySym key) const {
    const auto code = ::XKeysymToKeycode(display, key);
    if (code == 0) throw std::runtime_error("no such key");
    int per_code = 0;
    KeySym* const meanings = ::XGetKeyboardMapping(display, code, 1, &per_code);
    const bool shifted = per_code > 1 && meanings[0] != key && meanings[1] == key;
    ::XFree(meanings);
    strike(code, shifted);
  }
  /// Of the window on top: what is under it may be moving.
  /// 0: there is none, or nothing has been drawn yet.
  std::size_t picture() const {
    const auto all = windows();
    const auto window = all.empty() ? root : all.back();
    XWindowAttributes facts{};
    if (::XGetWindowAttributes(display, window, &facts) == 0) return 0;
    XImage* const image = ::XGetImage(display, window, 0, 0, static_cast<unsigned>(facts.width), static_cast<unsigned>(facts.height), AllPlanes, ZPixmap);
    if (image == nullptr) return 0;
    const auto size = static_cast<std::size_t>(image->bytes_per_line) * static_cast<std::size_t>(image->height);
    const int pixel = image->bits_per_pixel / 8;
    const bool blank = std::memcmp(image->data, image->data + pixel, size - static_cast<std::size_t>(pixel)) == 0;
    const auto hash = std::hash<std::string_view>()({image->data, size});
    XDestroyImage(image);
    return blank ? 0 : hash ^ std::hash<::Window>()(window);
  }

  Display* display;
  ::Window root = 0;
};

Screen::Screen(const std::filesystem::path& folder) {
  const std::vector<std::string> line = {"/usr/bin/Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"};
  server_ = std::make_unique<Program>(folder, line, std::map<std::string, std::string>{{"PATH", "/usr/bin:/bin"}}, Program::Input::nothing);
  for (int i = 0; i < 1000 && !server_->out().ends_with('\n'); ++i) std::this_thread::sleep_for(10ms);
  const auto number = server_->out();
  if (!number.ends_with('\n')) throw std::runtime_error("no virtual screen: " + server_->err());
  name_ = ":" + number.substr(0, number.size() - 1);
  x_ = std::make_unique<Connection>(name_);
  known_picture_ = x_->picture();
}

Screen::~Screen() = default;

void Screen::type(const std::string& text) {
  x_->focus_on_top();
  for (const unsigned char each : text) x_->strike(KeySym{each});  // Latin 1 has its own numbers
}

void Screen::press(const std::string& key) {
  x_->focus_on_top();
  x_->strike(::XStringToKeysym(key.c_str()));
}

void Screen::press_with_alt(const std::string& key) {
  x_->focus_on_top();
  const auto alt = ::XKeysymToKeycode(x_->display, XStringToKeysym("Alt_L"));
  ::XTestFakeKeyEvent(x_->display, alt, True, CurrentTime);
  x_->strike(::XStringToKeysym(key.c_str()));
  ::XTestFakeKeyEvent(x_->display, alt, False, CurrentTime);
  ::XSync(x_->display, False);
}

void Screen::close_window() {
  const auto all = x_->windows();
  if (all.empty()) return;
  XEvent event{};
  event.xclient.type = ClientMessage;
  event.xclient.window = all.back();
  event.xclient.message_type = ::XInternAtom(x_->display, "WM_PROTOCOLS", False);
  event.xclient.format = 32;
  event.xclient.data.l[0] = static_cast<long>(::XInternAtom(x_->display, "WM_DELETE_WINDOW", False));
  ::XSendEvent(x_->display, all.back(), False, NoEventMask, &event);
  ::XSync(x_->display, False);
}

bool Screen::changes(std::chrono::seconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::size_t last = known_picture_;
  int same = 0;
  while (std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(100ms);
    const auto now = x_->picture();
    same = now == last ? same + 1 : 0;
    last = now;
    if (now == 0 || now == known_picture_ || same < 5) continue;
    known_picture_ = now;
    return true;
  }
  return false;
}

std::size_t Screen::windows() const { return x_->windows().size(); }

}  // namespace anahtar::testing
