// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings_records.h"

#include <algorithm>

#include "core/commit_unit.h"

namespace anahtar::core {
namespace {

constexpr int rows_looked_at = 100;  // other devices record theirs

std::string last_recorded(AuditLog& log, const std::string& device) {
  AuditFilter filter;
  filter.type = record_type::settings_loaded;
  filter.limit = rows_looked_at;
  const auto rows = log.list(filter);
  const auto newest = std::ranges::find(rows, device, &AuditRow::device);
  if (newest == rows.end()) return {};
  for (const auto& [name, value] : newest->fields)
    if (name == to_string(Tag::detail)) return value;
  return {};
}

}  // namespace

Result<> record_settings(AuditLog& log, Writer& writer, const std::string& settings) {
  return guarded([&]() -> Result<> {
    if (settings == last_recorded(log, writer.device())) return {};
    return commit_unit(writer, [&](Transaction& tx) -> Result<> {
      Record record{.type = record_type::settings_loaded, .actor = {}, .role = {}, .ticket = {}, .subject = {}};
      record.fields[Tag::detail] = settings;
      tx.record(std::move(record));
      return {};
    });
  });
}

}  // namespace anahtar::core
