// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/rows.h"

#include <stdexcept>

namespace anahtar::store {

RowSpec::RowSpec(std::string table_name, std::string key_name, std::vector<Column> column_list)
    : table(std::move(table_name)), key(std::move(key_name)), columns(std::move(column_list)) {
  std::string names, parameters, assignments;
  for (const Column& column : columns) {
    names += column.name + ", ";
    parameters += ":" + column.name + ", ";
    assignments += column.name + " = :" + column.name + ", ";
  }
  insert = "insert into " + table + " (" + names + "version, " + key + ") values (" + parameters + ":version, :" + key + ")";
  update = "update " + table + " set " + assignments + "version = :version where " + key + " = :" + key;
  version = "select version from " + table + " where " + key + " = :" + key;
  select = "select " + names.insert(0, key + ", ");
  select.resize(select.size() - 2);
  select += " from " + table;
}

std::string RowSpec::select_list(const std::string& prefix) const {
  std::string list = prefix + "." + key;
  for (const Column& column : columns) list += ", " + prefix + "." + column.name;
  return list;
}

audit::Hash digest_of(const RowSpec& spec, const std::string& id, std::int64_t version, const Cells& values) {
  std::vector<std::pair<std::string_view, audit::ColumnValue>> columns;
  columns.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    audit::ColumnValue value;
    if (values[i] && spec.columns[i].kind == Kind::integer)
      value = to_integer(values[i]);
    else if (values[i])
      value = std::string_view(*values[i]);
    columns.emplace_back(spec.columns[i].name, value);
  }
  return audit::row_digest(spec.table, id, static_cast<std::uint64_t>(version), columns);
}

RowWriter& RowWriter::text(std::string_view value) {
  values_.push_back(value_of(value));
  return *this;
}

RowWriter& RowWriter::integer(std::int64_t value) {
  values_.push_back(value_of(value));
  return *this;
}

RowWriter& RowWriter::integer(const std::optional<std::int64_t>& value) {
  values_.push_back(value ? value_of(*value) : Value());
  return *this;
}

RowWriter& RowWriter::time(const std::optional<core::Time>& value) {
  values_.push_back(value ? value_of(value->time_since_epoch().count()) : Value());
  return *this;
}

RowWriter& RowWriter::sealed(std::string_view value) {
  const std::string& column = spec_.columns.at(values_.size()).name;
  values_.push_back(sealer_.seal(owner_, {spec_.table, id_, column}, value));
  return *this;
}

Cells RowWriter::take() {
  if (values_.size() != spec_.columns.size()) throw std::logic_error("columns missing for table " + spec_.table);
  return std::move(values_);
}

std::string RowReader::text() { return next().value_or(std::string()); }

std::optional<std::int64_t> RowReader::optional_integer() {
  const Value& value = next();
  if (!value) return std::nullopt;
  return to_integer(value);
}

std::optional<core::Time> RowReader::optional_time() {
  const auto value = optional_integer();
  if (!value) return std::nullopt;
  return core::Time(std::chrono::microseconds(*value));
}

std::string RowReader::sealed() {
  const std::string& column = spec_.columns.at(at_ - 1).name;
  const Value& value = next();
  return value ? sealer_.open(owner_, {spec_.table, *cells_.front(), column}, *value) : std::string();
}

}  // namespace anahtar::store
