// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/changes.h"

#include <algorithm>
#include <tuple>

#include "audit/wire.h"

namespace anahtar::audit {
namespace {

enum class Kind : std::uint8_t { null = 0, integer = 1, text = 2 };

void put_value(crypto::Bytes& out, const ColumnValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    wire::put(out, static_cast<std::uint8_t>(Kind::integer));
    wire::put(out, *integer);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    wire::put(out, static_cast<std::uint8_t>(Kind::text));
    wire::put_text<std::uint32_t>(out, *text);
  } else {
    wire::put(out, static_cast<std::uint8_t>(Kind::null));
  }
}

}  // namespace

Hash row_digest(std::string_view table, std::string_view row_id, std::uint64_t version,
                std::span<const std::pair<std::string_view, ColumnValue>> columns) {
  thread_local crypto::Bytes out;
  out = crypto::bytes_of("anahtar row 1\n");
  wire::put_text<std::uint32_t>(out, table);
  wire::put_text<std::uint32_t>(out, row_id);
  wire::put(out, version);
  wire::put(out, static_cast<std::uint32_t>(columns.size()));
  for (const auto& [name, value] : columns) {
    wire::put_text<std::uint32_t>(out, name);
    put_value(out, value);
  }
  const Hash digest = crypto::sha256(out);
  explicit_bzero(out.data(), out.size());
  return digest;
}

Hash changes_digest(std::vector<RowChange> changes) {
  std::ranges::sort(changes, {}, [](const RowChange& c) { return std::tie(c.table, c.row, c.version, c.digest); });
  crypto::Bytes out = crypto::bytes_of("anahtar changes 1\n");
  wire::put(out, static_cast<std::uint32_t>(changes.size()));
  for (const RowChange& change : changes) {
    wire::put_text<std::uint32_t>(out, change.table);
    wire::put_text<std::uint32_t>(out, change.row);
    wire::put(out, change.version);
    wire::put_bytes(out, change.digest);
  }
  return crypto::sha256(out);
}

}  // namespace anahtar::audit
