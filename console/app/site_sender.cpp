// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/site_sender.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "gateways/delivery_reports.h"

namespace anahtar::app {

SiteSender::SiteSender(std::filesystem::path file, const ReportLine& line, core::Writer& writer, const core::Clock& clock)
    : file_(std::move(file)), line_(line), writer_(writer), clock_(clock) {}

SiteSender::~SiteSender() {
  reports_.reset();
  if (lock_ >= 0) ::close(lock_);
}

bool SiteSender::take() {
  const int file = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return false;
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    return false;
  }
  lock_ = file;
  hear_reports();
  return true;
}

/// Somebody else may have the port: then what was sent stays "sent" here, which is true.
void SiteSender::hear_reports() {
  if (line_.port == 0) return;
  auto opened = gateways::DeliveryReports::open(
      line_.port, line_.password, [this](const std::string& message, core::DeliveryState state) {
        core::value_or_throw(core::note_report(writer_, clock_, message, state));
      });
  if (opened) reports_ = std::move(*opened);
}

}  // namespace anahtar::app
