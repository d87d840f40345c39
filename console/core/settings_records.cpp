// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings_records.h"

#include "core/commit_unit.h"

namespace anahtar::core {
namespace {

std::string last_recorded(AuditLog& log, const std::string& device) {
  AuditFilter filter;
  filter.type = record_type::settings_loaded;
  filter.device = device;
  filter.limit = 1;
  for (const AuditRow& newest : log.list(filter))
    for (const auto& [name, value] : newest.fields)
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
