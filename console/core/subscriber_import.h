// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "core/verification.h"

namespace anahtar::core {

struct BadRow {
  std::int64_t line = 0;  ///< of the file, 1-based, where the row begins
  Text reason;
};

struct ImportReport {
  std::int64_t rows = 0, added = 0, updated = 0, unchanged = 0;
  std::vector<BadRow> bad;  ///< at most `reported_bad`; bad_count counts all
  std::int64_t bad_count = 0;
  std::optional<Failure> broken_off;  ///< why the rest of the file was not read; what is counted above is in
};

/// Streams a CSV file (RFC 4180, UTF-8, with or without BOM; `,` or `;`; header names in any order) into the directory.
/// Columns: national_id (required), given_names, surname (required), mobile, email, birth_date, birth_place, mother_name,
/// father_name, registry_province, registry_district, volume_number, family_number, order_number, document_serial,
/// card_serial, portal_blocked. Good rows go in, bad ones are reported with line and reason; a second run changes nothing.
/// A column that is there decides, also when it is empty; one that is not there leaves the stored value alone. portal_blocked
/// counts for new subscribers only, so that a second run undoes no unblocking. The same national_id again in one file is
/// a bad row unless it says the same. Who gets another mobile number is cooling off, as after an update by an operator.
/// Administrators only. 500 rows a unit. [worker]
class SubscriberImport {
 public:
  static constexpr std::size_t reported_bad = 1000;

  /// `verification` says how long cooling-off lasts for those whose mobile the file changes, and voids what they had proved by it;
  /// null: neither.
  SubscriberImport(Reader& reader, Writer& writer, const Clock& clock, VerificationDesk* verification = nullptr);
  /// `progress` gets bytes read; return false from it to stop between two units: the report then says how far it came.
  /// Code::invalid when the header does not fit; nothing is imported then.
  Result<ImportReport> run(const Session& session, std::istream& csv, const std::string& file_name,
                           const std::function<bool(std::uint64_t)>& progress);

 private:
  Reader& reader_;
  Writer& writer_;
  const Clock& clock_;
  VerificationDesk* verification_;
};

}  // namespace anahtar::core
