// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/blind_index.h"

#include <algorithm>

#include "core/fold.h"
#include "crypto/base64.h"

namespace anahtar::store {
namespace {

using Kind = core::SubscriberQuery::Kind;

constexpr std::size_t token_bytes = 16;

std::vector<std::string> words_of(std::string_view names) {
  auto words = core::folded_words(names);
  std::ranges::sort(words);
  words.erase(std::ranges::unique(words).begin(), words.end());
  return words;
}

std::string value_of_kind(Kind kind, const core::Subscriber& subscriber) {
  switch (kind) {
    case Kind::national_id: return subscriber.national_id;
    case Kind::mobile: return subscriber.mobile;
    case Kind::email: return core::fold_loosely(subscriber.email);
    default: return std::to_string(subscriber.id);
  }
}

}  // namespace

std::string index_token(const crypto::Mac& mac, std::string_view kind, std::string_view normalised) {
  const crypto::Hash hash = mac(std::string(kind) + "|" + std::string(normalised));
  return crypto::base64_encode(crypto::BytesView(hash).first(token_bytes));
}

std::string index_kind(Kind kind) {
  switch (kind) {
    case Kind::national_id: return "national_id";
    case Kind::mobile: return "mobile";
    case Kind::email: return "email";
    case Kind::name: return "name";
    case Kind::id: break;
  }
  return "id";
}

std::vector<IndexToken> index_tokens(const crypto::Mac& mac, const core::Subscriber& subscriber) {
  std::vector<IndexToken> tokens;
  const auto add = [&](Kind kind, const std::string& value) {
    if (!value.empty()) tokens.push_back({index_kind(kind), index_token(mac, index_kind(kind), value)});
  };
  for (const Kind kind : {Kind::national_id, Kind::mobile, Kind::email}) add(kind, value_of_kind(kind, subscriber));
  for (const auto& word : words_of(subscriber.given_names + " " + subscriber.surname)) add(Kind::name, word);
  std::ranges::sort(tokens);
  return tokens;
}

std::vector<std::string> index_values(const core::SubscriberQuery& query) {
  if (query.kind == Kind::name) return words_of(query.value);
  if (query.value.empty()) return {};
  return {query.kind == Kind::email ? core::fold_loosely(query.value) : query.value};
}

bool matches(const core::SubscriberQuery& query, const core::Subscriber& subscriber) {
  if (query.kind == Kind::name)
    return std::ranges::includes(words_of(subscriber.given_names + " " + subscriber.surname), words_of(query.value));
  return index_values(query) == std::vector{value_of_kind(query.kind, subscriber)};
}

}  // namespace anahtar::store
