// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/transport.h"

#include <signal.h>
#include <string.h>

#include <new>

namespace anahtar::gateways {
namespace {

using sdk::tr;

/// Writing to a TLS connection that the other side closed raises SIGPIPE, and curl without signals leaves it to us.
void ignore_broken_pipes() {
  struct sigaction now{};
  if (sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) signal(SIGPIPE, SIG_IGN);
}

/// Never undone: other threads may still be in libcurl when statics go.
void prepare_library() {
  static const CURLcode done = (ignore_broken_pipes(), curl_global_init(CURL_GLOBAL_DEFAULT));
  if (done != CURLE_OK) throw std::bad_alloc();
}

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

}  // namespace

core::Text sentence_of(Trouble trouble, const std::string& endpoint) {
  switch (trouble) {
    case Trouble::address: return tr("The address of {1} cannot be found. Check the name and the network.", endpoint);
    case Trouble::connection: return tr("{1} cannot be reached, or broke off.", endpoint);
    case Trouble::certificate:
      return tr("{1} did not prove who it is: its certificate cannot be trusted. Tell the administrator.", endpoint);
    case Trouble::timeout: return tr("{1} did not answer in time.", endpoint);
    case Trouble::too_large: return tr("{1} answered with far more than expected.", endpoint);
    case Trouble::protocol: break;
  }
  return tr("{1} answered with something that cannot be understood.", endpoint);
}

bool needs_somebody(Trouble trouble) { return trouble == Trouble::certificate; }

std::optional<Endpoint> endpoint_of(const std::string& url) {
  prepare_library();
  const std::unique_ptr<CURLU, UrlDeleter> parsed(curl_url());
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  Endpoint found{part_of(parsed.get(), CURLUPART_SCHEME), part_of(parsed.get(), CURLUPART_HOST),
                 part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  found.has_credentials = !part_of(parsed.get(), CURLUPART_USER).empty();
  if (found.host.empty()) return {};
  return found;
}

CurlHandle new_handle(const char* protocols, const Limits& limits, const std::filesystem::path& ca_file) {
  prepare_library();
  CurlHandle handle(curl_easy_init());
  if (!handle) throw std::bad_alloc();
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
  // Also bounds the good-bye after a time-out, which the total does not.
  curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                   static_cast<long>(std::chrono::ceil<std::chrono::seconds>(limits.total).count()));
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  return handle;
}

StringList::~StringList() {
  for (auto* node = list_; node; node = node->next) explicit_bzero(node->data, strlen(node->data));
  curl_slist_free_all(list_);
}

void StringList::append(const std::string& text) {
  auto* longer = curl_slist_append(list_, text.c_str());
  if (!longer) throw std::bad_alloc();
  list_ = longer;
}

std::optional<TransportFailure> connect_only(CURL* curl) {
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_OK) return {};
  return TransportFailure{trouble_of(code), false};
}

Trouble trouble_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return Trouble::address;
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE: return Trouble::connection;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED: return Trouble::certificate;
    case CURLE_OPERATION_TIMEDOUT: return Trouble::timeout;
    case CURLE_WRITE_ERROR:
    case CURLE_FILESIZE_EXCEEDED: return Trouble::too_large;
    case CURLE_OUT_OF_MEMORY: throw std::bad_alloc();
    default: return Trouble::protocol;
  }
}

}  // namespace anahtar::gateways
