// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/verification_bar.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include <wx/control.h>
#include <wx/dcbuffer.h>
#include <wx/graphics.h>

#include "ui/accessible.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

VerificationBar::Look look_of(const core::VerificationStatus& status) {
  if (status.impossible) return VerificationBar::Look::stop;
  if (status.level >= 2) return VerificationBar::Look::good;
  if (status.level == 1) return VerificationBar::Look::low;
  return status.locked_methods.empty() ? VerificationBar::Look::none : VerificationBar::Look::stop;
}

const char* fill_of(VerificationBar::Look look) {
  switch (look) {
    case VerificationBar::Look::low: return "low";
    case VerificationBar::Look::good: return "good";
    case VerificationBar::Look::stop: return "stop";
    case VerificationBar::Look::none: break;
  }
  return "none";
}

/// Empty ring, half ring, ring with a tick, ring with a cross: told apart without colour.
void draw_shape(wxGraphicsContext& gc, VerificationBar::Look look, double x, double y, double r, const wxColour& ink) {
  gc.SetPen(wxPen(ink, 2));
  gc.SetBrush(*wxTRANSPARENT_BRUSH);
  gc.DrawEllipse(x - r, y - r, 2 * r, 2 * r);
  if (look == VerificationBar::Look::low) {
    auto half = gc.CreatePath();
    half.AddArc(x, y, r, M_PI / 2, 3 * M_PI / 2, true);
    half.CloseSubpath();
    gc.SetBrush(wxBrush(ink));
    gc.FillPath(half);
  } else if (look == VerificationBar::Look::good) {
    const wxPoint2DDouble tick[] = {{x - r * 0.5, y}, {x - r * 0.1, y + r * 0.42}, {x + r * 0.55, y - r * 0.4}};
    gc.StrokeLines(3, tick);
  } else if (look == VerificationBar::Look::stop) {
    gc.StrokeLine(x - r * 0.42, y - r * 0.42, x + r * 0.42, y + r * 0.42);
    gc.StrokeLine(x - r * 0.42, y + r * 0.42, x + r * 0.42, y - r * 0.42);
  }
}

}  // namespace

VerificationBar::VerificationBar(wxWindow* parent, Countdown countdown) : countdown_(countdown), second_(this) {
  SetBackgroundStyle(wxBG_STYLE_PAINT);
  Create(parent, wxID_ANY, wxDefaultPosition, wxDefaultSize, wxFULL_REPAINT_ON_RESIZE, "verification");
  set_accessible_as_label(this);
  Bind(wxEVT_PAINT, [this](wxPaintEvent&) { paint(); });
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) { tick(); });
}

wxSize VerificationBar::DoGetBestClientSize() const { return {200, static_cast<int>(text_font().GetPixelSize().y * 3.4)}; }

void VerificationBar::show(const core::VerificationStatus& status, std::chrono::seconds life, const core::Clock& clock) {
  status_ = status;
  life_ = life;
  clock_ = &clock;
  look_ = look_of(status);
  set_accessible_name(this, words());
  InvalidateBestSize();
  if (status.expires)
    second_.Start(1000);
  else
    second_.Stop();
  Refresh();
}

wxString VerificationBar::sentence() const {
  const wxString sentence = shown(status_.sentence);
  return sentence.empty() ? say("Not verified") : sentence;
}

wxString VerificationBar::method() const {
  return status_.level > 0 && !status_.impossible ? shown(status_.method_label) : wxString();
}

wxString VerificationBar::words() const {
  return method().empty() ? sentence() : sentence() + from_utf8(" · ") + method();
}

wxString VerificationBar::time_left() const {
  if (!status_.expires || clock_ == nullptr) return {};
  const core::Time now = clock_->now();
  if (!by_minutes(now)) return shown_time_left(*status_.expires, now);
  return say("{1} min", std::to_string(std::chrono::ceil<std::chrono::minutes>(*status_.expires - now).count()));
}

bool VerificationBar::by_minutes(core::Time now) const {
  constexpr std::chrono::minutes last_ones{2};
  return countdown_ == Countdown::minutes && *status_.expires - now > last_ones;
}

void VerificationBar::tick() {
  if (time_left() != drawn_) Refresh();
  if (clock_->now() < *status_.expires) return;
  second_.Stop();
  if (ran_out) ran_out();
}

void VerificationBar::paint() {
  wxAutoBufferedPaintDC dc(this);
  const wxSize size = GetClientSize();
  dc.SetBackground(wxBrush(colour("window")));
  dc.Clear();
  const std::unique_ptr<wxGraphicsContext> gc(wxGraphicsContext::Create(dc));
  const std::string fill = fill_of(look_);
  const wxColour ink = colour((fill + "_text").c_str());
  gc->SetBrush(wxBrush(colour(fill.c_str())));
  gc->SetPen(*wxTRANSPARENT_PEN);
  gc->DrawRoundedRectangle(0, 0, size.x, size.y, 6);
  const double middle = size.y / 2.0;
  draw_shape(*gc, look_, step(6), middle, 10, ink);

  const wxString left = drawn_ = time_left();
  double left_width = 0, height = 0, width = 0;
  gc->SetFont(text_font(1.1, true), ink);
  if (!left.empty()) {
    const wxString text = say("{1} left", to_utf8(left));
    gc->GetTextExtent(text, &left_width, &height);
    gc->DrawText(text, size.x - left_width - step(4), middle - height / 2);
  }
  const double room = size.x - left_width - step(18);
  gc->GetTextExtent(words(), &width, &height);
  if (width <= room) {
    gc->DrawText(words(), step(11), middle - height / 2);
  } else {
    dc.SetFont(text_font(1.1, true));
    const auto draw = [&](const wxString& text, double top) {
      gc->DrawText(wxControl::Ellipsize(text, dc, wxELLIPSIZE_END, static_cast<int>(room)), step(11), top);
    };
    draw(sentence(), method().empty() ? middle - height / 2 : middle - height);
    draw(method(), middle);
  }

  if (status_.expires && clock_ != nullptr && life_.count() > 0) {
    const double seconds = std::chrono::duration<double>(*status_.expires - clock_->now()).count();
    const double part = std::clamp(seconds / static_cast<double>(life_.count()), 0.0, 1.0);
    gc->SetBrush(wxBrush(ink));
    gc->SetPen(*wxTRANSPARENT_PEN);
    gc->DrawRectangle(6, size.y - 4, (size.x - 12) * part, 3);
  }
}

}  // namespace anahtar::ui
