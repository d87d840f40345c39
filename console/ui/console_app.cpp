// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console_app.h"

#include <gdk/gdk.h>

#include <wx/init.h>
#include <wx/msgdlg.h>

#include "ui/application.h"
#include "ui/text.h"

namespace anahtar::ui {
namespace {

ConsoleWindow* the_window = nullptr;  // used on the UI thread only

class FailureApp : public wxApp {
 public:
  FailureApp(const core::Failure& failure, const Options& options) : failure_(failure), options_(options) {}
  bool OnInit() override {
    install_language(options_.language, options_.catalogue_folder);
    wxMessageBox(shown(failure_.sentence), say("Anahtar cannot start"), wxOK | wxICON_ERROR);
    return false;
  }

 private:
  const core::Failure& failure_;
  const Options& options_;
};

}  // namespace

bool Application::OnInit() {
  SetAppName("anahtar");
  background_ = std::make_unique<Background>();
  the_window = new ConsoleWindow(services_, options_);
  the_window->Bind(wxEVT_DESTROY, [](wxWindowDestroyEvent& event) {
    if (event.GetWindow() == the_window) the_window = nullptr;
    event.Skip();
  });
  the_window->Show();
  return true;
}

int Application::OnExit() {
  background_.reset();
  return wxApp::OnExit();
}

bool Application::OnExceptionInMainLoop() {
  const core::Failure failure = unexpected_failure();
  if (the_window != nullptr && the_window->desk() != nullptr)
    the_window->desk()->notice(Notice::stop, shown(failure.sentence));
  return true;
}

ConsoleWindow* console_window() { return the_window; }

int run_application(wxApp* app) {
  int argc = 1;
  char name[] = "anahtar";
  char* argv[] = {name, nullptr};
  wxApp::SetInstance(app);
  return wxEntry(argc, argv);
}

bool display_available() {
  GdkDisplay* display = gdk_display_open(nullptr);
  if (display == nullptr) return false;
  gdk_display_close(display);
  return true;
}

int run_console(core::Services& services, const Options& options) {
  return run_application(new Application(services, options));
}

int show_start_failure(const core::Failure& failure, const Options& options) {
  run_application(new FailureApp(failure, options));
  return 1;
}

void incoming_call(core::IncomingCall call) {
  on_ui_thread([call = std::move(call)] {
    if (the_window != nullptr) the_window->call_arrived(call);
  });
}

void raise_window() {
  on_ui_thread([] {
    if (the_window == nullptr) return;
    the_window->Iconize(false);
    the_window->Raise();
  });
}

}  // namespace anahtar::ui
