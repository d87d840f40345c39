// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cstdio>
#include <stdexcept>

#include <wx/app.h>
#include <wx/evtloop.h>
#include <wx/init.h>

#include "ui/background.h"

namespace {

/// An assertion of wx is a failed test, not a dialog that nobody closes.
void throw_assertion(const wxString& file, int line, const wxString&, const wxString& condition, const wxString& message) {
  throw std::runtime_error((file + wxString::Format(":%d: ", line) + condition + " " + message).utf8_string());
}

class TestApp : public wxApp {
 public:
  bool OnInit() override {
    SetExitOnFrameDelete(false);
    return true;
  }
};

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  wxApp::SetInstance(new TestApp);
  if (!wxEntryStart(argc, argv) || !wxTheApp->CallOnInit()) {
    std::fputs("There is no display to draw on.\n", stderr);
    return 1;
  }
  wxSetAssertHandler(throw_assertion);
  int failed = 0;
  {
    wxEventLoop loop;
    const wxEventLoopActivator active(&loop);
    const anahtar::ui::Background background;
    failed = RUN_ALL_TESTS();
  }
  wxTheApp->OnExit();
  wxEntryCleanup();
  return failed;
}
