// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/desk.h"
#include "app/screen.h"

namespace anahtar::testing {

/// The console's window as a program, on a virtual screen of its own, with nothing that moves by itself.
class ShownWindow {
 public:
  /// Fails the test unless its first page comes.
  explicit ShownWindow(const Desk& desk);

  /// The console once more, on the same screen; what it writes goes to `folder`.
  std::unique_ptr<Program> start(const Desk& desk, const std::filesystem::path& folder) const;

  void shows(const char* what);
  /// One key, and what it leads to.
  void press(const char* key, const char* leads_to);
  void sign_in(const char* operator_name, const std::string& password, const char* leads_to);

  Screen screen;
  std::unique_ptr<Program> program;
};

}  // namespace anahtar::testing
