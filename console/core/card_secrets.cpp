// SPDX-License-Identifier: GPL-3.0-or-later
// The part of CardRoom that takes secrets of cards into the vault.
#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/card_facts.h"
#include "core/card_room.h"
#include "core/commit_unit.h"
#include "core/csv_reader.h"
#include "core/digits.h"
#include "core/permission.h"

namespace anahtar::core {
namespace {

enum Column { national_id, card_serial, family, kind, value, key_version, kcv, column_count };
constexpr std::array<std::string_view, column_count> names = {"national_id", "card_serial", "family", "kind",
                                                              "value",       "key_version", "kcv"};
constexpr std::array required = {national_id, card_serial, kind, value};

/// Where each column of the header stands; -1: it is not there. A file without its header begins with a secret, so no
/// cell of the first line is ever quoted.
Result<std::array<int, column_count>> columns_of(const CsvRow& header) {
  std::array<int, column_count> at;
  at.fill(-1);
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const auto found = std::ranges::find(names, header.fields[i]);
    if (found == names.end())
      return failure(Code::invalid, tr("The first line must name the columns, and its cell {1} names none. They are: {2}.",
                                       std::to_string(i + 1), fmt::format("{}", fmt::join(names, ", "))));
    int& place = at[static_cast<std::size_t>(found - names.begin())];
    if (place >= 0) return failure(Code::invalid, tr("The column {1} is there twice.", std::string(*found)));
    place = static_cast<int>(i);
  }
  for (const Column column : required)
    if (at[column] < 0) return failure(Code::invalid, tr("The column {1} is missing.", std::string(names[column])));
  return at;
}

/// The cells of one row; what was secret among them is wiped with it.
class Cells {
 public:
  Cells(CsvRow& row, const std::array<int, column_count>& at) : row_(row), at_(at) {}
  ~Cells() {
    for (std::string& cell : row_.fields) Secret::wipe(cell);
  }
  std::string operator[](Column column) const {
    const int at = at_[column];
    return at < 0 || static_cast<std::size_t>(at) >= row_.fields.size() ? std::string() : row_.fields[static_cast<std::size_t>(at)];
  }

 private:
  CsvRow& row_;
  const std::array<int, column_count>& at_;
};

constexpr std::size_t longest_serial = 64;

bool is_graphic(char c) { return c > ' ' && c < 0x7F; }

bool is_puk(std::string_view text) { return text.size() >= 4 && text.size() <= 32 && std::ranges::all_of(text, is_graphic); }

/// What a spreadsheet makes of a long number (1.23E+15) or leaves of a formula: not what stood on the holder's letter.
bool is_spreadsheets_work(std::string_view text) {
  const auto e = text.find("E+");
  return text.starts_with('=') || (e != std::string_view::npos && e > 0 && e + 2 < text.size() && is_digit(text[0]) &&
                                   all_digits(text.substr(e + 2)));
}

/// A second import of the same file changes nothing, but that a key which its card refused may be tried once more.
bool is_known(const std::vector<CardSecret>& known, const CardSecret& fresh) {
  const CardSecret* newest = secret_of(known, fresh.card_serial, fresh.kind == "puk");
  return newest && newest->kind == fresh.kind && !(is_key(*newest) && was_refused(*newest)) && newest->key_version == fresh.key_version &&
         newest->value.expose() == fresh.value.expose();
}

/// It is the one of before: the card has another one since, which must not be covered by it.
bool was_replaced(const std::vector<CardSecret>& known, const CardSecret& fresh) {
  return fresh.kind == "puk" && std::ranges::any_of(known, [&](const CardSecret& each) {
    return each.kind == "puk" && same_serial(each.card_serial, fresh.card_serial) && each.value.expose() == fresh.value.expose();
  });
}

/// The secret that the row describes, but for its owner.
Result<CardSecret> secret_from(const Cells& cells, const std::vector<CardFamily>& families, CardKeys* keys, Time now) {
  CardSecret secret;
  secret.card_serial = cells[card_serial];
  secret.family = cells[family];
  secret.kind = cells[kind];
  secret.added = now;
  secret.value = Secret(cells[value]);
  if (secret.card_serial.empty()) return failure(Code::invalid, tr("The card's serial number is missing."));
  if (secret.card_serial.size() > longest_serial || !std::ranges::all_of(secret.card_serial, is_graphic))
    return failure(Code::invalid, tr("The card's serial number has letters or a length that no card's has."));
  const auto of_family = std::ranges::find(families, secret.family, &CardFamily::id);
  const bool needs_family = secret.kind == "derived_key";  // it is part of what the key is derived from
  if ((needs_family || !secret.family.empty()) && of_family == families.end())
    return failure(Code::invalid, tr("The card's family must be one of these: {1}.",
                                     fmt::format("{}", fmt::join(families | std::views::transform(&CardFamily::id), ", "))));
  const std::string version = cells[key_version];
  if (!version.empty()) {
    const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), secret.key_version);
    if (error != std::errc{} || end != version.data() + version.size() || secret.key_version < 0)
      return failure(Code::invalid, tr("The key version is no number."));
  }
  if (secret.kind == "puk") {
    const int longest = of_family == families.end() ? 0 : of_family->longest_puk;
    if (of_family != families.end() && longest == 0)
      return failure(Code::invalid, tr("A card of this family has no PUK, and the code that it has instead is not kept here: the holder types it."));
    if (!is_puk(secret.value.expose()))
      return failure(Code::invalid, tr("A PUK has 4 to 32 characters: digits, letters and signs without accents or spaces."));
    if (longest > 0 && secret.value.size() > static_cast<std::size_t>(longest))
      return failure(Code::invalid, tr("A PUK of this card family has at most {1} characters.", std::to_string(longest)));
    if (is_spreadsheets_work(secret.value.expose()))
      return failure(Code::invalid, tr("A spreadsheet changed this PUK. Export the column as text."));
    return secret;
  }
  if (secret.kind != "admin_key" && secret.kind != "derived_key")
    return failure(Code::invalid, tr("The kind must be puk, admin_key or derived_key."));
  if ((secret.kind == "derived_key") != secret.value.empty())
    return failure(Code::invalid, tr("A derived key has no value, and an administration key has one."));
  if (!keys) return failure(Code::unavailable, tr("No keys of cards are held here."));
  const auto check = keys->check_values({secret.family, secret.card_serial, secret.key_version, secret.value});
  if (!check) return std::unexpected(check.error());
  std::string given = cells[kcv];
  std::ranges::transform(given, given.begin(), hex_capital);
  if (!given.empty() && std::ranges::find(*check, given) == check->end())
    return failure(Code::invalid, tr("The key check value is another one: the key was mistyped, or is another version."));
  secret.kcv = given.empty() ? check->front() : given;
  return secret;
}

}  // namespace

