// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <nlohmann/json.hpp>

#include "app/program.h"
#include "support/temporary_folder.h"

namespace anahtar::testing {

/// One machine with one database, worked through anahtarctl alone. The folder holds everything and goes with it.
class Desk {
 public:
  Desk();

  std::filesystem::path file(const std::string& name) const { return folder_ / name; }
  std::filesystem::path database() const { return folder_ / "desk.db"; }
  std::string database_url() const { return "sqlite://" + database().string(); }
  /// A file of mode 0600 with this text.
  std::filesystem::path write(const std::string& name, const std::string& text) const;

  Program start(const std::vector<std::string>& line, Program::Input input = Program::Input::nothing) const;
  Ended run(const std::vector<std::string>& line) const;
  /// As an operator whose password is in ANAHTAR_PASSWORD_FILE.
  Ended as(const std::string& operator_name, std::vector<std::string> line) const;
  /// The same with --json; fails the test unless it exits with 0 and gives JSON.
  nlohmann::json json_as(const std::string& operator_name, std::vector<std::string> line) const;

  /// A demo, or an empty desk whose administrator is "admin"; both with the same password.
  void init_demo();
  void init_empty();

  std::map<std::string, std::string> environment;

 private:
  TemporaryFolder folder_;
};

}  // namespace anahtar::testing
