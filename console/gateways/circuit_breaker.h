// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <mutex>
#include <optional>
#include <utility>

#include "core/clock.h"

namespace anahtar::gateways {

/// Keeps people from waiting, call after call, for a service that does not answer. Closed: calls go through. After so
/// many failures in a row it opens for a pause in which nobody is let in; then one call alone may try (half-open): its
/// success closes, its failure opens again for twice as long. [any]
class CircuitBreaker {
 public:
  struct Rules {
    int failures = 3;
    std::chrono::seconds first_pause{5}, longest_pause{300};
  };
  enum class State { closed, open, half_open };

  /// Leave to make one call. Say how it went; what is dropped without a word says nothing and lets the next one try.
  class Permit {
   public:
    Permit(Permit&& other) noexcept : breaker_(std::exchange(other.breaker_, nullptr)), probe_(other.probe_) {}
    Permit& operator=(Permit&&) = delete;
    ~Permit() {
      if (breaker_) breaker_->dropped(probe_);
    }
    void succeeded() && { std::exchange(breaker_, nullptr)->note_success(); }
    void failed() && { std::exchange(breaker_, nullptr)->note_failure(probe_); }

   private:
    friend class CircuitBreaker;
    Permit(CircuitBreaker& breaker, bool probe) : breaker_(&breaker), probe_(probe) {}
    CircuitBreaker* breaker_;
    bool probe_;
  };

  /// `clock` outlives the breaker, the breaker its permits.
  CircuitBreaker(const core::Clock& clock, Rules rules) : clock_(clock), rules_(rules) {}

  std::optional<Permit> enter();
  State state() const;
  /// Whole seconds, rounded up, until a call is let in; nothing when one is now.
  std::optional<std::chrono::seconds> retry_in() const;
  /// How often it has opened since the last success.
  int openings() const;
  int failures() const;

 private:
  void note_success();
  void note_failure(bool probe);
  void dropped(bool probe);
  State state_at(core::Time now) const;
  void open(core::Time now);

  const core::Clock& clock_;
  const Rules rules_;
  mutable std::mutex mutex_;
  int failures_ = 0, openings_ = 0;
  bool probing_ = false;
  core::Time opened_{};
  std::chrono::seconds pause_{0};
};

}  // namespace anahtar::gateways