Result<ImportReport> CardRoom::import_secrets(const Session& session, std::istream& csv, const std::string& file_name) {
  return guarded([&]() -> Result<ImportReport> {
    const auto may = permitted(reader_, writer_, session, {Role::administrator}, "cards.import");
    if (!may) return std::unexpected(may.error());
    CsvReader rows(csv);
    auto header = rows.next();
    if (!header) return failure(Code::invalid, tr("The file is empty."));
    const auto at = columns_of(*header);
    if (!at) return std::unexpected(at.error());

    const auto families = desk_.families();
    const auto site_keys_then = reader_.card_site_keys().size();
    ImportReport report;
    while (auto row = rows.next()) {
      ++report.rows;
      const auto bad = [&](Text reason) {
        ++report.bad_count;
        if (report.bad.size() < SubscriberImport::reported_bad) report.bad.push_back({row->line, std::move(reason)});
      };
      if (!row->problem.empty()) {
        bad(row->problem);
        continue;
      }
      const Cells cells(*row, *at);
      if (row->fields.size() > header->fields.size()) {
        bad(tr("The row has more cells than the first line names columns."));
        continue;
      }
      auto secret = secret_from(cells, families, keys_, clock_.now());
      if (!secret) {
        bad(secret.error().sentence);
        continue;
      }
      const auto holders = reader_.subscribers({SubscriberQuery::Kind::national_id, cells[national_id]}, 1);
      if (holders.empty()) {
        bad(tr("No subscriber has this number."));
        continue;
      }
      secret->subscriber = holders.front().id;
      const auto known = reader_.card_secrets(secret->subscriber);
      if (is_known(known, *secret)) {
        ++report.unchanged;
        continue;
      }
      if (was_replaced(known, *secret)) {
        bad(tr("The card has another PUK since this one, and it is held here. The row was left out."));
        continue;
      }
      // Whether the card takes it now nobody knows: it is asked about before it is sent again.
      if (const CardSecret* const before = secret_of(known, secret->card_serial, false);
          is_key(*secret) && before && was_refused(*before) && before->value.expose() == secret->value.expose())
        secret->answers = std::max(1, before->answers);
      const auto saved = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
        check_session(tx, session);
        // Site keys only ever come. With another one, the check value above may be that of another key.
        if (secret->kind == "derived_key" && tx.card_site_keys().size() != site_keys_then)
          return failure(Code::conflict, tr("A site key was imported at this moment. Import the file once more."));
        Record record = record_of(session, record_type::card_secret_added);
        record.subject = holders.front().pseudonym;
        record.fields[Tag::kind] = secret->kind;
        record.fields[Tag::card_family] = secret->family;
        record.fields[Tag::card_serial] = secret->card_serial;
        record.fields[Tag::key_version] = std::to_string(secret->key_version);
        if (!secret->kcv.empty()) record.fields[Tag::kcv] = secret->kcv;
        record.fields[Tag::file] = file_name;
        tx.record(std::move(record));
        secret->id = 0;
        tx.save(*secret);
        return {};
      });
      if (!saved && saved.error().code == Code::conflict) {
        bad(saved.error().sentence);
        continue;
      }
      if (!saved) {
        report.broken_off = saved.error();
        break;
      }
      ++report.added;
    }
    return report;
  });
}

}  // namespace anahtar::core
