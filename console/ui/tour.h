// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ui/console_app.h"

namespace anahtar::ui {

/// Who signs in on the tour, and which call comes. A demo database with a demo phone is needed.
struct TourPlan {
  std::string operator_name = "operator";
  std::string operator_password;
  std::string supervisor_name = "supervisor";
  std::string supervisor_password;
  std::string field_name = "field";
  std::string field_password;              ///< empty: the registration desk is left out
  std::string card_document;               ///< of whoever the demo's card without a PUK belongs to
  core::IncomingCall call;                 ///< the registered mobile of a subscriber whose portal password is blocked
  std::filesystem::path pictures;          ///< folder for the PNG files; made when missing
  std::function<void(const std::string&)> step;  ///< told what happens, in one English line each; may be empty
};

struct TourReport {
  std::vector<std::filesystem::path> pictures;
  bool unblocked = false;       ///< the password became active again
  core::AuditReport audit;      ///< as the window showed it
};

/// Walks the real window through the main job: an operator signs in, takes the call, verifies the caller with the code
/// from the demo phone, unblocks the password and closes the ticket; a supervisor verifies the audit log. One PNG per
/// screen. A failure names the step that did not come about. Main thread, instead of run_console; needs a display.
core::Result<TourReport> run_tour(core::Services& services, const Options& options, const TourPlan& plan);

}  // namespace anahtar::ui
