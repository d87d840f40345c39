// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.h"

#include "core/result.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "store/session.h"

namespace anahtar::store {
namespace {

using core::Code;
using core::FailureError;
using core::tr;

std::string digest_of(std::string_view sql) { return crypto::hex_encode(crypto::sha256(crypto::view_of(sql))); }

std::int64_t table_count(Session& session, std::string_view name) {
  return to_integer(*session.scalar(sqlite::count_tables, {value_of(name)}));
}

/// Compares what was applied with the program's files; the count of those applied.
std::size_t applied(Session& session, const std::vector<Migration>& migrations) {
  const auto rows = session.query("select name, sha256 from migration order by name", {}, 2);
  if (rows.size() > migrations.size())
    throw FailureError({Code::unavailable, tr("The database was written by a newer version of Anahtar. Update this program.")});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i][0] != migrations[i].name)
      throw FailureError(
          {Code::unavailable, tr("The database was written by a newer version of Anahtar. Update this program.")});
    if (rows[i][1] != digest_of(migrations[i].sql))
      throw FailureError({Code::not_intact,
                          tr("The database was made with another version of its schema file {1}. Use the program that "
                             "made it, or ask for help.",
                             std::string(migrations[i].name))});
  }
  return rows.size();
}

}  // namespace

SchemaState schema_state(Session& session, const std::vector<Migration>& migrations) {
  if (table_count(session, "migration") == 0) {
    if (table_count(session, "%") == 0) return SchemaState::empty;
    throw FailureError({Code::invalid, tr("The file is a database of another program, not of Anahtar.")});
  }
  return applied(session, migrations) == migrations.size() ? SchemaState::current : SchemaState::older;
}

void migrate(Session& session, const std::vector<Migration>& migrations) {
  WriteTransaction transaction(session);
  if (schema_state(session, migrations) == SchemaState::empty)
    session.run_script("create table migration (name text not null primary key, sha256 text not null)");
  for (std::size_t i = applied(session, migrations); i < migrations.size(); ++i) {
    session.run_script(migrations[i].sql);
    session.execute("insert into migration (name, sha256) values (:name, :sha256)",
                    {value_of(migrations[i].name), digest_of(migrations[i].sql)});
  }
  transaction.commit();
}

}  // namespace anahtar::store
