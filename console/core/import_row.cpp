// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/import_row.h"

#include <algorithm>
#include <string_view>

#include "core/fold.h"
#include "core/national_id.h"
#include "core/phone.h"
#include "core/typed_date.h"
#include "core/utf8.h"

namespace anahtar::core {
namespace {

using Column = ImportColumn;

constexpr std::size_t longest_value = 100;

constexpr std::array<std::string_view, import_columns> names = {
    "national_id",       "given_names",   "surname",       "mobile",       "email",           "birth_date",
    "birth_place",       "mother_name",   "father_name",   "registry_province", "registry_district", "volume_number",
    "family_number",     "order_number",  "document_serial", "card_serial", "portal_blocked"};

std::string_view name_of(Column column) { return names[static_cast<std::size_t>(column)]; }

/// Where a column of text goes, one to one.
struct TextColumn {
  Column column;
  std::string CivilRecord::*member;
};
constexpr TextColumn civil_texts[] = {
    {Column::birth_place, &CivilRecord::birth_place},
    {Column::mother_name, &CivilRecord::mother_name},
    {Column::father_name, &CivilRecord::father_name},
    {Column::registry_province, &CivilRecord::registry_province},
    {Column::registry_district, &CivilRecord::registry_district},
    {Column::volume_number, &CivilRecord::volume_number},
    {Column::family_number, &CivilRecord::family_number},
    {Column::order_number, &CivilRecord::order_number},
    {Column::document_serial, &CivilRecord::document_serial},
};

[[noreturn]] void bad(Text reason) { throw FailureError({Code::invalid, std::move(reason)}); }

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string text_of(const ImportHeader& header, const std::vector<std::string>& fields, Column column) {
  const std::string& given = header.value(fields, column);
  if (given.empty()) return {};
  const auto characters = count_characters(given);
  if (!characters) bad(tr("{1} is not UTF-8 text. Save the file as CSV in UTF-8.", name_of(column)));
  if (*characters > longest_value) bad(tr("{1} is too long.", name_of(column)));
  if (has_control_characters(given)) bad(tr("{1} has a line break or another control character.", name_of(column)));
  return tidy(given);
}

std::string name_in(const ImportHeader& header, const std::vector<std::string>& fields, Column column) {
  std::string text = text_of(header, fields, column);
  if (folded_words(text).empty()) bad(tr("{1} is empty.", name_of(column)));
  return text;
}

std::string national_id_in(std::string text) {
  std::erase(text, ' ');
  if (text.empty()) bad(tr("{1} is empty.", name_of(Column::national_id)));
  if (!is_national_id(text)) bad(tr("The T.C. Kimlik No is wrong: 11 digits with the right check digits are needed."));
  return text;
}

std::string mobile_in(const std::string& text) {
  if (text.empty()) return {};
  const auto phone = normalised_phone(text);
  if (!phone) bad(tr("The mobile is no telephone number."));
  if (phone->starts_with("+90") && !is_turkish_mobile(*phone)) bad(tr("The mobile is a landline, which gets no SMS."));
  return *phone;
}

std::string email_in(std::string text) {
  if (text.empty()) return {};
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const auto at = text.find('@');
  const auto dot = text.rfind('.');
  const bool fits = at != std::string::npos && at > 0 && text.find('@', at + 1) == std::string::npos &&
                    dot != std::string::npos && dot > at + 1 && dot + 1 < text.size() && text.find(' ') == std::string::npos;
  if (!fits) bad(tr("The e-mail address is none."));
  return text;
}

std::string date_in(const std::string& text) {
  if (text.empty()) return {};
  const auto date = iso_date_from(text);
  if (!date) bad(tr("The date of birth is no date. Write it as 1980-12-31 or 31.12.1980."));
  return *date;
}

bool blocked_in(const std::string& text) {
  const std::string word = fold_loosely(text);
  const auto among = [&](std::initializer_list<std::string_view> words) { return std::ranges::find(words, word) != words.end(); };
  if (among({"", "0", "false", "no", "hayir"})) return false;
  if (among({"1", "true", "yes", "evet"})) return true;
  bad(tr("portal_blocked is neither yes nor no."));
}

std::string as_header_name(std::string name) {
  std::erase_if(name, [](char c) { return c == ' ' || c == '\t'; });
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name;
}

}  // namespace

Result<ImportHeader> ImportHeader::read(const std::vector<std::string>& given) {
  ImportHeader header;
  header.width_ = given.size();
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto found = std::ranges::find(names, as_header_name(given[i]));
    if (found == names.end())
      return failure(Code::invalid, tr("Column {1} of the file has a name that the import does not know. Known are: {2}.",
                                       std::to_string(i + 1), "national_id, given_names, surname, mobile, email, birth_date, "
                                       "birth_place, mother_name, father_name, registry_province, registry_district, "
                                       "volume_number, family_number, order_number, document_serial, card_serial, "
                                       "portal_blocked"));
    auto& where = header.where_[static_cast<std::size_t>(found - names.begin())];
    if (where) return failure(Code::invalid, tr("The column {1} stands in the file twice.", *found));
    where = i;
  }
  for (const Column required : {Column::national_id, Column::given_names, Column::surname})
    if (!header.has(required))
      return failure(Code::invalid, tr("The file has no column {1}. Its first line must name the columns.", name_of(required)));
  return header;
}

const std::string& ImportHeader::value(const std::vector<std::string>& fields, ImportColumn column) const {
  static const std::string none;
  const auto& where = where_[static_cast<std::size_t>(column)];
  return where ? fields[*where] : none;
}

Result<ImportRow> import_row(const ImportHeader& header, const std::vector<std::string>& fields) {
  return guarded([&]() -> Result<ImportRow> {
    if (fields.size() != header.width())
      bad(tr("The row has {1} columns, the first line {2}.", std::to_string(fields.size()), std::to_string(header.width())));
    const auto text = [&](Column column) { return text_of(header, fields, column); };
    ImportRow row;
    Subscriber& s = row.subscriber;
    s.national_id = national_id_in(text(Column::national_id));
    s.given_names = name_in(header, fields, Column::given_names);
    s.surname = name_in(header, fields, Column::surname);
    s.mobile = mobile_in(text(Column::mobile));
    s.email = email_in(text(Column::email));
    s.civil.birth_date = date_in(text(Column::birth_date));
    for (const auto& [column, member] : civil_texts) s.civil.*member = text(column);
    row.card_serial = text(Column::card_serial);
    row.portal_blocked = blocked_in(text(Column::portal_blocked));
    return row;
  });
}

Subscriber merged(const ImportHeader& header, const Subscriber& stored, const ImportRow& row) {
  const Subscriber& fresh = row.subscriber;
  Subscriber out = stored;
  out.national_id = fresh.national_id;
  out.given_names = fresh.given_names;
  out.surname = fresh.surname;
  if (header.has(Column::mobile)) out.mobile = fresh.mobile;
  if (header.has(Column::email)) out.email = fresh.email;
  if (header.has(Column::birth_date)) out.civil.birth_date = fresh.civil.birth_date;
  for (const auto& [column, member] : civil_texts)
    if (header.has(column)) out.civil.*member = fresh.civil.*member;
  return out;
}

}  // namespace anahtar::core
