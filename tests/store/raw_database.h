// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace anahtar::store::testing {

/// The database as somebody with the sqlite3 shell has it.
class RawDatabase {
 public:
  explicit RawDatabase(const std::filesystem::path& file) {
    if (sqlite3_open(file.c_str(), &handle_) != SQLITE_OK) throw std::runtime_error("cannot open " + file.string());
    sqlite3_busy_timeout(handle_, 5000);
  }
  ~RawDatabase() { sqlite3_close(handle_); }
  RawDatabase(const RawDatabase&) = delete;
  RawDatabase& operator=(const RawDatabase&) = delete;

  /// SQLite's message, or empty.
  std::string try_to(const std::string& sql) {
    char* message = nullptr;
    sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message);
    const std::string text = message ? message : "";
    sqlite3_free(message);
    return text;
  }
  void run(const std::string& sql) {
    if (const std::string message = try_to(sql); !message.empty()) throw std::runtime_error(message + " in " + sql);
  }
  /// The first column of all rows.
  std::vector<std::string> column(const std::string& sql) {
    std::vector<std::string> found;
    const auto add = [](void* to, int, char** values, char**) {
      static_cast<std::vector<std::string>*>(to)->emplace_back(values[0] ? values[0] : "");
      return 0;
    };
    char* message = nullptr;
    if (sqlite3_exec(handle_, sql.c_str(), add, &found, &message) != SQLITE_OK) throw std::runtime_error(message);
    return found;
  }
  std::string one(const std::string& sql) { return column(sql).at(0); }

  void drop_triggers() {
    for (const auto& name : column("select name from sqlite_master where type = 'trigger'")) run("drop trigger " + name);
  }

 private:
  sqlite3* handle_ = nullptr;
};

}  // namespace anahtar::store::testing
