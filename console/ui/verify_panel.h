// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stop_token>

#include <wx/gauge.h>

#include "ui/shell.h"
#include "ui/widgets.h"

namespace anahtar::ui {

/// Proves the audit log: a button, progress that can be cancelled, a verdict in a word and a colour. [ui]
class VerifyPanel : public Surface {
 public:
  VerifyPanel(wxWindow* parent, Shell& shell);
  ~VerifyPanel() override { stop_.request_stop(); }

  void verify();
  const std::optional<core::AuditReport>& report() const { return report_; }
  std::function<void()> verified;

 private:
  void progress(std::uint64_t done, std::uint64_t all);
  void show(const core::AuditReport& report);
  void set_running(bool running);

  Shell& shell_;
  std::stop_source stop_;
  bool running_ = false;
  std::optional<core::AuditReport> report_;
  wxButton* go_;
  wxButton* cancel_;
  wxGauge* gauge_;
  wxStaticText* verdict_;
  wxStaticText* sentence_;
};

}  // namespace anahtar::ui
