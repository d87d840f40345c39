// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include <wx/app.h>

#include "ui/background.h"
#include "ui/console_window.h"

namespace anahtar::ui {

/// The wx application around one console window. The tour and the tests of the window derive from it.
class Application : public wxApp {
 public:
  Application(core::Services& services, Options options) : services_(services), options_(std::move(options)) {}

  bool OnInit() override;
  int OnExit() override;
  /// The one place where an exception of an event handler ends.
  bool OnExceptionInMainLoop() override;

 protected:
  core::Services& services_;
  Options options_;

 private:
  std::unique_ptr<Background> background_;
};

/// The running console's window; nullptr before and after. [ui]
ConsoleWindow* console_window();
/// Runs a wx application in this process to its end; takes `app` over.
int run_application(wxApp* app);

}  // namespace anahtar::ui
