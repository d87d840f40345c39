// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "gateways/support/certificate.h"
#include "gateways/support/server_process.h"

namespace anahtar::testing {

/// Debian's aiosmtpd, with the mail that it took.
struct MailServer {
  enum class Tls { none, trusted };

  MailServer(const std::filesystem::path& folder, const Certificate& certificate, Tls tls,
             std::uint16_t chosen = free_port())
      : maildir(folder / "mail"), port(chosen) {
    std::vector<std::string> words{SMTP_SERVER, std::to_string(port), maildir.string()};
    if (tls == Tls::trusted) words.insert(words.end(), {certificate.certificate.string(), certificate.key.string()});
    process = std::make_unique<ServerProcess>("/usr/bin/python3", words, folder / "smtp.log", "python3-aiosmtpd");
    const auto up = [&] { return !process->running() || listens(port); };
    if (!wait_until(up, std::chrono::seconds(60)) || !process->running()) {
      throw std::runtime_error("aiosmtpd did not start; install the Debian package python3-aiosmtpd.\n" +
                               process->output());
    }
  }
  std::vector<std::string> mails() const {
    std::vector<std::string> found;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(maildir / "new", none)) {
      found.push_back(read_file(entry.path()));
    }
    return found;
  }

  std::filesystem::path maildir;
  std::uint16_t port;
  std::unique_ptr<ServerProcess> process;
};

}  // namespace anahtar::testing
