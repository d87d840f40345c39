// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/frame.h>
#include <wx/timer.h>

#include "core/services.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// In a demo only: what the caller sees on their telephone, beside the console. [ui]
class DemoPhoneFrame : public wxFrame {
 public:
  DemoPhoneFrame(wxWindow* parent, core::DemoPhone& phone);
  void refresh();

 private:
  core::DemoPhone& phone_;
  wxStaticText* to_;
  wxStaticText* message_;
  core::Time newest_{};
  wxTimer tick_;
};

}  // namespace anahtar::ui
