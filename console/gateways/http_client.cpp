// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/http_client.h"

#include <stdexcept>

namespace anahtar::gateways {
namespace {

struct Collected {
  std::string text;
  std::size_t limit = 0;
};

/// Taking fewer bytes than given makes curl stop.
std::size_t collect(char* data, std::size_t, std::size_t size, void* into) {
  auto& collected = *static_cast<Collected*>(into);
  if (collected.text.size() + size > collected.limit) return 0;
  collected.text.append(data, size);
  return size;
}

void append_header(StringList& list, const HttpHeader& header) {
  const auto value = header.value.expose();
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != value.npos) {
    throw std::invalid_argument("a header value with a line end");
  }
  std::string line = header.name + ": " + std::string(value);
  list.append(line);
  sdk::Secret::wipe(line);
}

bool anything_sent(CURL* curl) {
  long bytes = 0;
  curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &bytes);
  return bytes > 0;
}

}  // namespace

HttpClient::HttpClient(std::string url, Limits limits, std::filesystem::path ca_file)
    : url_(std::move(url)), limits_(limits), ca_file_(std::move(ca_file)) {
  const auto found = endpoint_of(url_);
  if (!found) throw std::invalid_argument("not a URL");
  endpoint_ = found->label();
}

std::optional<TransportFailure> HttpClient::connect() const {
  const auto handle = new_handle("http,https", limits_, ca_file_);
  curl_easy_setopt(handle.get(), CURLOPT_URL, url_.c_str());
  return connect_only(handle.get());
}

std::expected<HttpReply, TransportFailure> HttpClient::post(const std::vector<HttpHeader>& headers,
                                                            std::string_view body) const {
  const auto handle = new_handle("http,https", limits_, ca_file_);
  CURL* curl = handle.get();
  StringList lines;
  for (const auto& header : headers) append_header(lines, header);
  lines.append("Expect:");  // no waiting for 100 Continue

  Collected collected{{}, limits_.reply};
  curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.empty() ? "" : body.data());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &collected);

  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) return std::unexpected(TransportFailure{trouble_of(code), anything_sent(curl)});
  HttpReply reply{0, std::move(collected.text)};
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
  return reply;
}

}  // namespace anahtar::gateways
