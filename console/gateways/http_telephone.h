// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/services.h"
#include "gateways/gateway_health.h"
#include "gateways/http_client.h"

namespace anahtar::gateways {

struct TelephoneSettings {
  std::string url;
  sdk::Secret password;  ///< sent as a bearer token (RFC 6750)
  Limits limits;
  std::filesystem::path ca_file;
};

/// Asks the telephone system to call somebody: POST {"number": "+905…", "id": "…"}. 2xx: it dials; 4xx: it does not. Its
/// connector says that the call was answered with `anahtar --call NUMBER --call-back-answered ID`. [any]
class HttpTelephone : public core::Telephone {
 public:
  HttpTelephone(TelephoneSettings settings, const core::Clock& clock);

  std::string name() const override { return "telephone"; }
  core::Result<> dial(const std::string& number, const std::string& id) override;
  core::GatewayState state() const { return health_.state(); }

 private:
  core::Result<> judge(const std::expected<HttpReply, TransportFailure>& outcome, CircuitBreaker::Permit permit);

  TelephoneSettings settings_;
  HttpClient client_;
  GatewayHealth health_;
};

/// The demo's: the call appears on the demo's telephone, with the command that answers it.
class DemoTelephone : public core::Telephone {
 public:
  /// `options` are those of the console's own program with which the call reaches it.
  DemoTelephone(core::MessageGateway& phone, std::string options) : phone_(phone), options_(std::move(options)) {}
  std::string name() const override { return "demo"; }
  core::Result<> dial(const std::string& number, const std::string& id) override;

 private:
  core::MessageGateway& phone_;
  const std::string options_;
};

}  // namespace anahtar::gateways
