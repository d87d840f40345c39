// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace anahtar::gateways {

/// What this process knows of the messages that it gave away, so that none is given twice. Remembers the newest 4096.
/// [any]
class SentIds {
 public:
  enum class Fate { in_doubt, accepted };  ///< in_doubt: on its way, or nobody knows

  /// Claims the id: nothing when it was free (it is now in doubt), else what is known of it.
  std::optional<Fate> claim(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto [found, fresh] = fates_.emplace(id, Fate::in_doubt);
    if (!fresh) return found->second;
    order_.push_back(id);
    if (order_.size() > most) {
      fates_.erase(order_.front());
      order_.pop_front();
    }
    return {};
  }
  void accepted(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (const auto found = fates_.find(id); found != fates_.end()) found->second = Fate::accepted;
  }
  /// Certainly not sent: it may be tried again.
  void release(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (fates_.erase(id) > 0) std::erase(order_, id);
  }

 private:
  static constexpr std::size_t most = 4096;
  std::mutex mutex_;
  std::map<std::string, Fate> fates_;
  std::deque<std::string> order_;
};

/// Ids go into addresses and headers: letters, digits and '-', at most 64.
inline bool is_plain_id(const std::string& id) {
  return !id.empty() && id.size() <= 64 &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == id.npos;
}

}  // namespace anahtar::gateways
