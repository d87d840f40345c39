// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plugin_records.h"

#include <set>

namespace anahtar::core {
namespace {

Record record_of(const LoadedPlugin& plugin, const std::string& count) {
  Record record{.type = record_type::plugin_loaded, .actor = {}, .role = {}, .ticket = {}, .subject = {}};
  record.fields = {
      {Tag::plugin, plugin.id}, {Tag::version, plugin.version}, {Tag::digest, plugin.sha256}, {Tag::count, count}};
  return record;
}

Record record_of(const RefusedPlugin& plugin, const std::string& count) {
  Record record{.type = record_type::plugin_refused, .actor = {}, .role = {}, .ticket = {}, .subject = {}};
  record.fields = {{Tag::file, plugin.file},
                   {Tag::detail, sdk::fill(plugin.reason.id, plugin.reason.args)},
                   {Tag::count, count}};
  return record;
}

std::vector<Record> records_of(const PluginCatalogue& plugins) {
  const std::string count = std::to_string(plugins.loaded.size() + plugins.refused.size());
  std::vector<Record> records;
  for (const LoadedPlugin& plugin : plugins.loaded) records.push_back(record_of(plugin, count));
  for (const RefusedPlugin& plugin : plugins.refused) records.push_back(record_of(plugin, count));
  return records;
}

using Words = std::set<std::pair<std::string, std::string>>;

Words words_of(const Record& record) {
  Words words{{"type", record.type}};
  for (const auto& [tag, value] : record.fields) words.emplace(to_string(tag), value);
  return words;
}

Words words_of(const AuditRow& row) {
  Words words(row.fields.begin(), row.fields.end());
  words.emplace("type", row.type);
  return words;
}

std::multiset<Words> last_recorded(AuditLog& log, const std::string& device, std::size_t count) {
  AuditFilter filter;
  filter.type = "plugin.";
  filter.device = device;
  filter.limit = static_cast<int>(count);
  std::multiset<Words> words;
  for (const AuditRow& row : log.list(filter)) words.insert(words_of(row));
  return words;
}

}  // namespace

Result<> record_plugins(AuditLog& log, Writer& writer, const PluginCatalogue& plugins) {
  return guarded([&]() -> Result<> {
    const auto records = records_of(plugins);
    std::multiset<Words> now;
    for (const Record& record : records) now.insert(words_of(record));
    if (records.empty() || now == last_recorded(log, writer.device(), records.size())) return {};
    const auto written = writer.commit([&](Transaction& tx) -> Result<void> {
      for (const Record& record : records) tx.record(record);
      return {};
    });
    if (!written) return std::unexpected(written.error());
    return {};
  });
}

}  // namespace anahtar::core
