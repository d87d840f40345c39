// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite_engine.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace anahtar::store::sqlite {
namespace {

using namespace sqlite_api;
using core::Code;
using core::Failure;
using core::tr;

::sqlite_api::sqlite3* handle_of(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

void run(soci::session& session, const char* script) {
  auto* handle = handle_of(session);
  if (sqlite3_exec(handle, script, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw core::FailureError(failure_of(sqlite3_extended_errcode(handle)));
}

/// SOCI's connection string: a value in double quotes, in which a double quote cannot be written.
std::string connection_string(const std::filesystem::path& file) {
  if (file.string().find('"') != std::string::npos)
    throw core::FailureError({Code::invalid, tr("The database's path must not hold a quotation mark.")});
  return "dbname=\"" + file.string() + "\" timeout=5";
}

}  // namespace

void require_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error) && !error)
    throw core::FailureError(
        {Code::not_found, tr("There is no database at {1}. Create one with \"anahtarctl init\".", file.string())});
  if (!error && !std::filesystem::is_regular_file(file, error))
    throw core::FailureError({Code::invalid, tr("{1} is not a file.", file.string())});
}

void open(soci::session& session, const std::filesystem::path& file, Access access) {
  if (access == Access::read_write) require_file(file);
  try {
    session.open("sqlite3", connection_string(file));
  } catch (const soci::soci_error&) {
    throw core::FailureError(failure_of(SQLITE_CANTOPEN));
  }
  sqlite3_extended_result_codes(handle_of(session), 1);
  if (access == Access::create) run(session, write_ahead);
  run(session,
      "pragma synchronous=full; pragma secure_delete=on; pragma foreign_keys=on;"
      "pragma trusted_schema=off; pragma wal_autocheckpoint=16000; pragma cache_size=-16384;"
      // A third off every look-up. A disk that fails under a mapped page ends the program, as a power cut would.
      "pragma mmap_size=2147418112;");
}

void run_script(soci::session& session, std::string_view script) { run(session, std::string(script).c_str()); }

bool in_transaction(soci::session& session) { return sqlite3_get_autocommit(handle_of(session)) == 0; }

core::Failure failure_of(int extended_code) {
  if (extended_code == SQLITE_IOERR_SHMSIZE) return failure_of(SQLITE_FULL);  // no room for the file beside the database
  switch (extended_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Code::unavailable, tr("The database is locked by another program. Close that program or try again.")};
    case SQLITE_FULL:
      return {Code::unavailable, tr("The disk is full, so the change was not made. Make room and try again.")};
    case SQLITE_READONLY:
      return {Code::unavailable,
              tr("The database cannot be written: its file, its folder, or a file -wal or -shm beside it is read-only. Nothing was changed.")};
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return {Code::unavailable, tr("The database file cannot be opened. Check its path and its permissions.")};
    case SQLITE_NOTADB:
      return {Code::invalid, tr("The file is not an Anahtar database.")};
    case SQLITE_CORRUPT:
      return {Code::not_intact, tr("The database file is damaged. Restore it from a back-up.")};
    case SQLITE_IOERR:
      return {Code::unavailable, tr("The disk reported an error while the database was used (code {1}).",
                                    std::to_string(extended_code))};
    case SQLITE_CONSTRAINT:
      if (extended_code == SQLITE_CONSTRAINT_TRIGGER)
        return {Code::internal, tr("The database refused a change that comes without its audit record.")};
      return {Code::conflict, tr("Another record with the same name or number exists already.")};
    case SQLITE_NOMEM:
      return {Code::unavailable, tr("There is not enough memory.")};
    default:
      return {Code::internal, tr("The database answered with error {1}.", std::to_string(extended_code))};
  }
}

core::Failure failure_of(soci::session& session, const soci::soci_error& error) {
  if (session.get_backend()) {
    const int code = sqlite3_extended_errcode(handle_of(session));
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) return failure_of(code);
  }
  if (const auto* own = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) return failure_of(own->result());
  return {Code::internal, tr("The database did not understand the program. This is a defect.")};
}

}  // namespace anahtar::store::sqlite
