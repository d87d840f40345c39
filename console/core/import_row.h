// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/model.h"
#include "core/result.h"

namespace anahtar::core {

/// The columns that an import knows.
enum class ImportColumn {
  national_id, given_names, surname, mobile, email, birth_date, birth_place, mother_name, father_name,
  registry_province, registry_district, volume_number, family_number, order_number, document_serial,
  card_serial, portal_blocked
};
inline constexpr std::size_t import_columns = static_cast<std::size_t>(ImportColumn::portal_blocked) + 1;

/// Which column stands where in this file.
class ImportHeader {
 public:
  /// Code::invalid when a name is unknown or doubled, or a required one is missing.
  static Result<ImportHeader> read(const std::vector<std::string>& names);
  std::size_t width() const { return width_; }
  bool has(ImportColumn column) const { return where_[static_cast<std::size_t>(column)].has_value(); }
  /// The row's value; empty when the file has no such column.
  const std::string& value(const std::vector<std::string>& fields, ImportColumn column) const;

 private:
  std::array<std::optional<std::size_t>, import_columns> where_{};
  std::size_t width_ = 0;
};

/// A good row, normalised as it would be stored.
struct ImportRow {
  Subscriber subscriber;  ///< without id, pseudonym and time
  std::string card_serial;
  bool portal_blocked = false;
};

/// Checks and normalises a row; the reason never repeats the row's data.
Result<ImportRow> import_row(const ImportHeader& header, const std::vector<std::string>& fields);

/// What the stored subscriber becomes by the row: columns that the file has replace, others stay.
Subscriber merged(const ImportHeader& header, const Subscriber& stored, const ImportRow& row);

}  // namespace anahtar::core
