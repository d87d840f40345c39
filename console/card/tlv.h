// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "crypto/bytes.h"

/// BER-TLV as cards use it: ISO 7816-4 §5.2.2; definite lengths, tags of up to three bytes. Everything is a view into the
/// bytes that were given; nothing is recursive, and nothing is read past the end.
namespace anahtar::card {

using crypto::Bytes;
using crypto::BytesView;

struct Tlv {
  std::uint32_t tag = 0;  ///< as its bytes read: 0x5C, 0x7F49, 0x5FC105
  BytesView value;
  BytesView whole;        ///< with tag and length

  /// Whether the value is itself made of TLVs.
  bool constructed() const;
};

/// Walks along one level. Stops at the end, and at the first that does not fit (`malformed`).
class TlvReader {
 public:
  explicit TlvReader(BytesView bytes) : rest_(bytes) {}
  std::optional<Tlv> next();
  bool malformed() const { return malformed_; }

 private:
  BytesView rest_;
  bool malformed_ = false;
};

/// The value of the first `tag` on this level.
std::optional<BytesView> find_tlv(BytesView bytes, std::uint32_t tag);
/// Goes down along the path: tags[0] on this level, tags[1] inside it …
std::optional<BytesView> find_tlv(BytesView bytes, std::initializer_list<std::uint32_t> path);
/// The value of the first `tag` at any depth, looking at no more than 8 levels and 512 elements.
std::optional<BytesView> find_tlv_anywhere(BytesView bytes, std::uint32_t tag);

/// Tag, length, value.
Bytes make_tlv(std::uint32_t tag, BytesView value);

}  // namespace anahtar::card
