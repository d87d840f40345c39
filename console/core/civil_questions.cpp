// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/civil_questions.h"

#include <algorithm>

#include "core/fold.h"
#include "core/typed_date.h"

namespace anahtar::core {
namespace {

using sdk::FieldKind;

bool same_text(const std::string& answer, const std::string& recorded) { return fold(answer) == fold(recorded); }

bool same_date(const std::string& answer, const std::string& recorded) {
  const auto a = iso_date_from(answer), b = iso_date_from(recorded);
  return a && b && *a == *b;
}

std::string bare_number(std::string text) {
  std::erase(text, ' ');
  text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
  return text;
}

bool same_number(const std::string& answer, const std::string& recorded) {
  return bare_number(answer) == bare_number(recorded);
}

/// Serials are ASCII: Turkish casing would take I and i for different letters.
std::string bare_serial(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '-'; });
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

bool same_serial(const std::string& answer, const std::string& recorded) {
  return bare_serial(answer) == bare_serial(recorded);
}

const std::vector<CivilQuestion>& all_questions() {
  static const std::vector<CivilQuestion> questions = {
      {{"birth_date", tr("Date of birth"), FieldKind::date}, &CivilRecord::birth_date, same_date},
      {{"birth_place", tr("Place of birth"), FieldKind::text}, &CivilRecord::birth_place, same_text},
      {{"mother_name", tr("Mother's name"), FieldKind::text}, &CivilRecord::mother_name, same_text},
      {{"father_name", tr("Father's name"), FieldKind::text}, &CivilRecord::father_name, same_text},
      {{"registry_province", tr("Province of registration"), FieldKind::text},
       &CivilRecord::registry_province,
       same_text},
      {{"registry_district", tr("District of registration"), FieldKind::text},
       &CivilRecord::registry_district,
       same_text},
      {{"volume_number", tr("Volume number"), FieldKind::digits}, &CivilRecord::volume_number, same_number},
      {{"family_number", tr("Family number"), FieldKind::digits}, &CivilRecord::family_number, same_number},
      {{"order_number", tr("Order number"), FieldKind::digits}, &CivilRecord::order_number, same_number},
      {{"document_serial", tr("Serial of the identity card"), FieldKind::text},
       &CivilRecord::document_serial,
       same_serial},
  };
  return questions;
}

}  // namespace

std::vector<const CivilQuestion*> civil_questions_of(const CivilRecord& record) {
  std::vector<const CivilQuestion*> known;
  for (const CivilQuestion& question : all_questions())
    if (!(record.*question.field).empty()) known.push_back(&question);
  return known;
}

}  // namespace anahtar::core
