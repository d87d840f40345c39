// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <functional>
#include <string>

#include <wx/string.h>

class wxWindow;

namespace anahtar::ui {

/// A hand for the real window: finds by name, types, presses, and lets the window live until something has come about.
/// The guided tour and the tests of the window use it. [ui]
class Driver {
 public:
  using Seconds = std::chrono::seconds;
  static constexpr Seconds patience{15};

  /// Lets events be handled until `come_about` is true; false when it was not within the time.
  static bool wait(const std::function<bool()>& come_about, Seconds longest = patience);
  /// Until nothing works in the background and nothing waits to be drawn.
  static bool settle(Seconds longest = patience);
  /// Until a window of this name can be seen; nullptr when it did not appear.
  static wxWindow* appears(const std::string& name, Seconds longest = patience);
  /// A window of this name that can be seen now; nullptr otherwise.
  static wxWindow* visible(const std::string& name);

  /// Waits for the field, then fills it. False when there is none.
  static bool type(const std::string& field, const std::string& text);
  /// Waits for the field, then chooses the answer at this place of its list.
  static bool choose(const std::string& field, int answer);
  /// Waits for the button to be seen and enabled, then presses it.
  static bool press(const std::string& button);
  /// Waits for rows in the list, then chooses one.
  static bool choose_row(const std::string& list, int row);
  /// The text of a label or field that can be seen; empty otherwise.
  static std::string text(const std::string& name);
};

}  // namespace anahtar::ui
