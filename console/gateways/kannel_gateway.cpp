// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/kannel_gateway.h"

#include <algorithm>

#include "core/utf8.h"

namespace anahtar::gateways {
namespace {

using core::Code;
using sdk::tr;

constexpr std::size_t most_parts = 3;
constexpr std::size_t gsm_part = 153, ucs2_part = 67;  // of a text in several parts, 3GPP TS 23.040 §9.2.3.24.1
constexpr std::string_view every_report = "31";        // delivered 1, not 2, kept 4, taken by the centre 8, refused 16

/// ASCII that is one septet in the GSM default alphabet (3GPP TS 23.038 §6.2.1).
bool is_gsm(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) {
    return c == '\n' || (c >= ' ' && c <= '~' && std::string_view("[\\]^`{|}~").find(static_cast<char>(c)) ==
                                                     std::string_view::npos);
  });
}

bool is_e164(std::string_view number) {
  return number.size() >= 8 && number.size() <= 16 && number[0] == '+' && number[1] != '0' &&
         std::ranges::all_of(number.substr(1), [](unsigned char c) { return c >= '0' && c <= '9'; });
}

/// UTF-16 units: a character beyond the basic plane takes two.
std::size_t ucs2_length(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](unsigned char c) { return (c & 0xC0) != 0x80; }) +
                                  std::ranges::count_if(utf8, [](unsigned char c) { return c >= 0xF0; }));
}

core::Result<> check(const core::TextMessage& message) {
  if (!is_plain_id(message.id)) return core::failure(Code::invalid, tr("A message came without an identifier."));
  if (!is_e164(message.to)) return core::failure(Code::invalid, tr("The number is not one that a message can be sent to."));
  const auto text = message.body.expose();
  if (text.empty() || !core::count_characters(text)) {
    return core::failure(Code::invalid, tr("The message is empty or not proper text."));
  }
  const bool fits = is_gsm(text) ? text.size() <= most_parts * gsm_part : ucs2_length(text) <= most_parts * ucs2_part;
  if (!fits) return core::failure(Code::invalid, tr("The message is too long for a text message."));
  return {};
}

core::Failure nobody_knows(const std::string& endpoint) {
  return {Code::internal, tr("{1} did not say whether it took the message. Nobody knows whether it was sent.", endpoint)};
}

/// smsbox says so when its bearerbox refused for now; any other 503 may come from something in between.
bool is_temporal_failure(const HttpReply& reply) {
  return reply.status == 503 && reply.body.starts_with("Temporal failure");
}

bool never_left(const TransportFailure& failure) {
  return !failure.request_sent && (failure.trouble == Trouble::connection || failure.trouble == Trouble::address);
}

}  // namespace

KannelGateway::KannelGateway(KannelSettings settings, const core::Clock& clock)
    : settings_(std::move(settings)),
      client_(settings_.url, settings_.limits, settings_.ca_file),
      tokens_(settings_.password),
      health_(client_.endpoint(), clock, settings_.breaker) {}

core::Result<> KannelGateway::send(const core::TextMessage& message) {
  if (auto checked = check(message); !checked) return checked;
  if (const auto known = sent_.claim(message.id)) {
    if (*known == SentIds::Fate::accepted) return {};
    if (!message.may_repeat) return std::unexpected(nobody_knows(client_.endpoint()));
  }
  auto sent = send_claimed(message);
  if (sent) {
    sent_.accepted(message.id);
  } else if (sent.error().code != Code::internal) {
    sent_.release(message.id);
  }
  return sent;
}

core::Result<> KannelGateway::send_claimed(const core::TextMessage& message) {
  auto permit = health_.enter();
  if (!permit) return std::unexpected(std::move(permit.error()));
  return judge(with_retries(settings_.retries, [&] { return post(message); }, never_left), std::move(*permit));
}

core::Result<> KannelGateway::judge(const Outcome& outcome, CircuitBreaker::Permit permit) {
  const std::string& endpoint = client_.endpoint();
  if (!outcome) {
    const auto [trouble, request_sent] = outcome.error();
    const auto sentence = sentence_of(trouble, endpoint);
    if (!request_sent) {
      health_.unreachable(std::move(permit), trouble);
      return core::failure(Code::unavailable, sentence);
    }
    health_.failed(std::move(permit), sentence, needs_somebody(trouble));
    return std::unexpected(nobody_knows(endpoint));
  }
  const long status = outcome->status;
  if (status == 202) {
    health_.succeeded(std::move(permit));
    return {};
  }
  if (status == 401 || (status == 403 && outcome->body.starts_with("Authorization failed"))) {
    const auto sentence = tr("{1} does not accept the user name or password of the settings.", endpoint);
    health_.failed(std::move(permit), sentence, /*needs_somebody=*/true);
    return core::failure(Code::unavailable, sentence);
  }
  if (status >= 400 && status < 500) {  // about this message: the gateway itself is well
    health_.succeeded(std::move(permit));
    return core::failure(Code::refused, tr("{1} refused the message; it was not sent.", endpoint));
  }
  if (is_temporal_failure(*outcome)) {
    const auto sentence = tr("{1} takes no messages at the moment; it was not sent.", endpoint);
    health_.failed(std::move(permit), sentence);
    return core::failure(Code::unavailable, sentence);
  }
  health_.failed(std::move(permit), sentence_of(Trouble::protocol, endpoint));
  return std::unexpected(nobody_knows(endpoint));
}

std::vector<HttpHeader> KannelGateway::headers_for(const core::TextMessage& message) const {
  std::vector<HttpHeader> headers;
  const auto add = [&](const char* name, std::string value) {
    headers.push_back({name, sdk::Secret(std::move(value))});
  };
  headers.push_back({"X-Kannel-Password", settings_.password.duplicate()});
  add("X-Kannel-Username", settings_.user);
  add("X-Kannel-From", settings_.sender);
  add("X-Kannel-To", message.to);
  add("X-Kannel-Coding", is_gsm(message.body.expose()) ? "0" : "2");
  add("Content-Type", "text/plain; charset=UTF-8");
  if (!settings_.centre.empty()) add("X-Kannel-SMSC", settings_.centre);
  if (settings_.report_port != 0) {
    add("X-Kannel-DLR-Mask", std::string(every_report));
    add("X-Kannel-DLR-URL", "http://127.0.0.1:" + std::to_string(settings_.report_port) + "/report?id=" + message.id +
                                "&token=" + tokens_.token(message.id) + "&state=%d");
  }
  return headers;
}

KannelGateway::Outcome KannelGateway::post(const core::TextMessage& message) const {
  return client_.post(headers_for(message), message.body.expose());
}

}  // namespace anahtar::gateways
