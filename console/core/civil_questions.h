// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

#include <anahtar/sdk/desk.h>

#include "core/model.h"

/// Private to core: what can be asked about a civil-registry record and how an answer is compared.
namespace anahtar::core {

/// The method of the policy that asks them.
inline constexpr char civil_method[] = "civil_registry";

/// With fewer there is nothing to draw from, and one known date would pass for an identity.
inline constexpr std::size_t fewest_civil_questions = 3;

struct CivilQuestion {
  sdk::RegistryQuestion question;
  std::string CivilRecord::*field;
  bool (*same)(const std::string& answer, const std::string& recorded);
};

/// The questions whose answers the record holds.
std::vector<const CivilQuestion*> civil_questions_of(const CivilRecord& record);

}  // namespace anahtar::core
