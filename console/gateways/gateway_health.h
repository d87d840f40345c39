// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/ports.h"
#include "gateways/circuit_breaker.h"
#include "gateways/transport.h"

namespace anahtar::gateways {

/// A breaker that remembers what went wrong last, for the status bar. [any]
class GatewayHealth {
 public:
  /// `endpoint` is "host:port".
  GatewayHealth(std::string endpoint, const core::Clock& clock, CircuitBreaker::Rules rules = {});

  /// Leave to call; or Code::unavailable, with the seconds to wait, when the service is left alone for now.
  core::Result<CircuitBreaker::Permit> enter();
  void succeeded(CircuitBreaker::Permit permit);
  /// `needs_somebody`: it will not heal by itself.
  void failed(CircuitBreaker::Permit permit, core::Text sentence, bool needs_somebody = false);
  /// Nothing left this machine.
  void unreachable(CircuitBreaker::Permit permit, Trouble trouble);
  /// Looks by `connect`, which tells what went wrong. That it can be reached again heals only that it could not.
  void look(const std::function<std::optional<TransportFailure>()>& connect);

  core::GatewayState state() const;

 private:
  const std::string endpoint_;
  CircuitBreaker breaker_;
  mutable std::mutex mutex_;
  core::Text last_sentence_;
  bool needs_somebody_ = false, unreachable_ = false;
};

}  // namespace anahtar::gateways
