// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "core/ports.h"

namespace anahtar::gateways {

/// Listens on 127.0.0.1 for what Kannel says became of each message. A report counts only with the token that went out
/// with its message, so another program of this machine cannot make one up. One thread of its own.
class DeliveryReports {
 public:
  /// [that thread] What it throws is dropped with the report. Reports come doubled and out of order: core::supersedes.
  using Callback = std::function<void(const std::string& message_id, core::DeliveryState state)>;

  /// `port` 0: any free one. `password` is the one that Kannel and the gateway share. Code::unavailable when the port is
  /// taken, as by another console of this machine, which then gets the reports.
  static core::Result<std::unique_ptr<DeliveryReports>> open(std::uint16_t port, const sdk::Secret& password,
                                                             Callback callback);
  ~DeliveryReports();

  std::uint16_t port() const;

 private:
  struct Server;
  explicit DeliveryReports(std::unique_ptr<Server> server);
  std::unique_ptr<Server> server_;
};

}  // namespace anahtar::gateways
