// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <stdexcept>

namespace anahtar::core {
namespace {

using icu::UnicodeString;

template <class Transform>
UnicodeString transformed(Transform transform) {
  UErrorCode status = U_ZERO_ERROR;
  UnicodeString out = transform(status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU cannot normalise text");
  return out;
}

UnicodeString composed(const UnicodeString& text) {
  return transformed([&](UErrorCode& s) { return icu::Normalizer2::getNFCInstance(s)->normalize(text, s); });
}
UnicodeString decomposed(const UnicodeString& text) {
  return transformed([&](UErrorCode& s) { return icu::Normalizer2::getNFDInstance(s)->normalize(text, s); });
}

/// Composed before as well as after: "I" and a dot of its own are an İ, whose lower case is a plain i.
UnicodeString lowered(std::string_view text) {
  static const icu::Locale turkish("tr");
  UnicodeString wide = composed(UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())}));
  return composed(wide.toLower(turkish));
}

UnicodeString with_single_spaces(const UnicodeString& text) {
  UnicodeString out;
  bool space = false;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (u_isUWhiteSpace(c)) {
      space = !out.isEmpty();
      continue;
    }
    if (space) out += u' ';
    space = false;
    out += c;
  }
  return out;
}

UnicodeString without_marks(const UnicodeString& text) {
  const UnicodeString parts = decomposed(text);
  UnicodeString out;
  for (int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    const UChar32 c = parts.char32At(i);
    if (u_charType(c) == U_NON_SPACING_MARK) continue;
    out += c == U'ı' ? UChar32{'i'} : c;
  }
  return out;
}

std::string utf8(const UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace

std::string tidy(std::string_view text) {
  const auto wide = UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
  return utf8(with_single_spaces(composed(wide)));
}

std::string fold(std::string_view text) { return utf8(with_single_spaces(lowered(text))); }

std::string fold_loosely(std::string_view text) { return utf8(without_marks(with_single_spaces(lowered(text)))); }

std::vector<std::string> folded_words(std::string_view text) {
  const UnicodeString folded = without_marks(lowered(text));
  std::vector<std::string> words;
  UnicodeString word;
  for (int32_t i = 0; i <= folded.length(); i = i < folded.length() ? folded.moveIndex32(i, 1) : i + 1) {
    const bool inside = i < folded.length() && u_isalnum(folded.char32At(i));
    if (inside) {
      word += folded.char32At(i);
    } else if (!word.isEmpty()) {
      words.push_back(utf8(word));
      word.remove();
    }
  }
  return words;
}

}  // namespace anahtar::core
