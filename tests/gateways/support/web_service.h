// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "gateways/support/certificate.h"

namespace anahtar::testing {

struct WebRequest {
  std::string target, body;
  std::map<std::string, std::string> headers;  ///< names in lower case
};
struct WebAnswer {
  unsigned status = 200;
  std::string body = {};
  std::string location = {};
  bool hang_up = false;  ///< close without a word
};

/// A real HTTP server on a free port of 127.0.0.1 that answers as the test says; with a certificate, over TLS.
class WebService {
 public:
  using Handler = std::function<WebAnswer(const WebRequest&)>;
  WebService(std::optional<Certificate> certificate, Handler handler);
  ~WebService();

  std::string url(const std::string& path) const;
  int connections() const;
  /// Whole requests that were read.
  int requests() const;

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace anahtar::testing
