// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/nvi_civil_registry.h"

#include "gateways/soap.h"

namespace anahtar::gateways {

using core::Code;
using sdk::tr;

NviCivilRegistry::NviCivilRegistry(NviSettings settings, const core::Clock& clock)
    : settings_(std::move(settings)),
      client_(settings_.url, settings_.limits, settings_.ca_file),
      health_(client_.endpoint(), clock, settings_.breaker) {}

core::Result<bool> NviCivilRegistry::failed(CircuitBreaker::Permit permit, core::Text sentence, bool needs_somebody) {
  health_.failed(std::move(permit), sentence, needs_somebody);
  return core::failure(Code::unavailable, std::move(sentence));
}

core::Result<bool> NviCivilRegistry::confirm(const core::Subscriber& subscriber) {
  auto request = nvi_request(subscriber);
  if (!request) return std::unexpected(std::move(request.error()));
  const sdk::Secret question(std::move(*request));
  auto permit = health_.enter();
  if (!permit) return std::unexpected(std::move(permit.error()));

  const auto ask = [&] {
    std::vector<HttpHeader> headers;
    headers.push_back({"Content-Type", sdk::Secret("text/xml; charset=utf-8")});
    headers.push_back({"SOAPAction", sdk::Secret(nvi_soap_action)});
    return client_.post(headers, question.expose());
  };
  const auto never_left = [](const TransportFailure& failure) {
    return !failure.request_sent && failure.trouble == Trouble::connection;
  };
  const auto reply = with_retries(settings_.retries, ask, never_left);
  const std::string& endpoint = client_.endpoint();
  if (!reply) {
    const auto trouble = reply.error().trouble;
    if (!reply.error().request_sent) {
      health_.unreachable(std::move(*permit), trouble);
      return core::failure(Code::unavailable, sentence_of(trouble, endpoint));
    }
    return failed(std::move(*permit), sentence_of(trouble, endpoint), needs_somebody(trouble));
  }

  const auto answer = nvi_answer(reply->body);
  if (answer == NviAnswer::fault) {  // SOAP 1.1 §6.2: with status 500
    return failed(std::move(*permit), tr("{1} reported a fault of its own instead of an answer.", endpoint));
  }
  if (reply->status != 200 || answer == NviAnswer::unreadable) {
    return failed(std::move(*permit), sentence_of(Trouble::protocol, endpoint));
  }
  health_.succeeded(std::move(*permit));
  return answer == NviAnswer::yes;
}

}  // namespace anahtar::gateways
