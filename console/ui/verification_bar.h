// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <optional>
#include <string>

#include <wx/timer.h>
#include <wx/window.h>

#include "core/verification.h"

namespace anahtar::ui {

/// The one coloured thing: how well the caller is verified, and for how long. Words, a shape and a colour say the same.
class VerificationBar : public wxWindow {
 public:
  enum class Look { none, low, good, stop };

  /// What stands there counts down each second, or, calmer, by minutes until the last ones.
  enum class Countdown { seconds, minutes };

  explicit VerificationBar(wxWindow* parent, Countdown countdown = Countdown::seconds);
  /// `life` is what a full bar stands for; `now` gives the time that `status.expires` is measured against.
  void show(const core::VerificationStatus& status, std::chrono::seconds life, const core::Clock& clock);

  Look look() const { return look_; }
  wxString sentence() const;
  wxString method() const;
  wxString words() const;  ///< both: what it says, without the time left
  wxString time_left() const;  ///< "12:31", "12 min", or empty

  /// Called once when the verification ran out before one's eyes.
  std::function<void()> ran_out;

 protected:
  wxSize DoGetBestClientSize() const override;

 private:
  void paint();
  void tick();

  bool by_minutes(core::Time now) const;

  const Countdown countdown_;
  wxString drawn_;  ///< of the time left
  core::VerificationStatus status_;
  std::chrono::seconds life_{900};
  const core::Clock* clock_ = nullptr;
  Look look_ = Look::none;
  wxTimer second_;
};

}  // namespace anahtar::ui
