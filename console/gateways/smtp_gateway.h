// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/ports.h"
#include "gateways/gateway_health.h"
#include "gateways/retry.h"
#include "gateways/sent_ids.h"
#include "gateways/transport.h"

namespace anahtar::gateways {

struct SmtpSettings {
  std::string host;
  std::uint16_t port = 587;
  std::string from;          ///< "destek@ornek.example"; its domain is also what we call ourselves
  std::string display_name;  ///< UTF-8, may be empty
  std::string user;          ///< empty: no sign-in
  sdk::Secret password;
  Limits limits;
  std::filesystem::path ca_file;
  RetryRules retries;
  CircuitBreaker::Rules breaker;
};

/// Plain-text mail by SMTP submission (RFC 6409) with STARTTLS required and the server's certificate verified; without
/// either, nothing is said but good-bye. Date, Message-ID <id@domain of from>, Auto-Submitted (RFC 3834); the body goes
/// as quoted-printable UTF-8. Addresses and subject that could smuggle in a line are Code::invalid.
///
/// A mail counts as unsent while its text has not begun to leave, or when the server itself refused it; once the text is
/// on its way, silence is Code::internal, and the same id is not sent again by this process. [any]
class SmtpGateway : public core::MailGateway {
 public:
  /// `clock` outlives the gateway.
  SmtpGateway(SmtpSettings settings, const core::Clock& clock);

  std::string name() const override { return "smtp"; }
  core::Result<> send(const core::MailMessage& message) override;
  core::GatewayState state() const override { return health_.state(); }
  void look() override;

 private:
  struct Refusal {
    TransportFailure transport;
    long reply = 0;  ///< the server's last reply code (RFC 5321 §4.2), 0 when there was none
    bool sign_in_refused = false;
  };
  using Outcome = std::expected<void, Refusal>;

  std::string label() const { return settings_.host + ":" + std::to_string(settings_.port); }
  std::string own_domain() const { return settings_.from.substr(settings_.from.find('@') + 1); }
  CurlHandle connection() const;
  Outcome submit(const core::MailMessage& message, const std::string& subject) const;
  core::Result<> send_claimed(const core::MailMessage& message, const std::string& subject);
  core::Result<> judge(const Outcome& outcome, CircuitBreaker::Permit permit);

  const SmtpSettings settings_;
  const core::Clock& clock_;
  GatewayHealth health_;
  SentIds sent_;
};

}  // namespace anahtar::gateways
