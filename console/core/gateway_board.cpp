// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway_board.h"

namespace anahtar::core {
namespace {

using Health = GatewayState::Health;
constexpr std::chrono::seconds look_every{30};

Text sentence_of(const GatewayState& state) {
  if (state.health == Health::not_set_up) return tr("not set up");
  if (state.retry_in) return tr("retry in {1} s", std::to_string(state.retry_in->count()));
  if (state.health == Health::degraded) return tr("the last call failed");
  return state.health == Health::down ? tr("down") : tr("ok");
}

template <class Gateway>
GatewayLine line_of(const char* id, Text label, const Gateway* gateway) {
  GatewayLine line{.id = id, .name = {}, .label = std::move(label), .state = {}, .sentence = {}};
  if (gateway) {
    line.name = gateway->name();
    line.state = gateway->state();
  }
  line.sentence = sentence_of(line.state);
  return line;
}

template <class Gateway>
void look_at(Gateway* gateway) {
  if (!gateway) return;
  try {
    gateway->look();
  } catch (...) {
    // Its state says what is known; the next look may do better.
  }
}

}  // namespace

GatewayBoard::GatewayBoard(MessageGateway* sms, MailGateway* mail, CivilRegistryService* civil_registry,
                           std::function<GatewayState()> reports)
    : sms_(sms), mail_(mail), civil_registry_(civil_registry), reports_(std::move(reports)) {}

GatewayBoard::~GatewayBoard() = default;

std::vector<GatewayLine> GatewayBoard::lines() const {
  std::vector<GatewayLine> all;
  all.push_back(line_of("sms", tr("SMS"), sms_));
  all.push_back(line_of("mail", tr("mail"), mail_));
  all.push_back(line_of("civil_registry", tr("civil registry"), civil_registry_));
  if (!reports_) return all;
  GatewayLine reports{.id = "delivery_reports", .name = {}, .label = tr("delivery reports"), .state = reports_(), .sentence = {}};
  reports.sentence = reports.state.health == Health::down ? tr("not heard") : sentence_of(reports.state);
  all.push_back(std::move(reports));
  return all;
}

void GatewayBoard::look() {
  look_at(sms_);
  look_at(mail_);
  look_at(civil_registry_);
}

void GatewayBoard::watch() {
  const std::lock_guard lock(mutex_);
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      look();
      std::unique_lock waiting(mutex_);
      stopped_.wait_for(waiting, stop, look_every, [] { return false; });
    }
  });
}

}  // namespace anahtar::core
