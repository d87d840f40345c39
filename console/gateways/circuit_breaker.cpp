// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/circuit_breaker.h"

#include <algorithm>

namespace anahtar::gateways {

CircuitBreaker::State CircuitBreaker::state_at(core::Time now) const {
  if (openings_ == 0) return State::closed;
  const bool clock_went_back = now < opened_;
  return clock_went_back || now >= opened_ + pause_ ? State::half_open : State::open;
}

std::optional<CircuitBreaker::Permit> CircuitBreaker::enter() {
  const std::lock_guard lock(mutex_);
  const State state = state_at(clock_.now());
  if (state == State::open || (state == State::half_open && probing_)) return {};
  const bool probe = state == State::half_open;
  if (probe) probing_ = true;
  return Permit(*this, probe);
}

CircuitBreaker::State CircuitBreaker::state() const {
  const std::lock_guard lock(mutex_);
  return state_at(clock_.now());
}

std::optional<std::chrono::seconds> CircuitBreaker::retry_in() const {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  if (state_at(now) != State::open) return {};
  return std::chrono::ceil<std::chrono::seconds>(opened_ + pause_ - now);
}

int CircuitBreaker::openings() const {
  const std::lock_guard lock(mutex_);
  return openings_;
}

int CircuitBreaker::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

void CircuitBreaker::note_success() {
  const std::lock_guard lock(mutex_);
  failures_ = openings_ = 0;
  probing_ = false;
}

void CircuitBreaker::note_failure(bool probe) {
  const std::lock_guard lock(mutex_);
  ++failures_;
  if (probe) probing_ = false;
  const auto now = clock_.now();
  // A call from before the opening that fails late must not lengthen the pause.
  if (probe || (openings_ == 0 && failures_ >= rules_.failures)) open(now);
}

void CircuitBreaker::open(core::Time now) {
  pause_ = openings_ == 0 ? rules_.first_pause : std::min(pause_ * 2, rules_.longest_pause);
  opened_ = now;
  ++openings_;
}

void CircuitBreaker::dropped(bool probe) {
  const std::lock_guard lock(mutex_);
  if (probe) probing_ = false;
}

}  // namespace anahtar::gateways
