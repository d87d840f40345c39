// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/gateway_health.h"

namespace anahtar::gateways {
namespace {

using core::Code;
using sdk::tr;
using Health = core::GatewayState::Health;

constexpr int openings_until_down = 3;

}  // namespace

GatewayHealth::GatewayHealth(std::string endpoint, const core::Clock& clock, CircuitBreaker::Rules rules)
    : endpoint_(std::move(endpoint)), breaker_(clock, rules) {}

core::Result<CircuitBreaker::Permit> GatewayHealth::enter() {
  if (auto permit = breaker_.enter()) return std::move(*permit);
  const auto wait = breaker_.retry_in().value_or(std::chrono::seconds(1));
  return core::failure(Code::unavailable, tr("{1} failed several times and is left alone for {2} seconds.", endpoint_,
                                             std::to_string(wait.count())));
}

void GatewayHealth::succeeded(CircuitBreaker::Permit permit) {
  {
    const std::lock_guard lock(mutex_);
    last_sentence_ = {};
    needs_somebody_ = unreachable_ = false;
  }
  std::move(permit).succeeded();
}

void GatewayHealth::failed(CircuitBreaker::Permit permit, core::Text sentence, bool needs_somebody) {
  {
    const std::lock_guard lock(mutex_);
    last_sentence_ = std::move(sentence);
    needs_somebody_ = needs_somebody;
    unreachable_ = false;
  }
  std::move(permit).failed();
}

void GatewayHealth::unreachable(CircuitBreaker::Permit permit, Trouble trouble) {
  failed(std::move(permit), sentence_of(trouble, endpoint_), needs_somebody(trouble));
  const std::lock_guard lock(mutex_);
  unreachable_ = true;
}

void GatewayHealth::look(const std::function<std::optional<TransportFailure>()>& connect) {
  auto permit = enter();
  if (!permit) return;
  if (const auto failure = connect()) return unreachable(std::move(*permit), failure->trouble);
  bool healed = false;
  {
    const std::lock_guard lock(mutex_);
    healed = unreachable_;
  }
  if (healed) succeeded(std::move(*permit));
}

core::GatewayState GatewayHealth::state() const {
  const std::lock_guard lock(mutex_);
  core::GatewayState state{Health::ok, breaker_.retry_in(), last_sentence_};
  if (needs_somebody_ || breaker_.openings() >= openings_until_down) {
    state.health = Health::down;
  } else if (!last_sentence_.empty()) {
    state.health = Health::degraded;
  }
  return state;
}

}  // namespace anahtar::gateways
