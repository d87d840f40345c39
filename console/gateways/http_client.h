// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <expected>
#include <string>
#include <vector>

#include "gateways/transport.h"

namespace anahtar::gateways {

/// A header; its value may be a password.
struct HttpHeader {
  std::string name;
  sdk::Secret value;
};

struct HttpReply {
  long status = 0;
  std::string body;
};

/// POST over HTTP or HTTPS to one place, each call on a connection of its own: it is sent once or not at all. [any]
class HttpClient {
 public:
  /// `url` without credentials; `ca_file` empty: the system's.
  HttpClient(std::string url, Limits limits, std::filesystem::path ca_file = {});

  /// "host:port", for sentences.
  const std::string& endpoint() const { return endpoint_; }
  /// Any status is a reply. Header values with line ends are a defect: std::invalid_argument.
  std::expected<HttpReply, TransportFailure> post(const std::vector<HttpHeader>& headers, std::string_view body) const;
  /// As far as the TLS handshake; what went wrong, if anything.
  std::optional<TransportFailure> connect() const;

 private:
  std::string url_, endpoint_;
  Limits limits_;
  std::filesystem::path ca_file_;
};

}  // namespace anahtar::gateways
