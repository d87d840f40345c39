// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/uuid.h"
#include "crypto/bytes.h"
#include "crypto/digest.h"

namespace anahtar::audit {

using crypto::Bytes;
using crypto::BytesView;
using crypto::Hash;
using crypto::Result;

/// One entry of a device log. The hashed and signed thing is its encoding, byte for byte; nothing is ever rebuilt from
/// columns. All integers are big-endian, without padding:
///
///     size  what
///        4  magic 41 4E 41 45 ("ANAE")
///        2  format version, 1
///       16  device (UUID)
///        4  incarnation, from 1
///        8  seq, from 0, gapless within (device, incarnation)
///        8  time, µs since 1970-01-01T00:00:00Z, two's complement
///      2+n  type       length, then UTF-8 without control characters; at most
///      2+n  actor      1024 bytes each; type is never empty, the others may be
///      2+n  role
///      2+n  ticket
///      2+n  subject
///       32  leaf hash of the entry before it (32 zero bytes at seq 0)
///        2  count of fields
///           each field: 2 tag, 4 length, n bytes; tags strictly ascending
///
/// and nothing after the last field. The whole is at most 16 MiB. The leaf hash is SHA-256(00 ‖ encoding), RFC 6962
/// §2.1. Tags 0001–00FF belong to the log itself (below), 0100–7FFF hold plain values, 8000–FFFF hold sealed values:
/// nonce (12) ‖ AES-256-GCM ciphertext ‖ tag (16), of which the log knows no more than the bytes.
inline constexpr std::uint16_t entry_format_version = 1;
inline constexpr std::size_t entry_max_size = 16u << 20;
inline constexpr std::size_t entry_max_text = 1024;
inline constexpr std::uint32_t first_incarnation = 1;

namespace tag {
/// Signature of the head that was signed last before this entry, so that no earlier signature can change unseen. The
/// first entry of every commit carries it, except seq 0. Raw bytes, 64 for Ed25519.
inline constexpr std::uint16_t previous_head_signature = 0x0001;
/// changes_digest() of the row changes that this entry made (32 bytes). Absent when there were none.
inline constexpr std::uint16_t changes_digest = 0x0002;
/// The signed head (a note, see head.h) that the device acknowledges as the last of the incarnation before this one; in
/// the entry at seq 0 of every incarnation after the first.
inline constexpr std::uint16_t acknowledged_head = 0x0003;
/// How far the clock went, µs, i64 big-endian; negative is backwards. Entries are ordered by seq, never by time.
inline constexpr std::uint16_t clock_step = 0x0004;
/// In the entry at seq 0: this incarnation was opened because somebody declared that a copy was restored; the value is
/// the reason given, UTF-8. Entries that the restore lost are then named, not alarmed about.
inline constexpr std::uint16_t declared_restore = 0x0005;

/// In the entry at seq 0: the key of this incarnation, crypto::PublicKey::text().
inline constexpr std::uint16_t public_key = 0x0006;

inline constexpr std::uint16_t first_plain = 0x0100;
inline constexpr std::uint16_t first_sealed = 0x8000;
}  // namespace tag

/// The type of the entry at seq 0.
inline constexpr std::string_view genesis_type = "log.opened";

struct Field {
  std::uint16_t tag = 0;
  Bytes bytes;
  friend bool operator==(const Field&, const Field&) = default;
};

struct Entry {
  Uuid device{};
  std::uint32_t incarnation = first_incarnation;
  std::uint64_t seq = 0;
  std::int64_t time = 0;  ///< µs since the epoch, UTC
  std::string type;       ///< "action.started"
  std::string actor;      ///< the operator's id
  std::string role;
  std::string ticket;   ///< the ticket's random opaque id, not its number
  std::string subject;  ///< the subscriber's random pseudonym
  Hash previous{};
  std::vector<Field> fields;  ///< ascending tags, none twice

  const Field* field(std::uint16_t tag) const;
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// Throws std::invalid_argument when the entry breaks a rule of the format: that is a mistake of the program.
Bytes encode(const Entry& entry);

/// Accepts what encode() gives and nothing else.
Result<Entry> decode(BytesView bytes);

/// An entry read in place: views into the bytes, which must outlive it.
struct EntryView {
  Uuid device{};
  std::uint32_t incarnation = 0;
  std::uint64_t seq = 0;
  std::int64_t time = 0;
  std::string_view type, actor, role, ticket, subject;
  BytesView previous;  ///< 32 bytes
  BytesView fields;    ///< the encoded fields, already checked
  std::uint16_t field_count = 0;

  /// The value of the field; nothing when the entry does not have it.
  std::optional<BytesView> field(std::uint16_t tag) const;
};

enum class ParseError { none, not_an_entry, unknown_version, malformed };

/// As strict as decode(), without allocating. [any]
ParseError parse(BytesView bytes, EntryView& view);
const char* describe(ParseError error);

}  // namespace anahtar::audit
