// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace anahtar::testing {

/// A key and a certificate that signs itself, made by the openssl program: whoever trusts the file trusts the server.
struct Certificate {
  std::filesystem::path certificate, key;
};

/// `names`: what it is good for, "IP:127.0.0.1" or "DNS:elsewhere.example".
inline Certificate make_certificate(const std::filesystem::path& folder, const std::string& stem,
                                    const std::string& names = "IP:127.0.0.1") {
  const Certificate made{folder / (stem + ".crt"), folder / (stem + ".key")};
  std::string words[] = {"openssl", "req",     "-x509",  "-newkey", "ec",    "-pkeyopt", "ec_paramgen_curve:prime256v1",
                         "-nodes",  "-batch",  "-days",  "2",       "-subj", "/CN=anahtar test",
                         "-addext", "subjectAltName=" + names, "-keyout", made.key.string(), "-out", made.certificate.string()};
  char* argv[std::size(words) + 1] = {};
  for (std::size_t i = 0; i < std::size(words); ++i) argv[i] = words[i].data();
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", 1, 0);
  pid_t pid = 0;
  int status = -1;
  const int error = posix_spawnp(&pid, "openssl", &quiet, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&quiet);
  if (error != 0 || waitpid(pid, &status, 0) != pid || status != 0) {
    throw std::runtime_error("openssl made no certificate; install the Debian package openssl.");
  }
  return made;
}

}  // namespace anahtar::testing
