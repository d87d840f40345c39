// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/verify_panel.h"

#include <atomic>

#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

/// Colour and shape of a verdict; nothing but an intact log is green.
struct Look {
  const char* fill;
  const char* style_class;
  const wchar_t* shape;
};

Look look_of(core::Verdict verdict) {
  switch (verdict) {
    case core::Verdict::intact: return {"good", "verdict_good", L"\u2713"};
    case core::Verdict::incomplete:
    case core::Verdict::unverifiable: return {"low", "verdict_low", L"?"};
    case core::Verdict::tampered:
    case core::Verdict::forked: break;
  }
  return {"stop", "verdict_stop", L"\u2715"};
}

}  // namespace

VerifyPanel::VerifyPanel(wxWindow* parent, Shell& shell) : Surface(parent, "window"), shell_(shell) {
  SetName("verify");
  auto* row = new wxBoxSizer(wxHORIZONTAL);
  go_ = button(this, wxControl::RemoveMnemonics(say("&Verify the log")) + "  F8", "verify.go", [this] { verify(); }, "primary");
  cancel_ = button(this, say("Stop"), "verify.stop", [this] { stop_.request_stop(); });
  gauge_ = new wxGauge(this, wxID_ANY, 1000, wxDefaultPosition, wxSize(220, 10));
  set_accessible_name(gauge_, say("Progress"));
  auto* words = new wxBoxSizer(wxVERTICAL);
  verdict_ = label(this, "", "verdict");
  verdict_->SetName("verify.verdict");
  sentence_ = label(this, "", "");
  sentence_->SetName("verify.sentence");
  words->Add(verdict_);
  words->Add(sentence_);
  row->Add(words, 1, wxALIGN_CENTER_VERTICAL | wxALL, step(2));
  row->Add(gauge_, 0, wxALIGN_CENTER_VERTICAL | wxRIGHT, step(3));
  row->Add(cancel_, 0, wxALIGN_CENTER_VERTICAL | wxRIGHT, step(2));
  row->Add(go_, 0, wxALIGN_CENTER_VERTICAL | wxALL, step(2));
  SetSizer(row);
  gauge_->Hide();
  cancel_->Hide();
  verdict_->Hide();
  set_text(sentence_, say("Not verified yet. Verifying shows whether a record was changed, removed or put in afterwards."));
}

void VerifyPanel::set_running(bool running) {
  running_ = running;
  go_->Enable(!running);
  gauge_->Show(running);
  cancel_->Show(running);
  GetParent()->Layout();
  Layout();
}

void VerifyPanel::verify() {
  if (running_) return;
  stop_ = std::stop_source();
  report_.reset();
  verdict_->Hide();
  set_fill("window");
  set_text(sentence_, say("Verifying…"));
  gauge_->SetValue(0);
  set_running(true);
  const wxWeakRef<wxWindow>* self = new wxWeakRef<wxWindow>(this);  // used and deleted on the UI thread only
  auto last = std::make_shared<std::atomic<int>>(-1);
  const auto report_progress = [self, last](std::uint64_t done, std::uint64_t all) {
    const int permille = all == 0 ? 0 : static_cast<int>(done * 1000 / all);
    if (last->exchange(permille) == permille) return;
    on_ui_thread([self, done, all] {
      if (*self) static_cast<VerifyPanel*>(self->get())->progress(done, all);
    });
  };
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), report_progress, token = stop_.get_token(), self] {
        const auto release = [self](const void*) { on_ui_thread([self] { delete self; }); };  // also when verify throws
        const std::unique_ptr<const void, decltype(release)> guard(self, release);
        return services.audit.verify(session, report_progress, token);
      },
      [this](const core::Result<core::AuditReport>& report) {
        set_running(false);
        if (report) return show(*report);
        set_text(sentence_, shown(report.error().sentence));
        Layout();
      });
}

void VerifyPanel::progress(std::uint64_t done, std::uint64_t all) {
  if (!running_) return;
  gauge_->SetValue(all == 0 ? 0 : static_cast<int>(done * 1000 / all));
  set_text(sentence_, say("Verifying: {1} of {2} records", to_utf8(shown_count(static_cast<std::int64_t>(done))),
                          to_utf8(shown_count(static_cast<std::int64_t>(all)))));
}

void VerifyPanel::show(const core::AuditReport& report) {
  report_ = report;
  const Look look = look_of(report.verdict);
  for (const char* each : {"verdict_good", "verdict_low", "verdict_stop"}) set_class(verdict_, each, std::string(each) == look.style_class);
  set_class(sentence_, "notice_good", report.verdict == core::Verdict::intact);
  set_class(sentence_, "notice_stop", std::string(look.fill) == "stop");
  set_text(verdict_, wxString(look.shape) + " " + shown(report.verdict));
  verdict_->Show();
  wxString words = shown(report.sentence);
  if (report.verdict != core::Verdict::intact)  // whose sentence tells it
    words += "  " + say("{1} records.", to_utf8(shown_count(static_cast<std::int64_t>(report.entries))));
  if (report.unfinished > 0) words += " " + say("{1} actions never ended.", std::to_string(report.unfinished));
  if (!report.first_bad.empty()) words += "\n" + say("First bad record: {1}", report.first_bad);
  for (const sdk::Text& note : report.notes) words += "\n" + shown(note);
  set_wrapped(sentence_, words, std::max(300, GetClientSize().x - 260));
  set_fill(look.fill);
  set_accessible_name(this, shown(report.verdict) + ". " + words);
  GetParent()->Layout();
  Layout();
  if (verified) verified();
}

}  // namespace anahtar::ui
