// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// SQLite's own interface for reading much and quickly, also a read-only file in a read-only folder. Writes nothing.
/// Errors are thrown as FailureError.
namespace anahtar::store::sqlite {

class ReadOnlyHandle {
 public:
  explicit ReadOnlyHandle(const std::filesystem::path& file);
  ~ReadOnlyHandle();
  ReadOnlyHandle(const ReadOnlyHandle&) = delete;
  ReadOnlyHandle& operator=(const ReadOnlyHandle&) = delete;

  void run(const char* sql);
  sqlite3* get() const { return handle_; }

 private:
  bool open(const std::string& name, int flags);
  sqlite3* handle_ = nullptr;
};

/// A statement whose rows are read in place.
class Reading {
 public:
  Reading(ReadOnlyHandle& handle, std::string_view sql);
  ~Reading();
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  Reading& bind(int parameter, std::int64_t value);
  Reading& bind(int parameter, std::string_view value);  ///< the text outlives the reading
  bool next();
  void rewind();  ///< so that it can be bound and read again

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  ///< valid until next()
  bool is_null(int column) const;
  bool is_integer(int column) const;

 private:
  sqlite3* handle_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace anahtar::store::sqlite
