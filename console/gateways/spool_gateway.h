// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>

#include "core/services.h"

namespace anahtar::gateways {

/// The demo's telephone network and mail: every message becomes a file in a folder that only its owner may enter (0700),
/// and whoever plays the caller reads it there. Never used beside real subscribers, for the bodies lie there in the clear.
/// [any], also from several processes at once.
class SpoolGateway : public core::MessageGateway, public core::MailGateway, public core::DemoPhone {
 public:
  /// The folder is made with the first message. `clock` outlives the gateway.
  SpoolGateway(std::filesystem::path folder, const core::Clock& clock);

  std::string name() const override { return "spool"; }
  /// Code::unavailable when the folder or the file cannot be written; a message with the same id is sent once.
  core::Result<> send(const core::TextMessage& message) override;
  core::Result<> send(const core::MailMessage& message) override;
  core::GatewayState state() const override { return {core::GatewayState::Health::ok, {}, {}}; }
  void look() override {}
  /// Newest first; files that are no messages are passed over.
  std::vector<core::PhoneMessage> messages() override;

 private:
  core::Result<> keep(const std::string& id, const std::string& kind, const std::string& to, std::string text) const;

  std::filesystem::path folder_;
  const core::Clock& clock_;
};

}  // namespace anahtar::gateways
