// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/row_ledger.h"

#include <algorithm>
#include <cstring>

namespace anahtar::audit::detail {

using sdk::tr;

std::size_t RowLedger::FingerprintHash::operator()(const Fingerprint& fingerprint) const {
  std::size_t value;
  std::memcpy(&value, fingerprint.data(), sizeof value);
  return value;
}

RowLedger::Fingerprint RowLedger::fingerprint(std::string_view table, std::string_view row) {
  constexpr std::uint8_t separator[] = {0};
  const Hash hash = crypto::sha256(crypto::view_of(table), separator, crypto::view_of(row));
  Fingerprint out;
  std::copy_n(hash.begin(), out.size(), out.begin());
  return out;
}

void RowLedger::add(const LogId& log, const LedgerChange& change, const Report& report) {
  const Position where{log.device, log.incarnation, change.seq};
  const RowChange& now = change.change;
  const auto [place, fresh] = latest_.try_emplace(fingerprint(now.table, now.row));
  Latest& latest = place->second;
  if (!fresh && now.version == latest.version && now.digest != latest.digest)
    report({Verdict::tampered, where, tr("Two entries claim the same version of a row of \"{1}\".", now.table)});
  if (fresh || now.version > latest.version) latest = {where, now.version, now.digest, false};
}

void RowLedger::compare(const CurrentRow& row, bool all_known, const Report& report) {
  const std::string table(row.table);
  const auto place = latest_.find(fingerprint(row.table, row.row));
  const auto version = static_cast<std::uint64_t>(row.version);
  if (place == latest_.end()) {
    if (all_known) report({Verdict::tampered, {}, tr("A row of \"{1}\" was written without an entry.", table)});
    return;
  }
  Latest& latest = place->second;
  latest.seen = true;
  if (version > latest.version && !all_known) return;
  if (latest.digest == removed_row && version <= latest.version)
    report({Verdict::tampered, latest.where, tr("A row of \"{1}\" that the entry removed is there again.", table)});
  else if (version != latest.version || row.digest != latest.digest)
    report({Verdict::tampered, latest.where, tr("A row of \"{1}\" was changed after the entry, without one.", table)});
}

void RowLedger::report_absent(const Report& report) const {
  for (const auto& [key, latest] : latest_)
    if (!latest.seen && latest.digest != removed_row)
      report({Verdict::tampered, latest.where, tr("A row that the entry wrote was removed without an entry.")});
}

}  // namespace anahtar::audit::detail
