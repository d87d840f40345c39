// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/support/kannel.h"

#include <unicode/unistr.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace anahtar::testing {
namespace {

/// application/x-www-form-urlencoded, as the fake centre prints what is no plain text.
std::string unescaped(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      bytes += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      bytes += text[i] == '+' ? ' ' : text[i];
    }
  }
  return bytes;
}

std::string from_utf16be(const std::string& bytes) {
  icu::UnicodeString wide;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    wide.append(static_cast<char16_t>((static_cast<unsigned char>(bytes[i]) << 8) | static_cast<unsigned char>(bytes[i + 1])));
  }
  std::string text;
  return wide.toUTF8String(text);
}

/// "… Got message 1: <FROM TO CODING TEXT>"
bool parse(const std::string& line, ArrivedMessage& message) {
  const auto begin = line.find("Got message ");
  const auto open = line.find('<', begin == line.npos ? line.size() : begin);
  if (open == line.npos || line.back() != '>') return false;
  std::istringstream words(line.substr(open + 1, line.size() - open - 2));
  std::string from;
  words >> from >> message.to >> message.coding;
  words.ignore(1);
  std::getline(words, message.text);
  if (message.coding == "ucs-2") message.text = from_utf16be(unescaped(message.text));
  return true;
}

constexpr std::chrono::seconds longest_start{60};  // on a machine that does much else

std::string tail(const std::string& text) { return text.substr(text.size() > 2000 ? text.size() - 2000 : 0); }

}  // namespace

Kannel::Kannel()
    : rejecting_centre_({}, [](const WebRequest&) { return WebAnswer{.status = 403, .body = "Rejected"}; }) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    admin_port_ = free_port();
    box_port_ = free_port();
    centre_port_ = free_port();
    unused_port_ = free_port();
    web_port_ = free_port();
    write_configuration();
    if (start()) return;
  }
  throw std::runtime_error("Kannel did not start:\n" + logs());
}

std::string Kannel::url() const { return "http://127.0.0.1:" + std::to_string(web_port_) + "/cgi-bin/sendsms"; }

void Kannel::write_configuration() {
  std::filesystem::create_directories(folder_ / "store");
  std::ofstream(folder_ / "kannel.conf") << "group = core\nadmin-port = " << admin_port_
                                         << "\nadmin-password = admin\nadmin-deny-ip = \"*.*.*.*\"\nadmin-allow-ip = 127.0.0.1\n"
                                            "smsbox-port = " << box_port_
                                         << "\nbox-deny-ip = \"*.*.*.*\"\nbox-allow-ip = 127.0.0.1\nlog-level = 0\n"
                                            "dlr-storage = internal\nsms-resend-freq = 1\nstore-type = spool\nstore-location = "
                                         << (folder_ / "store").string() << "\n\n"
                                            "group = smsc\nsmsc = fake\nsmsc-id = fake\nport = " << centre_port_
                                         << "\nconnect-allow-ip = 127.0.0.1\ndenied-prefix = \"+90599;+90598\"\n\n"
                                            "group = smsc\nsmsc = http\nsmsc-id = rejecting\nsystem-type = kannel\n"
                                            "smsc-username = u\nsmsc-password = p\nport = " << unused_port_
                                         << "\nconnect-allow-ip = 127.0.0.1\nallowed-prefix = \"+90599\"\nsend-url = \""
                                         << rejecting_centre_.url("/cgi-bin/sendsms")
                                         << "\"\n\n"
                                            "group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = " << web_port_
                                         << "\nsendsms-interface = 127.0.0.1\nlog-level = 0\n\n"
                                            "group = sendsms-user\nusername = desk\npassword = \"kannel password\"\nmax-messages = 3\n"
                                            "concatenation = true\n\n"
                                            "group = sms-service\nkeyword = default\ntext = \"\"\nomit-empty = true\n";
}

bool Kannel::start() {
  const auto configuration = (folder_ / "kannel.conf").string();
  bearerbox_ = std::make_unique<ServerProcess>("/usr/sbin/bearerbox", std::vector<std::string>{configuration},
                                               folder_ / "bearerbox.log", "kannel");
  const auto up = [&] { return !bearerbox_->running() || (listens(box_port_) && listens(centre_port_)); };
  if (!wait_until(up, longest_start) || !bearerbox_->running()) return false;
  centre_ = std::make_unique<ServerProcess>(
      "/usr/lib/kannel/test/fakesmsc",
      std::vector<std::string>{"-H", "127.0.0.1", "-r", std::to_string(centre_port_), "-m", "0"}, folder_ / "centre.log",
      "kannel-extras");
  smsbox_ = std::make_unique<ServerProcess>("/usr/sbin/smsbox", std::vector<std::string>{configuration},
                                            folder_ / "smsbox.log", "kannel");
  return wait_until([&] {
    const auto log = bearerbox_->output();
    return listens(web_port_) && log.find("Fakesmsc client connected") != log.npos &&
           log.find("Client connected from") != log.npos;
  }, longest_start);
}

void Kannel::restart_smsbox() {
  smsbox_.reset();
  smsbox_ = std::make_unique<ServerProcess>("/usr/sbin/smsbox", std::vector<std::string>{(folder_ / "kannel.conf").string()},
                                            folder_ / "smsbox.log", "kannel");
  if (!wait_until([&] { return listens(web_port_); }, longest_start)) throw std::runtime_error("smsbox did not start again:\n" + logs());
}

void Kannel::restart() {
  smsbox_.reset();
  centre_.reset();
  bearerbox_.reset();
  if (!start()) throw std::runtime_error("Kannel did not start again:\n" + logs());
}

std::vector<ArrivedMessage> Kannel::arrived() const {
  std::vector<ArrivedMessage> found;
  std::istringstream lines(centre_->output());
  ArrivedMessage message;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && parse(line, message)) found.push_back(message);
  }
  return found;
}

std::vector<ArrivedMessage> Kannel::arrived(std::size_t count) const {
  wait_until([&] { return arrived().size() >= count; }, std::chrono::seconds(5));
  return arrived();
}

std::string Kannel::logs() const {
  std::string all;
  for (const char* name : {"bearerbox.log", "smsbox.log", "centre.log"}) {
    all += std::string("--- ") + name + "\n" + tail(read_file(folder_ / name));
  }
  return all;
}

}  // namespace anahtar::testing
