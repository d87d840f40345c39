// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/security_word.h"

namespace anahtar::core {

Secret random_security_word(Vault& vault) {
  constexpr auto vowels = static_cast<std::uint32_t>(word_vowels.size());
  constexpr auto syllables = static_cast<std::uint32_t>(word_consonants.size()) * vowels;
  std::string word;
  word.reserve(2 * word_syllables);  // no copy of the word is left behind by growing
  for (int i = 0; i < word_syllables; ++i) {
    const std::uint32_t syllable = vault.random_below(syllables);
    word += word_consonants[syllable / vowels];
    word += word_vowels[syllable % vowels];
  }
  return Secret(std::move(word));
}

Secret message_with_security_word(const Secret& word) {
  constexpr std::string_view before = "Anahtar: yeni guvenlik sozcugunuz ";
  constexpr std::string_view after = " . Giris yapinca degistirin. Kimseye soylemeyin; siz istemediyseniz cagri merkezini arayin.";
  std::string body;
  body.reserve(before.size() + word.size() + after.size());
  body.append(before).append(word.expose()).append(after);
  return Secret(std::move(body));
}

std::string subject_with_security_word() { return "Anahtar: yeni güvenlik sözcüğünüz"; }

Secret mail_with_security_word(const Secret& word) {
  constexpr std::string_view before = "Merhaba,\n\nYeni güvenlik sözcüğünüz:\n\n    ";
  constexpr std::string_view after =
      "\n\nGiriş yapınca değiştirin, kimseye söylemeyin ve bu iletiyi silin. Siz istemediyseniz hemen çağrı merkezini "
      "arayın: 444 5 576\n";
  std::string body;
  body.reserve(before.size() + word.size() + after.size());
  body.append(before).append(word.expose()).append(after);
  return Secret(std::move(body));
}

Secret notice_of_security_word() {
  return Secret("Anahtar: guvenlik sozcugunuz yenilendi. Siz istemediyseniz hemen cagri merkezini arayin: 444 5 576");
}

}  // namespace anahtar::core
