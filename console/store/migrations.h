// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string_view>
#include <vector>

namespace anahtar::store {

class Session;

/// A file of schema/: "0003_guards.sqlite" is number 3, for SQLite alone.
struct Migration {
  std::string_view name;
  std::string_view sql;

  int number() const;
};

const std::vector<Migration>& embedded_migrations();

/// Where a database stands against the migrations of this program.
enum class SchemaState { empty, current, older };

/// Throws FailureError when the database is newer than the program, when an applied migration is not the program's, or
/// when the database holds something else.
SchemaState schema_state(Session& session, const std::vector<Migration>& migrations = embedded_migrations());

/// Applies what is missing, in one transaction. Throws FailureError.
void migrate(Session& session, const std::vector<Migration>& migrations = embedded_migrations());

}  // namespace anahtar::store
