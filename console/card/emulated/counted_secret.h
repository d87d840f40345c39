// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include "crypto/bytes.h"

namespace anahtar::card::emulated {

/// A PIN, PUK or code as a card keeps it: compared, counted, blocked when the tries are used up. The value is one of a
/// card that does not exist.
class CountedSecret {
 public:
  CountedSecret(std::string value, int most) : value_(std::move(value)), most_(most), left_(most) {}

  /// Costs a try when wrong; refills the tries when right; always false when blocked.
  bool check(std::string_view given) {
    verified_ = false;
    if (blocked()) return false;
    // As a good card does: the try is taken before comparing.
    --left_;
    if (given != value_) return false;
    left_ = most_;
    return verified_ = true;
  }
  void spend_try() {
    if (left_ > 0) --left_;
    verified_ = false;
  }
  /// A new value with all its tries; not verified.
  void set(std::string value) {
    value_ = std::move(value);
    left_ = most_;
    verified_ = false;
  }
  void exhaust() { left_ = 0, verified_ = false; }
  void forget() { verified_ = false; }
  void put_left(int left) { left_ = left; }
  void accept() { verified_ = true; }

  bool blocked() const { return left_ == 0; }
  bool verified() const { return verified_; }
  int left() const { return left_; }
  int most() const { return most_; }
  const std::string& value() const { return value_; }

 private:
  std::string value_;
  int most_, left_;
  bool verified_ = false;
};

}  // namespace anahtar::card::emulated
