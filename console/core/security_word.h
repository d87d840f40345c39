// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string_view>

#include "core/ports.h"

/// Private to core: new security words.
namespace anahtar::core {

/// Six syllables of a consonant and a vowel, e.g. "badekerutanu": it can be read out and typed on any keyboard. No letter
/// looks like another or like a digit (no l, o, i, q), none has a Turkish sibling with a mark that a listener might write
/// instead (no c, g, s, i, o), none is foreign to the Turkish alphabet (no q, w, x). 13 · 3 = 39 syllables, so
/// 6 · log2(39) = 31.7 bits: three wrong tries block the portal, and a stolen scrypt hash costs some 10 CPU years.
inline constexpr std::string_view word_consonants = "bdfhkmnprtvyz";
inline constexpr std::string_view word_vowels = "aeu";
inline constexpr int word_syllables = 6;

Secret random_security_word(Vault& vault);

/// What the holder reads. Always Turkish, in letters of the GSM 7-bit alphabet, one SMS.
Secret message_with_security_word(const Secret& word);
/// The same as a mail.
std::string subject_with_security_word();
Secret mail_with_security_word(const Secret& word);
/// That there is a new word, without it; one SMS.
Secret notice_of_security_word();

}  // namespace anahtar::core
