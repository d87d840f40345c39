// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace anahtar::core {

/// Lower case as Turkish has it (I→ı, İ→i), composed (NFC), runs of white space made one space, trimmed. For comparing,
/// never for showing. "IŞIK İnci" → "ışık inci".
std::string fold(std::string_view text);
/// As `fold`, and letters that people type without their marks made equal (ı→i, ş→s, ğ→g, ü→u, ö→o, ç→c, â→a), so that
/// a caller's "Isik" finds "Işık".
std::string fold_loosely(std::string_view text);
/// As it is stored: composed (NFC), runs of white space made one space, trimmed; the case stays.
std::string tidy(std::string_view text);
/// The words of `fold_loosely(text)`; apostrophes and hyphens separate.
std::vector<std::string> folded_words(std::string_view text);

}  // namespace anahtar::core
