// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console_app.h"

#include <fontconfig/fontconfig.h>
#include <gtk/gtk.h>
#include <wx/dialog.h>
#include <wx/init.h>
#include <wx/log.h>
#include <wx/msgdlg.h>

#include <atomic>
#include <csignal>
#include <future>

#include "ui/application.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

ConsoleWindow* the_window = nullptr;  // used on the UI thread only
std::atomic<bool> window_is_gone = false;

constexpr int ending_signals[] = {SIGTERM, SIGINT, SIGHUP};

/// A menu and a question have loops of their own, which must end first. False: there was none.
bool put_away_what_is_open() {
  if (GtkWidget* const grab = gtk_grab_get_current(); GTK_IS_MENU_SHELL(grab)) {
    gtk_menu_shell_cancel(GTK_MENU_SHELL(grab));
    return true;
  }
  for (wxWindow* each : wxTopLevelWindows)
    if (auto* dialog = dynamic_cast<wxDialog*>(each); dialog != nullptr && dialog->IsModal()) {
      dialog->EndModal(wxID_CANCEL);
      return true;
    }
  return false;
}

void end_when_nothing_is_open() {
  if (the_window == nullptr) return;
  if (put_away_what_is_open()) return wxTheApp->CallAfter([] { end_when_nothing_is_open(); });
  the_window->Close(true);
}

/// A log-out or a shutdown ends it as closing the window does: who works is signed out, and what runs is ended and recorded.
/// Who asks once more is not kept waiting.
void end_in_order(int) {
  for (const int each : ending_signals) std::signal(each, SIG_DFL);
  end_when_nothing_is_open();
}

constexpr int no_window = -1;  // what wxEntry returns when OnInit said no
bool toolkit_started = false;
bool refused_to_start = false;

}  // namespace

bool Application::Initialize(int& argc, wxChar** argv) {
  const wxLogNull quiet;  // what is missing is said once, by whoever started this
  return toolkit_started = wxApp::Initialize(argc, argv);
}

bool Application::OnInit() {
  SetAppName("anahtar");
  std::future<core::Result<OpenedDesk>> opening;
  std::promise<void> frame_shown;
  opening = std::async(std::launch::async, [this, shown = frame_shown.get_future()] {
    auto desk = open_();
    shown.wait();  // the frame needs no fonts and should not share the processor with them; the first page needs them
    FcInit();
    return desk;
  });
  auto* window = new ConsoleWindow(options_);
  frame_shown.set_value();
  const auto desk = opening.get();
  if (!desk || desk->services == nullptr) delete window;
  if (!desk) say_failure(desk.error());
  if (!desk || desk->services == nullptr) return false;
  background_ = std::make_unique<Background>();
  the_window = window;
  the_window->Bind(wxEVT_DESTROY, [](wxWindowDestroyEvent& event) {
    if (event.GetWindow() == the_window) the_window = nullptr, window_is_gone = true;
    event.Skip();
  });
  the_window->begin(*desk->services, desk->alarms);
  for (const int each : ending_signals) SetSignalHandler(each, end_in_order);
  return true;
}

void Application::say_failure(const core::Failure& failure) const {
  refused_to_start = true;
  install_language(options_.language, options_.catalogue_folder);
  wxMessageBox(shown(failure.sentence), say("Anahtar cannot start"), wxOK | wxICON_ERROR);
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

core::Result<int> run_application(Application* app) {
  int argc = 1;
  char name[] = "anahtar";
  char* argv[] = {name, nullptr};
  wxApp::SetInstance(app);
  const int status = wxEntry(argc, argv);
  if (!toolkit_started)
    return core::failure(core::Code::unavailable,
                         sdk::tr("There is no display to open a window on. anahtarctl works without."));
  return status == no_window ? int{refused_to_start} : status;
}

core::Result<int> run_console(const OpenDesk& open, const Options& options) {
  return run_application(new Application(open, options));
}

bool incoming_call(core::IncomingCall call) {
  if (window_is_gone) return false;
  on_ui_thread([call = std::move(call)] {
    if (the_window != nullptr) the_window->call_arrived(call);
  });
  return true;
}

bool raise_window() {
  if (window_is_gone) return false;
  on_ui_thread([] {
    if (the_window == nullptr) return;
    the_window->Iconize(false);
    the_window->Raise();
  });
  return true;
}

}  // namespace anahtar::ui
