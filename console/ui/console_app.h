// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "core/services.h"

/// The operator's window. The only room that knows wx; it draws what core describes.
namespace anahtar::ui {

enum class TextSize { small, normal, large };

struct Options {
  std::string theme = "light";              ///< a file <theme>.toml in `themes_folder`
  TextSize text_size = TextSize::normal;
  std::string language;                     ///< "tr", "en"; empty: what the system says
  std::filesystem::path themes_folder;      ///< holds console.css, light.toml, dark.toml
  std::filesystem::path catalogue_folder;   ///< holds tr/LC_MESSAGES/anahtar.mo
  std::optional<core::IncomingCall> call;   ///< shown once somebody has signed in
  std::chrono::seconds lock_after{300};     ///< of idleness
  std::vector<core::Text> alarms = {};      ///< about the database; shown to whoever signs in
};

/// False when there is no display to draw on. Main thread.
bool display_available();

/// Runs the window until it is closed; the process's exit status. `services` must outlive it. Main thread, once a process.
int run_console(core::Services& services, const Options& options);

/// Says in a window that the console could not start and why (no database, no key …). Main thread, instead of run_console.
int show_start_failure(const core::Failure& failure, const Options& options);

/// A call arrived: the candidates are shown; on a locked or signed-out console after unlocking, with a notice that
/// holds no personal data. Returns at once; ignored before run_console and after it. [any]
void incoming_call(core::IncomingCall call);

/// Brings the window to the front (a second start of the program asks for it). [any]
void raise_window();

}  // namespace anahtar::ui
