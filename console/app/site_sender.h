// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <memory>
#include <mutex>

#include "core/outbox.h"

namespace anahtar::gateways {
class DeliveryReports;
}

namespace anahtar::app {

/// Where delivery reports are heard; port 0: nowhere.
struct ReportLine {
  std::uint16_t port = 0;
  sdk::Secret password;  ///< that Kannel and we share
};

/// The lock of this device's sender at one site, a file beside the site's keys; a crash releases it. Whoever has it also
/// hears the delivery reports, so that there is one who does.
class SiteSender : public core::SenderLock {
 public:
  /// `line`, `writer` and `clock` outlive it.
  SiteSender(std::filesystem::path file, const ReportLine& line, core::Writer& writer, const core::Clock& clock);
  ~SiteSender() override;
  SiteSender(const SiteSender&) = delete;
  SiteSender& operator=(const SiteSender&) = delete;

  bool take() override;
  /// How reports are heard, by this process or by the one of this device that sends; tries again when this one cannot. [any]
  core::GatewayState hearing();

 private:
  void hear_reports();
  void note(const std::string& word) const;

  const std::filesystem::path file_;
  const ReportLine& line_;
  core::Writer& writer_;
  const core::Clock& clock_;
  int lock_ = -1;
  std::mutex mutex_;
  std::unique_ptr<gateways::DeliveryReports> reports_;
};

}  // namespace anahtar::app
