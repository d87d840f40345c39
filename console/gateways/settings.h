// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <optional>

#include "gateways/http_telephone.h"
#include "gateways/kannel_gateway.h"
#include "gateways/nvi_civil_registry.h"
#include "gateways/smtp_gateway.h"

namespace anahtar::gateways {

/// What gateways.toml sets up; a section that is not there is a gateway that is not set up.
struct GatewaySettings {
  std::optional<KannelSettings> sms;
  std::optional<SmtpSettings> mail;
  std::optional<NviSettings> civil_registry;
  std::optional<TelephoneSettings> telephone;
};

/// Reads gateways.toml (described in console/gateways/README.md). No such file: nothing is set up. Every section is
/// checked whole: unknown keys, wrong types, addresses that would carry a password in the clear, and files of settings
/// or passwords that others can change or read are Code::invalid with file, line and reason.
core::Result<GatewaySettings> read_settings(const std::filesystem::path& file);

}  // namespace anahtar::gateways
