// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/site_sender.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

#include "gateways/delivery_reports.h"

namespace anahtar::app {

using sdk::tr;

namespace {

constexpr char hears[] = "hears", deaf[] = "deaf";

}  // namespace

SiteSender::SiteSender(std::filesystem::path file, const ReportLine& line, core::Writer& writer, const core::Clock& clock)
    : file_(std::move(file)), line_(line), writer_(writer), clock_(clock) {}

SiteSender::~SiteSender() {
  reports_.reset();
  if (lock_ < 0) return;
  note("");
  ::close(lock_);
}

bool SiteSender::take() {
  const int file = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return false;
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    return false;
  }
  const std::lock_guard lock(mutex_);
  lock_ = file;
  hear_reports();
  return true;
}

/// Somebody else may have the port: then what was sent stays "sent" here, which is true, and the board says why.
void SiteSender::hear_reports() {
  if (line_.port == 0) return;
  auto opened = gateways::DeliveryReports::open(
      line_.port, line_.password, [this](const std::string& message, core::DeliveryState state) {
        core::value_or_throw(core::note_report(writer_, clock_, message, state));
      });
  if (opened) reports_ = std::move(*opened);
  note(reports_ ? hears : deaf);
}

/// For the other processes of this device, which cannot know it otherwise.
void SiteSender::note(const std::string& word) const {
  if (::ftruncate(lock_, 0) != 0) return;
  (void)!::pwrite(lock_, word.data(), word.size(), 0);
}

core::GatewayState SiteSender::hearing() {
  using Health = core::GatewayState::Health;
  const std::lock_guard lock(mutex_);
  bool heard = true;
  if (lock_ >= 0) {
    if (!reports_) hear_reports();
    heard = reports_ != nullptr;
  } else {
    std::string said;
    std::getline(std::ifstream(file_), said);
    heard = said != deaf;
  }
  if (heard) return {Health::ok, {}, {}};
  return {Health::down, {}, tr("Port {1} for delivery reports is taken by another program, so messages stay \"sent\" and never become "
                               "\"delivered\". End that program, or set another report_port in gateways.toml.",
                               std::to_string(line_.port))};
}

}  // namespace anahtar::app
