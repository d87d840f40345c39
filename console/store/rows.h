// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "audit/changes.h"
#include "core/clock.h"
#include "store/sealer.h"
#include "store/session.h"

namespace anahtar::store {

enum class Kind { integer, text, sealed };

struct Column {
  std::string name;
  Kind kind = Kind::text;
};

/// A sensitive table: its key, and its other columns in the order in which the audit log digests them. `version`
/// follows them in the table. The SQL is made once.
struct RowSpec {
  RowSpec(std::string table, std::string key, std::vector<Column> columns);

  std::string table, key;
  std::vector<Column> columns;
  std::string insert, update, version;  ///< statements; parameters in the order: columns…, version, key
  std::string select;                   ///< "select key, columns… from table"; add conditions
  /// "prefix.key, prefix.columns…"
  std::string select_list(const std::string& prefix) const;
  std::size_t width() const { return columns.size() + 1; }
};

/// audit::row_digest of a row's values.
audit::Hash digest_of(const RowSpec& spec, const std::string& id, std::int64_t version, const Cells& values);

/// Puts an entity's members into the columns, in their order. Sealed columns are sealed for `owner`.
class RowWriter {
 public:
  RowWriter(const RowSpec& spec, std::string id, std::string owner, Sealer& sealer)
      : spec_(spec), id_(std::move(id)), owner_(std::move(owner)), sealer_(sealer) {}

  RowWriter& text(std::string_view value);
  RowWriter& integer(std::int64_t value);
  RowWriter& integer(const std::optional<std::int64_t>& value);
  RowWriter& time(core::Time value) { return integer(value.time_since_epoch().count()); }
  RowWriter& time(const std::optional<core::Time>& value);
  RowWriter& owner() { return text(owner_); }
  RowWriter& sealed(std::string_view value);

  /// All columns; throws std::logic_error when there are too few.
  Cells take();

 private:
  const RowSpec& spec_;
  std::string id_, owner_;
  Sealer& sealer_;
  Cells values_;
};

/// Reads the key and then the columns, in their order, from `cells` (which may hold more behind them).
class RowReader {
 public:
  RowReader(const RowSpec& spec, const Cells& cells, Sealer& sealer) : spec_(spec), cells_(cells), sealer_(sealer) {}

  std::string text();
  std::int64_t integer() { return to_integer(next()); }
  int small() { return static_cast<int>(integer()); }
  bool boolean() { return integer() != 0; }
  std::optional<std::int64_t> optional_integer();
  core::Time time() { return core::Time(std::chrono::microseconds(integer())); }
  std::optional<core::Time> optional_time();
  /// A text column that names whose key seals the columns after it.
  std::string owner() { return owner_ = text(); }
  std::string sealed();

 private:
  const Value& next() { return cells_.at(at_++); }

  const RowSpec& spec_;
  const Cells& cells_;
  Sealer& sealer_;
  std::size_t at_ = 0;
  std::string owner_;
};

}  // namespace anahtar::store
