// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/terminal.h"

#include <errno.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iostream>

namespace anahtar::app::terminal {
namespace {

std::atomic<bool> interrupt_seen = false;
int last_tenth = -1;

/// Echo is off while it lives; Ctrl+C ends the question instead of the program, which would leave the echo off.
class Silent {
 public:
  Silent() {
    ::sigaction(SIGINT, nullptr, &interrupt_before_);
    ::sigaction(SIGTERM, nullptr, &end_before_);
    ::sigaction(SIGHUP, nullptr, &hangup_before_);
    watch_interrupt();
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios now = before_;
    now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    now.c_cc[VQUIT] = _POSIX_VDISABLE;  // it would end the program and leave the terminal silent
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &now) == 0;
  }
  ~Silent() {
    ::sigaction(SIGINT, &interrupt_before_, nullptr);
    ::sigaction(SIGTERM, &end_before_, nullptr);
    ::sigaction(SIGHUP, &hangup_before_, nullptr);
    if (!changed_) return;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    ::fputc('\n', stderr);
  }
  Silent(const Silent&) = delete;
  Silent& operator=(const Silent&) = delete;

 private:
  struct sigaction interrupt_before_{}, end_before_{}, hangup_before_{};
  termios before_{};
  bool changed_ = false;
};

std::optional<Silence> wait_for_input(const Stop& stop) {
  for (;;) {
    if (interrupted()) return Silence::stopped;
    if (stop)
      if (const auto why = stop()) return why;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, 100) > 0) return {};
  }
}

// A byte at a time: what follows the line belongs to the next question.
Answer<std::string> read_line(const Stop& stop) {
  std::string line;
  line.reserve(256);  // a secret must not leave pieces behind where the string grew
  for (;;) {
    if (const auto why = wait_for_input(stop)) return std::unexpected(*why);
    char c = 0;
    const auto got = ::read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::unexpected(Silence::ended);
    if (c == '\n') return line;
    if (c != '\r' && line.size() < 4000) line += c;
  }
}

/// U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069: marks with which data could show itself in another order.
bool turns_text_around(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(text[1]), third = static_cast<unsigned char>(text[2]);
  if (second == 0x80) return third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE);
  return second == 0x81 && third >= 0xA6 && third <= 0xA9;
}

void put(const std::string& text) { std::cerr << text << std::flush; }

}  // namespace

bool can_ask() { return ::isatty(STDIN_FILENO) == 1; }

Answer<std::string> ask(const std::string& question, const Stop& stop) {
  put(harmless(question));
  return read_line(stop);
}

Answer<sdk::Secret> ask_secret(const std::string& question, const Stop& stop) {
  const Silent silent;
  put(harmless(question));
  auto line = read_line(stop);
  if (!line) return std::unexpected(line.error());
  return sdk::Secret(std::move(*line));
}

void tell_secret(const std::string& before, const sdk::Secret& secret) {
  put(harmless(before));
  auto line = harmless(secret.expose());
  put(line);  // unbuffered
  sdk::Secret::wipe(line);
  put("\n");
}

void tell(const std::string& line) { put(harmless(line, true) + "\n"); }

void progress(double fraction, const std::string& sentence) {
  const int percent = fraction < 0 ? -1 : std::clamp(static_cast<int>(fraction * 100), 0, 100);
  const auto line = percent < 0 ? sentence : fmt::format("{:3d} %  {}", percent, sentence);
  if (::isatty(STDERR_FILENO)) {
    put("\r\033[K" + harmless(line));
    last_tenth = 100;
  } else if (percent / 10 > last_tenth && (percent < 100 || last_tenth > 0)) {  // what was done at once needs no line in a log
    last_tenth = percent / 10;
    tell(line);
  }
}

void end_progress() {
  if (last_tenth >= 0 && ::isatty(STDERR_FILENO)) put("\r\033[K");
  last_tenth = -1;
}

std::string harmless(std::string_view text, bool keep_lines) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool c1_control = c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1_control) ++i;
    if (turns_text_around(text.substr(i))) {
      out += ' ';
      i += 2;
      continue;
    }
    const bool control = c1_control || c == 0x7F || (c < 0x20 && !(keep_lines && c == '\n'));
    out += control ? ' ' : text[i];
  }
  return out;
}

void watch_interrupt() {
  struct sigaction action{};
  action.sa_handler = [](int) { interrupt_seen = true; };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGHUP, &action, nullptr);
}

bool interrupted() { return interrupt_seen; }

}  // namespace anahtar::app::terminal
