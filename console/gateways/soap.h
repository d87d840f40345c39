// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/model.h"
#include "core/result.h"

/// The civil registry's KPSPublicV2, operation KisiVeCuzdanDogrula, as SOAP 1.1 over HTTP.
namespace anahtar::gateways {

inline constexpr char nvi_soap_action[] = "\"http://tckimlik.nvi.gov.tr/WS/KisiVeCuzdanDogrula\"";

/// The request's XML. Names in Turkish capitals (i→İ, ı→I) as the registry writes them; without a surname SoyadYok;
/// without day or month of birth ("1950", "1950-06") DogumGunYok, DogumAyYok; the document either the identity card's
/// serial (A12B34567 → TCKKSeriNo) or the old wallet's series and number (A01123456 → CuzdanSeri, CuzdanNo).
/// Code::invalid when the record lacks what must be asked.
core::Result<std::string> nvi_request(const core::Subscriber& subscriber);

/// What an answer's XML says.
enum class NviAnswer { yes, no, fault, unreadable };
/// Strict: one envelope (SOAP 1.1 or 1.2), one body, one KisiVeCuzdanDogrulaResult in the registry's namespace that
/// holds a boolean. A document type, anything beside or instead of that is unreadable.
NviAnswer nvi_answer(std::string_view xml);

}  // namespace anahtar::gateways
