// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <thread>

namespace anahtar::gateways {

struct RetryRules {
  int attempts = 3;
  std::chrono::milliseconds first_wait{100};  ///< doubles each time
};

/// Runs `work` until it succeeds, its failure may not be repeated, or the attempts are used up; the last outcome. Only
/// what is certain to have had no effect, or has none by nature, may be repeated: `harmless(error)` says so.
template <class Work, class Harmless>
auto with_retries(const RetryRules& rules, Work work, Harmless harmless) {
  auto wait = rules.first_wait;
  auto outcome = work();
  for (int attempt = 1; attempt < rules.attempts && !outcome && harmless(outcome.error()); ++attempt) {
    std::this_thread::sleep_for(wait);
    wait *= 2;
    outcome = work();
  }
  return outcome;
}

}  // namespace anahtar::gateways
