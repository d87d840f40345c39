// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string.h>

#include <string>
#include <string_view>
#include <utility>

namespace anahtar::sdk {

/// A PIN, code, security word, password or key. Moves, never copies; wiped when it goes; has no path to a stream, a
/// log or a record. Whoever must read it says so with `expose()`.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) { wipe(value); }
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { wipe(other.value_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe(value_);
      value_ = std::move(other.value_);
      wipe(other.value_);
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(value_); }

  std::string_view expose() const { return value_; }
  bool empty() const { return value_.empty(); }
  std::size_t size() const { return value_.size(); }
  Secret duplicate() const { return Secret(std::string(value_)); }

  /// Overwrites a string's characters, those in its spare capacity too, before it is emptied.
  static void wipe(std::string& text) {
    text.resize(text.capacity());
    explicit_bzero(text.data(), text.size());
    text.clear();
  }

 private:
  std::string value_;
};

template <class Stream>
Stream& operator<<(Stream&, const Secret&) = delete;

}  // namespace anahtar::sdk
