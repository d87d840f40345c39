// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/ports.h"
#include "gateways/gateway_health.h"
#include "gateways/http_client.h"
#include "gateways/retry.h"

namespace anahtar::gateways {

struct NviSettings {
  std::string url;  ///< https only
  Limits limits;
  std::filesystem::path ca_file;
  RetryRules retries{.attempts = 2, .first_wait = std::chrono::milliseconds(200)};
  CircuitBreaker::Rules breaker;
};

/// Asks the civil registry (NVI, KPSPublicV2) whether a record is right: one question, one boolean. It fails closed:
/// what is not a well-formed yes from the server whose certificate is trusted is a no or a failure. An answer is never
/// asked for again; only a connection that could not be made is tried once more. [any]
class NviCivilRegistry : public core::CivilRegistryService {
 public:
  /// `clock` outlives it.
  NviCivilRegistry(NviSettings settings, const core::Clock& clock);

  std::string name() const override { return "nvi"; }
  core::Result<bool> confirm(const core::Subscriber& subscriber) override;
  core::GatewayState state() const override { return health_.state(); }
  void look() override {
    health_.look([this] { return client_.connect(); });
  }

 private:
  core::Result<bool> failed(CircuitBreaker::Permit permit, core::Text sentence, bool needs_somebody = false);

  const NviSettings settings_;
  const HttpClient client_;
  GatewayHealth health_;
};

}  // namespace anahtar::gateways
