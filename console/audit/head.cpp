// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/head.h"

#include <algorithm>
#include <charconv>

#include "crypto/base64.h"

namespace anahtar::audit {
namespace {

constexpr std::string_view signature_mark = "\xE2\x80\x94 ";  // an em dash and a space (C2SP signed-note)
constexpr std::size_t key_id_size = 4;

using KeyId = std::array<std::uint8_t, key_id_size>;

KeyId key_id(std::string_view name, const crypto::PublicKey& key) {
  const std::uint8_t separator[] = {'\n', static_cast<std::uint8_t>(key.algorithm)};
  const Hash hash = crypto::sha256(crypto::view_of(name), separator, key.bytes);
  KeyId id;
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

template <class T>
std::optional<T> canonical_number(std::string_view text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || std::to_string(value) != text) return std::nullopt;
  return value;
}

/// The line at the front, without its '\n'; nothing when no line ends here.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool good_site(std::string_view site) {
  return !site.empty() && site.size() <= 100 && std::ranges::all_of(site, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  });
}

struct SignatureLine {
  std::string_view name;
  crypto::Bytes bytes;  ///< key id, then the signature
};

std::optional<SignatureLine> parse_signature_line(std::string_view line) {
  if (!line.starts_with(signature_mark)) return std::nullopt;
  line.remove_prefix(signature_mark.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space == 0) return std::nullopt;
  auto bytes = crypto::base64_decode(line.substr(space + 1));
  if (!bytes || bytes->size() <= key_id_size) return std::nullopt;
  return SignatureLine{line.substr(0, space), std::move(*bytes)};
}

struct Note {
  TreeHead head;
  std::vector<SignatureLine> signatures;
};

Result<Note> read_note(std::string_view text) {
  const auto origin_line = take_line(text);
  const auto size_line = take_line(text);
  const auto root_line = take_line(text);
  const auto empty_line = take_line(text);
  if (!empty_line || !empty_line->empty()) return std::unexpected("the signed head does not have its four lines");
  auto origin = Origin::parse(*origin_line);
  if (!origin) return std::unexpected(origin.error());
  const auto size = canonical_number<std::uint64_t>(*size_line);
  const auto root = crypto::base64_decode(*root_line);
  if (!size || !root || root->size() != Hash{}.size())
    return std::unexpected("the signed head's size or root is wrong");

  Note note{.head = {.origin = std::move(*origin), .size = *size}, .signatures = {}};
  std::ranges::copy(*root, note.head.root.begin());
  while (!text.empty()) {
    const auto line = take_line(text);
    auto signature = line ? parse_signature_line(*line) : std::nullopt;
    if (!signature) return std::unexpected("a signature line of the signed head is malformed");
    note.signatures.push_back(std::move(*signature));
  }
  return note;
}

}  // namespace

std::string Origin::text() const { return site + "/" + to_text(device) + "/" + std::to_string(incarnation); }

Result<Origin> Origin::parse(std::string_view text) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == std::string_view::npos ? first : text.find('/', first + 1);
  if (second == std::string_view::npos) return std::unexpected("the origin is not site/device/incarnation");
  const auto device = parse_uuid(text.substr(first + 1, second - first - 1));
  const auto incarnation = canonical_number<std::uint32_t>(text.substr(second + 1));
  if (!good_site(text.substr(0, first)) || !device || !incarnation || *incarnation == 0)
    return std::unexpected("the origin is not site/device/incarnation");
  return Origin{std::string(text.substr(0, first)), *device, *incarnation};
}

std::string TreeHead::body() const {
  return origin.text() + "\n" + std::to_string(size) + "\n" + crypto::base64_encode(root) + "\n";
}

SignedHead sign(const TreeHead& head, const crypto::SigningKey& key) {
  const std::string body = head.body();
  const std::string name = head.origin.text();
  SignedHead signed_head{head, key.sign(crypto::view_of(body)), {}};
  const KeyId id = key_id(name, key.public_key());
  crypto::Bytes line(id.begin(), id.end());
  line.insert(line.end(), signed_head.signature.begin(), signed_head.signature.end());
  signed_head.note = body + "\n" + std::string(signature_mark) + name + " " + crypto::base64_encode(line) + "\n";
  return signed_head;
}

Result<SignedHead> parse_head(std::string_view note) {
  auto read = read_note(note);
  if (!read) return std::unexpected(read.error());
  const std::string name = read->head.origin.text();
  const auto own = std::ranges::find(read->signatures, name, &SignatureLine::name);
  if (own == read->signatures.end()) return std::unexpected("the head is not signed by its own device");
  return SignedHead{read->head, crypto::Bytes(own->bytes.begin() + key_id_size, own->bytes.end()), std::string(note)};
}

bool verify_head(const SignedHead& head, const crypto::PublicKey& key) {
  const auto read = read_note(head.note);
  if (!read || read->head != head.head) return false;
  const std::string name = head.head.origin.text();
  const std::string body = head.head.body();
  const KeyId id = key_id(name, key);
  return std::ranges::any_of(read->signatures, [&](const SignatureLine& line) {
    const crypto::BytesView bytes(line.bytes);
    return line.name == name && std::ranges::equal(bytes.first(key_id_size), id) &&
           key.verify(crypto::view_of(body), bytes.subspan(key_id_size));
  });
}

std::string verifier_key(const std::string& name, const crypto::PublicKey& key) {
  crypto::Bytes bytes{static_cast<std::uint8_t>(key.algorithm)};
  bytes.insert(bytes.end(), key.bytes.begin(), key.bytes.end());
  return name + "+" + crypto::hex_encode(key_id(name, key)) + "+" + crypto::base64_encode(bytes);
}

}  // namespace anahtar::audit
