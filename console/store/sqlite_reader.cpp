// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite_reader.h"

#include <sqlite3.h>

#include "store/sqlite_engine.h"
#include "store/sqlite_read_ahead.h"

namespace anahtar::store::sqlite {
namespace {

[[noreturn]] void throw_failure(sqlite3* handle) { throw core::FailureError(failure_of(sqlite3_extended_errcode(handle))); }

/// A file name as an SQLite URI.
std::string uri_of(const std::filesystem::path& file, const char* options) {
  std::string uri = "file:";
  for (const char c : file.string()) {
    if (c == '?' || c == '#' || c == '%')
      uri += c == '?' ? "%3f" : c == '#' ? "%23" : "%25";
    else
      uri += c;
  }
  return uri + options;
}

bool has_journal(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file.string() + "-wal", error);
  return !error && size > 0;
}

}  // namespace

bool ReadOnlyHandle::open(const std::string& name, int flags) {
  if (sqlite3_open_v2(name.c_str(), &handle_, flags, read_ahead_vfs()) != SQLITE_OK) return false;
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, 5000);
  return sqlite3_exec(handle_, "select count(*) from sqlite_master", nullptr, nullptr, nullptr) == SQLITE_OK;
}

ReadOnlyHandle::ReadOnlyHandle(const std::filesystem::path& file) {
  require_file(file);
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
  if (open(uri_of(file, "?mode=ro"), flags)) return;
  const int first_error = handle_ ? sqlite3_extended_errcode(handle_) : SQLITE_NOMEM;
  // A WAL database in a folder where its -shm file cannot be made: nobody can be writing either, so it stands still.
  const int primary = first_error & 0xff;
  if ((primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY) && !has_journal(file)) {
    sqlite3_close(handle_);
    handle_ = nullptr;
    if (open(uri_of(file, "?mode=ro&immutable=1"), flags)) return;
  }
  sqlite3_close(handle_);
  throw core::FailureError(failure_of(first_error));
}

ReadOnlyHandle::~ReadOnlyHandle() { sqlite3_close(handle_); }

void ReadOnlyHandle::run(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw_failure(handle_);
}

Reading::Reading(ReadOnlyHandle& handle, std::string_view sql) : handle_(handle.get()) {
  if (sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement_, nullptr) != SQLITE_OK)
    throw_failure(handle_);
}

Reading::~Reading() { sqlite3_finalize(statement_); }

Reading& Reading::bind(int parameter, std::int64_t value) {
  if (sqlite3_bind_int64(statement_, parameter, value) != SQLITE_OK) throw_failure(handle_);
  return *this;
}

Reading& Reading::bind(int parameter, std::string_view value) {
  if (sqlite3_bind_text(statement_, parameter, value.data(), static_cast<int>(value.size()), SQLITE_STATIC) != SQLITE_OK)
    throw_failure(handle_);
  return *this;
}

bool Reading::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) throw_failure(handle_);
  return false;
}

void Reading::rewind() { sqlite3_reset(statement_); }

std::int64_t Reading::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Reading::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Reading::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
bool Reading::is_integer(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_INTEGER; }

}  // namespace anahtar::store::sqlite
