// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/sqlite_engine.h"

namespace anahtar::store {

/// A column's value in its text form (integers in decimal), or NULL.
using Value = std::optional<std::string>;
using Cells = std::vector<Value>;

inline Value value_of(std::int64_t number) { return std::to_string(number); }
inline Value value_of(std::string_view text) { return std::string(text); }
/// Throws FailureError(internal) when the database holds something else than a number.
std::int64_t to_integer(const Value& value);

/// One connection: prepared statements are kept, errors come as FailureError. One thread at a time.
class Session {
 public:
  Session(const std::filesystem::path& file, sqlite::Access access);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Runs `sql`, whose parameters are ":name" in order, each used once, and gives all rows of `columns` columns.
  std::vector<Cells> query(const std::string& sql, std::span<const Value> parameters, std::size_t columns);
  std::vector<Cells> query(const std::string& sql, std::initializer_list<Value> parameters, std::size_t columns) {
    return query(sql, std::span(parameters.begin(), parameters.size()), columns);
  }
  /// The first cell of the first row.
  std::optional<Value> scalar(const std::string& sql, std::initializer_list<Value> parameters = {});
  /// The count of rows that it changed.
  std::int64_t execute(const std::string& sql, std::span<const Value> parameters);
  std::int64_t execute(const std::string& sql, std::initializer_list<Value> parameters = {}) {
    return execute(sql, std::span(parameters.begin(), parameters.size()));
  }
  void run_script(std::string_view script);

  void begin_write();
  void commit();
  void rollback() noexcept;
  bool in_transaction();

 private:
  class Prepared;
  Prepared& prepared(const std::string& sql, std::size_t parameters, std::size_t columns);
  template <class Work>
  auto translated(const std::string& sql, Work&& work) -> decltype(work());

  std::unique_ptr<soci::session> sql_;
  std::unordered_map<std::string, std::unique_ptr<Prepared>> prepared_;
};

/// A write transaction that undoes itself unless committed.
class WriteTransaction {
 public:
  explicit WriteTransaction(Session& session) : session_(session) { session_.begin_write(); }
  ~WriteTransaction() {
    if (!done_) session_.rollback();
  }
  WriteTransaction(const WriteTransaction&) = delete;
  WriteTransaction& operator=(const WriteTransaction&) = delete;
  void commit() {
    session_.commit();
    done_ = true;
  }

 private:
  Session& session_;
  bool done_ = false;
};

}  // namespace anahtar::store
