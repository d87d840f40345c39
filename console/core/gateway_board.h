// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/ports.h"

namespace anahtar::core {

/// One gateway as a status bar shows it.
struct GatewayLine {
  std::string id;    ///< "sms", "mail", "civil_registry"
  std::string name;  ///< what carries it, "kannel"; empty when not set up
  Text label;        ///< "SMS"
  GatewayState state;
  Text sentence;     ///< one or two words: "ok", "retry in 8 s"; the longer one is state.sentence
};

/// How the gateways fare. [any]
class GatewayBoard {
 public:
  /// Null: not set up. All outlive it. `reports` says how delivery reports are heard; empty: none are expected.
  GatewayBoard(MessageGateway* sms, MailGateway* mail, CivilRegistryService* civil_registry,
               std::function<GatewayState()> reports = {});
  ~GatewayBoard();
  GatewayBoard(const GatewayBoard&) = delete;
  GatewayBoard& operator=(const GatewayBoard&) = delete;

  /// What is known now; always the three, in this order, and "delivery_reports" when some are expected.
  std::vector<GatewayLine> lines() const;
  /// Looks whether each can be reached; takes as long as their time limits. [worker]
  void look();
  /// From now on looks by itself: at once, and then twice a minute. Again is nothing.
  void watch();

 private:
  MessageGateway* const sms_;
  MailGateway* const mail_;
  CivilRegistryService* const civil_registry_;
  const std::function<GatewayState()> reports_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace anahtar::core
