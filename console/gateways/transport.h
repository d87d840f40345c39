// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <curl/curl.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <anahtar/sdk/secret.h>

#include "core/result.h"

/// What every use of libcurl shares. Handles are made for one call and never reused, so a request is never repeated
/// behind our back on a connection that died.
namespace anahtar::gateways {

/// How long a call may take and how much may come back.
struct Limits {
  std::chrono::milliseconds connect{3000};
  std::chrono::milliseconds total{10000};  ///< a mail server may take as long again for its good-bye
  std::size_t reply = 64 * 1024;  ///< bytes
};

/// What a call over the network can come to without an answer.
enum class Trouble { address, connection, certificate, timeout, too_large, protocol };

struct TransportFailure {
  Trouble trouble = Trouble::protocol;
  bool request_sent = false;  ///< false: certainly nothing of the request left this machine
};

/// For people; `endpoint` is "host:port". URLs never appear, for they may hold secrets.
core::Text sentence_of(Trouble trouble, const std::string& endpoint);
/// Waiting does not help: somebody must change a setting or a certificate.
bool needs_somebody(Trouble trouble);

struct Endpoint {
  std::string scheme, host, port;
  bool has_credentials = false;  ///< "https://user:password@host"
  std::string label() const { return host + ":" + port; }
  bool is_loopback() const { return host == "127.0.0.1" || host == "[::1]" || host == "localhost"; }
};
/// Nothing when it is no URL.
std::optional<Endpoint> endpoint_of(const std::string& url);

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;

/// A handle with limits, verified certificates (TLS 1.2 or newer; `ca_file` empty: the system's), no redirects, no
/// proxy and no signals, that speaks `protocols` ("http,https") only.
CurlHandle new_handle(const char* protocols, const Limits& limits, const std::filesystem::path& ca_file);

/// curl's list of strings, wiped when it goes: headers hold passwords.
class StringList {
 public:
  StringList() = default;
  ~StringList();
  StringList(const StringList&) = delete;
  StringList& operator=(const StringList&) = delete;

  void append(const std::string& text);
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

Trouble trouble_of(CURLcode code);

/// Connects as far as the protocol goes without asking for anything (TLS, and at a mail server the sign-in), and leaves.
/// What went wrong, if anything.
std::optional<TransportFailure> connect_only(CURL* curl);

}  // namespace anahtar::gateways
