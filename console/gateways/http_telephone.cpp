// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/http_telephone.h"

#include <nlohmann/json.hpp>

namespace anahtar::gateways {
namespace {

using core::Code;
using sdk::tr;

core::Failure nobody_knows(const std::string& endpoint) {
  return {Code::internal, tr("{1} did not say whether it dials. Nobody knows whether the telephone rings.", endpoint)};
}

}  // namespace

HttpTelephone::HttpTelephone(TelephoneSettings settings, const core::Clock& clock)
    : settings_(std::move(settings)),
      client_(settings_.url, settings_.limits, settings_.ca_file),
      health_(client_.endpoint(), clock) {}

core::Result<> HttpTelephone::dial(const std::string& number, const std::string& id) {
  auto permit = health_.enter();
  if (!permit) return std::unexpected(std::move(permit.error()));
  std::vector<HttpHeader> headers;
  headers.push_back({"Authorization", sdk::Secret("Bearer " + std::string(settings_.password.expose()))});
  headers.push_back({"Content-Type", sdk::Secret(std::string("application/json"))});
  const std::string body = nlohmann::json{{"number", number}, {"id", id}}.dump();
  return judge(client_.post(headers, body), std::move(*permit));  // once: a second one would ring a second time
}

core::Result<> HttpTelephone::judge(const std::expected<HttpReply, TransportFailure>& outcome,
                                    CircuitBreaker::Permit permit) {
  const std::string& endpoint = client_.endpoint();
  if (!outcome) {
    const auto sentence = sentence_of(outcome.error().trouble, endpoint);
    health_.failed(std::move(permit), sentence, needs_somebody(outcome.error().trouble));
    if (outcome.error().request_sent) return std::unexpected(nobody_knows(endpoint));
    return core::failure(Code::unavailable, sentence);
  }
  if (outcome->status >= 200 && outcome->status < 300) {
    health_.succeeded(std::move(permit));
    return {};
  }
  if (outcome->status == 401 || outcome->status == 403) {
    const auto sentence = tr("{1} does not accept the user name or password of the settings.", endpoint);
    health_.failed(std::move(permit), sentence, /*needs_somebody=*/true);
    return core::failure(Code::unavailable, sentence);
  }
  if (outcome->status >= 400 && outcome->status < 500) {
    health_.succeeded(std::move(permit));
    return core::failure(Code::unavailable, tr("{1} does not dial this number.", endpoint));
  }
  health_.failed(std::move(permit), sentence_of(Trouble::protocol, endpoint));
  return std::unexpected(nobody_knows(endpoint));
}

core::Result<> DemoTelephone::dial(const std::string& number, const std::string& id) {
  const std::string text = "Çağrı merkezi arıyor (444 5 576). Yanıtlamak için: anahtar --call " + number +
                           " --call-back-answered " + id + options_;
  return phone_.send({id, "call_back", number, sdk::Secret(text)});
}

}  // namespace anahtar::gateways
