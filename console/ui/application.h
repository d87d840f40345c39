// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>

#include <wx/app.h>

#include "ui/background.h"
#include "ui/console_window.h"

namespace anahtar::ui {

/// The wx application around one console window. The tour derives from it.
class Application : public wxApp {
 public:
  Application(OpenDesk open, Options options) : open_(std::move(open)), options_(std::move(options)) {}

  bool Initialize(int& argc, wxChar** argv) override;
  bool OnInit() override;
  int OnExit() override;
  /// The one place where an exception of an event handler ends.
  bool OnExceptionInMainLoop() override;

 private:
  void say_failure(const core::Failure& failure) const;

  OpenDesk open_;
  Options options_;
  std::unique_ptr<Background> background_;
};

/// The running console's window; nullptr before and after. [ui]
ConsoleWindow* console_window();
/// Runs the application in this process to its end and takes it over. Its exit status, or that there is no display.
core::Result<int> run_application(Application* app);

}  // namespace anahtar::ui
