// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
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
};

/// What a window is opened on.
struct OpenedDesk {
  core::Services* services = nullptr;   ///< null: no window is wanted, another console came to the front
  std::vector<core::Text> alarms = {};  ///< about the database; shown to whoever signs in
};

/// Asked once, when the toolkit is ready, while the empty frame goes to the screen. A failure (no database, no key …) is said
/// in a window. [worker]
using OpenDesk = std::function<core::Result<OpenedDesk>()>;

/// Runs the window until it is closed; the process's exit status. What `open` gave must outlive it. Code::unavailable when
/// there is no display to draw on. Main thread, once a process.
core::Result<int> run_console(const OpenDesk& open, const Options& options);

/// A call arrived: the candidates are shown; on a locked or signed-out console after unlocking, with a notice that
/// holds no personal data. Returns at once; false, and nothing is shown, once the window is gone. [any]
bool incoming_call(core::IncomingCall call);

/// Brings the window to the front (a second start of the program asks for it). False once it is gone. [any]
bool raise_window();

}  // namespace anahtar::ui
