// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <compare>
#include <string>
#include <vector>

#include "core/ports.h"
#include "crypto/kdf.h"

namespace anahtar::store {

/// One line of the blind index: which kind of value, and its keyed hash. 128 bits, base64.
struct IndexToken {
  std::string kind;
  std::string token;
  friend auto operator<=>(const IndexToken&, const IndexToken&) = default;
};

std::string index_token(const crypto::Mac& mac, std::string_view kind, std::string_view normalised);

/// Everything by which the subscriber can be found, sorted, none twice. One token per folded word of the names.
std::vector<IndexToken> index_tokens(const crypto::Mac& mac, const core::Subscriber& subscriber);

/// The name of the query's kind in the index, and the values that must all be found (the words of a name).
std::string index_kind(core::SubscriberQuery::Kind kind);
std::vector<std::string> index_values(const core::SubscriberQuery& query);

/// Whether the opened row really is what the query asked for.
bool matches(const core::SubscriberQuery& query, const core::Subscriber& subscriber);

}  // namespace anahtar::store
