// SPDX-License-Identifier: GPL-3.0-or-later
// The least that a wx program can be: what start_benchmark compares the console with.
#include <wx/wx.h>

namespace {
class BareFrame : public wxApp {
  bool OnInit() override { return (new wxFrame(nullptr, wxID_ANY, "bare"))->Show(); }
};
}  // namespace

wxIMPLEMENT_APP(BareFrame);
