// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/ports.h"
#include "gateways/gateway_health.h"
#include "gateways/http_client.h"
#include "gateways/report_token.h"
#include "gateways/retry.h"
#include "gateways/sent_ids.h"

namespace anahtar::gateways {

struct KannelSettings {
  std::string url;  ///< smsbox's "http://127.0.0.1:13013/cgi-bin/sendsms"
  std::string user;
  sdk::Secret password;
  std::string sender;             ///< what the telephone shows, "KAMUSM" or a number
  std::string centre;             ///< Kannel's smsc-id to send by; empty: Kannel chooses
  std::uint16_t report_port = 0;  ///< where DeliveryReports listens on this machine; 0: no reports are asked for
  Limits limits;
  std::filesystem::path ca_file;
  RetryRules retries;
  CircuitBreaker::Rules breaker;
};

/// Text messages through Kannel's smsbox (Kannel User's Guide, "Using the HTTP interface to send SMS"): POST with the
/// credentials, the number and the text in headers and body, so that no address and no access log of a proxy holds them.
///
/// Letters: a text of plain ASCII that the GSM alphabet has goes with coding 0 (160 characters a part); any other, so
/// every one with ı, ş, ğ, İ, goes as UCS-2 (coding 2, 70 a part; the body is UTF-8, Kannel recodes it). At most three
/// parts: longer texts are Code::invalid, for Kannel would cut them silently.
///
/// A message is given to Kannel at most once: a connection that could not be made is tried again with back-off, for
/// then nothing was sent; once the request has left, silence is "nobody knows" (Code::internal), and the same id is not
/// sent again by this process. [any]
class KannelGateway : public core::MessageGateway {
 public:
  /// `clock` outlives the gateway.
  KannelGateway(KannelSettings settings, const core::Clock& clock);

  std::string name() const override { return "kannel"; }
  core::Result<> send(const core::TextMessage& message) override;
  core::GatewayState state() const override { return health_.state(); }
  void look() override {
    health_.look([this] { return client_.connect(); });
  }

 private:
  using Outcome = std::expected<HttpReply, TransportFailure>;
  std::vector<HttpHeader> headers_for(const core::TextMessage& message) const;
  Outcome post(const core::TextMessage& message) const;
  core::Result<> send_claimed(const core::TextMessage& message);
  core::Result<> judge(const Outcome& outcome, CircuitBreaker::Permit permit);

  const KannelSettings settings_;
  const HttpClient client_;
  const ReportTokens tokens_;
  GatewayHealth health_;
  SentIds sent_;
};

}  // namespace anahtar::gateways
