// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "app/program.h"

namespace anahtar::testing {

/// A virtual screen of its own, with a keyboard at it. What is typed comes to programs as from real keys.
class Screen {
 public:
  /// Throws where there is no Xvfb. What it writes goes to `folder`.
  explicit Screen(const std::filesystem::path& folder);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// For $DISPLAY.
  const std::string& name() const { return name_; }

  /// Letters, digits and punctuation of an English keyboard, to the window on top.
  void type(const std::string& text);
  /// "Return", "Tab", "Down": a name of X's.
  void press(const std::string& key);
  void press_with_alt(const std::string& key);
  /// Asks the window on top to close, as its frame's button does.
  void close_window();

  /// Waits until the window on top looks other than at the last call, or is another, and then until it stays so; an empty one
  /// does not count. False when it did not.
  bool changes(std::chrono::seconds patience = std::chrono::seconds(20));
  /// How many windows of programs can be seen.
  std::size_t windows() const;

 private:
  struct Connection;
  std::unique_ptr<Program> server_;
  std::string name_;
  std::unique_ptr<Connection> x_;
  std::size_t known_picture_ = 0;
};

}  // namespace anahtar::testing
