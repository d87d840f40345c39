// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "crypto/digest.h"

namespace anahtar::audit {

using crypto::Hash;

/// A column's value as both engines know it: NULL, an integer, or text (bytes are base64 text). No floating point.
using ColumnValue = std::variant<std::monostate, std::int64_t, std::string_view>;

/// The state of one sensitive row after a change. SHA-256 of "anahtar row 1\n", then table, row id, version (u64),
/// count of columns (u32), and for each, in the given order: name, kind (u8: 0 NULL, 1 integer, 2 text), value
/// (integer: i64). Texts are preceded by their length (u32); integers are big-endian. The order of columns is part of
/// the schema.
Hash row_digest(std::string_view table, std::string_view row_id, std::uint64_t version,
                std::span<const std::pair<std::string_view, ColumnValue>> columns);

/// Stands for a row that a change removed: 32 zero bytes.
inline constexpr Hash removed_row{};

/// One line of the table of changes: the entry made (or removed) this version of this row.
struct RowChange {
  std::string table;
  std::string row;
  std::uint64_t version = 0;  ///< grows with every change of the row, whichever device makes it
  Hash digest{};
  friend bool operator==(const RowChange&, const RowChange&) = default;
};

/// What an entry's field `tag::changes_digest` holds. SHA-256 of "anahtar changes 1\n", the count (u32), and for each
/// change table, row id (as above), version (u64) and digest. Sorts by table, row id (bytewise), version itself, so the
/// order in which a database gives the rows does not matter.
Hash changes_digest(std::vector<RowChange> changes);

}  // namespace anahtar::audit
