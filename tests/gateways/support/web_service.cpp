// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/support/web_service.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <algorithm>
#include <thread>

namespace anahtar::testing {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

WebRequest plain(const http::request<http::string_body>& from) {
  WebRequest request{std::string(from.target()), from.body(), {}};
  for (const auto& field : from) {
    std::string name(field.name_string());
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    request.headers[name] = std::string(field.value());
  }
  return request;
}

}  // namespace

struct WebService::Server {
  Server(std::optional<Certificate> certificate, Handler answers) : handler(std::move(answers)) {
    if (certificate) {
      tls.emplace(asio::ssl::context::tls_server);
      tls->use_certificate_chain_file(certificate->certificate.string());
      tls->use_private_key_file(certificate->key.string(), asio::ssl::context::pem);
    }
    accept();
    thread = std::thread([this] { context.run(); });
  }
  ~Server() {
    context.stop();
    thread.join();
  }

  void accept() {
    acceptor.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (error) return;
      ++connections;
      serve(std::move(socket));
      accept();
    });
  }

  void serve(tcp::socket socket) {
    beast::error_code error;
    if (!tls) return converse(socket, error);
    asio::ssl::stream<tcp::socket&> stream(socket, *tls);
    stream.handshake(asio::ssl::stream_base::server, error);
    if (!error) converse(stream, error);
    if (!error) stream.shutdown(error);
  }

  template <class Stream>
  void converse(Stream& stream, beast::error_code& error) {
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    http::read(stream, buffer, request, error);
    if (error) return;
    ++requests;
    const WebAnswer answer = handler(plain(request));
    if (answer.hang_up) return;
    http::response<http::string_body> response(static_cast<http::status>(answer.status), 11);
    response.set(http::field::content_type, "text/xml; charset=utf-8");
    if (!answer.location.empty()) response.set(http::field::location, answer.location);
    response.body() = answer.body;
    response.keep_alive(false);
    response.prepare_payload();
    http::write(stream, response, error);
  }

  const Handler handler;
  std::atomic<int> connections{0}, requests{0};
  std::optional<asio::ssl::context> tls;
  asio::io_context context{1};
  tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
  std::thread thread;
};

WebService::WebService(std::optional<Certificate> certificate, Handler handler)
    : server_(std::make_unique<Server>(std::move(certificate), std::move(handler))) {}
WebService::~WebService() = default;

std::string WebService::url(const std::string& path) const {
  return (server_->tls ? "https://127.0.0.1:" : "http://127.0.0.1:") +
         std::to_string(server_->acceptor.local_endpoint().port()) + path;
}
int WebService::connections() const { return server_->connections; }
int WebService::requests() const { return server_->requests; }

}  // namespace anahtar::testing
