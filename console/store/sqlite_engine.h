// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace soci {
class session;
class soci_error;
}  // namespace soci

/// All that is SQLite's own: opening, pragmas, transactions, and what its errors mean. A second engine brings the same
/// functions.
namespace anahtar::store::sqlite {

enum class Access { create, read_write };

/// Throws FailureError unless a database could be there: a regular file.
void require_file(const std::filesystem::path& file);
/// Opens the file, and changes nothing of one that is there. synchronous=FULL, secure_delete, five seconds of patience.
/// Throws FailureError.
void open(soci::session& session, const std::filesystem::path& file, Access access);

/// Runs a script of many statements.
void run_script(soci::session& session, std::string_view script);

/// Readers and the writer do not wait for each other. It stays with the file, so only one that is ours is told.
inline constexpr char write_ahead[] = "pragma journal_mode=wal";
/// For the one connection that writes: an import touches pages all over the blind index.
inline constexpr char writers_cache[] = "pragma cache_size=-65536";
inline constexpr char begin_write[] = "begin immediate";  ///< takes the write lock now: upgrading later ignores patience
/// How many tables have a name like :name.
inline constexpr char count_tables[] = "select count(*) from sqlite_master where type = 'table' and name like :name";

/// Whether a transaction is open; SQLite undoes it by itself when, for example, the disk is full.
bool in_transaction(soci::session& session);

/// What an error code means to people. Bound values never appear.
core::Failure failure_of(int extended_code);
core::Failure failure_of(soci::session& session, const soci::soci_error& error);

}  // namespace anahtar::store::sqlite
