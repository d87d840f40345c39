// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/delivery_reports.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <map>
#include <thread>

#include "gateways/report_token.h"

namespace anahtar::gateways {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using core::DeliveryState;

constexpr std::chrono::seconds patience{5};
constexpr std::size_t largest_header = 4096, largest_body = 4096;

struct Report {
  std::string id;
  DeliveryState state;
};

/// Kannel's numbers (User's Guide, "Delivery reports").
std::optional<DeliveryState> state_of(std::string_view number) {
  if (number == "1") return DeliveryState::delivered;
  if (number == "2" || number == "16") return DeliveryState::failed;
  if (number == "4") return DeliveryState::queued;
  if (number == "8") return DeliveryState::sent;
  return {};
}

/// "/report?id=…&token=…&state=…": nothing in it needs unescaping.
std::map<std::string, std::string, std::less<>> query_of(std::string_view target) {
  std::map<std::string, std::string, std::less<>> found;
  const auto mark = target.find('?');
  if (mark == target.npos || target.substr(0, mark) != "/report") return found;
  for (auto rest = target.substr(mark + 1); !rest.empty();) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    if (const auto equals = pair.find('='); equals != pair.npos) {
      found.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return found;
}

std::optional<Report> report_in(std::string_view target, const ReportTokens& tokens) {
  const auto query = query_of(target);
  const auto id = query.find("id"), token = query.find("token"), state = query.find("state");
  if (id == query.end() || token == query.end() || state == query.end()) return {};
  const auto meaning = state_of(state->second);
  if (!meaning || !tokens.matches(id->second, token->second)) return {};
  return Report{id->second, *meaning};
}

/// One request, one answer, good-bye.
class Visit : public std::enable_shared_from_this<Visit> {
 public:
  using Judge = std::function<bool(std::string_view target)>;

  Visit(tcp::socket socket, const Judge& judge) : stream_(std::move(socket)), judge_(judge) {
    parser_.header_limit(largest_header);
    parser_.body_limit(largest_body);
  }

  void begin() {
    stream_.expires_after(patience);
    http::async_read(stream_, buffer_, parser_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) self->answer();
    });
  }

 private:
  void answer() {
    const auto target = parser_.get().target();
    const bool known = judge_({target.data(), target.size()});
    reply_.result(known ? http::status::ok : http::status::not_found);
    reply_.keep_alive(false);
    reply_.prepare_payload();
    http::async_write(stream_, reply_, [self = shared_from_this()](beast::error_code, std::size_t) {
      beast::error_code ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{largest_header + largest_body};
  http::request_parser<http::string_body> parser_;
  http::response<http::empty_body> reply_;
  const Judge& judge_;
};

}  // namespace

struct DeliveryReports::Server {
  Server(const sdk::Secret& password, Callback told) : tokens(password), callback(std::move(told)) {}
  ~Server() {
    context.stop();
    if (thread.joinable()) thread.join();
  }

  bool listen(std::uint16_t port) {
    beast::error_code error;
    acceptor.open(tcp::v4(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind({asio::ip::address_v4::loopback(), port}, error);
    if (!error) acceptor.listen(16, error);
    return !error;
  }

  void accept() {
    acceptor.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) std::make_shared<Visit>(std::move(socket), judge)->begin();
      accept();
    });
  }

  bool take(std::string_view target) {
    const auto report = report_in(target, tokens);
    if (!report) return false;
    try {
      callback(report->id, report->state);
    } catch (const std::exception&) {
      return false;  // not noted: Kannel may be set to ask again
    }
    return true;
  }

  const ReportTokens tokens;
  const Callback callback;
  const Visit::Judge judge = [this](std::string_view target) { return take(target); };
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  std::thread thread;
};

DeliveryReports::DeliveryReports(std::unique_ptr<Server> server) : server_(std::move(server)) {}
DeliveryReports::~DeliveryReports() = default;

std::uint16_t DeliveryReports::port() const { return server_->acceptor.local_endpoint().port(); }

core::Result<std::unique_ptr<DeliveryReports>> DeliveryReports::open(std::uint16_t port, const sdk::Secret& password,
                                                                     Callback callback) {
  auto server = std::make_unique<Server>(password, std::move(callback));
  if (!server->listen(port)) {
    return core::failure(core::Code::unavailable,
                         core::tr("Delivery reports cannot be received: port {1} is taken.", std::to_string(port)));
  }
  server->accept();
  server->thread = std::thread([context = &server->context] { context->run(); });
  return std::unique_ptr<DeliveryReports>(new DeliveryReports(std::move(server)));
}

}  // namespace anahtar::gateways
