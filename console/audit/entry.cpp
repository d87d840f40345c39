// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "audit/wire.h"
#include "crypto/aead.h"

namespace anahtar::audit {
namespace {

constexpr std::array<std::uint8_t, 4> magic = {0x41, 0x4E, 0x41, 0x45};
constexpr std::size_t version_end = magic.size() + 2;

bool continues(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

// The length of the UTF-8 sequence that begins here (RFC 3629, Table 3-7 of Unicode), 0 when it is none.
std::size_t sequence(BytesView s) {
  const std::uint8_t a = s[0];
  const auto at = [&](std::size_t i) { return i < s.size() ? s[i] : std::uint8_t{0}; };
  if (a >= 0xC2 && a <= 0xDF) return continues(at(1)) && !(a == 0xC2 && at(1) < 0xA0) ? 2 : 0;
  if (a >= 0xE0 && a <= 0xEF) {
    const bool second = continues(at(1)) && !(a == 0xE0 && at(1) < 0xA0) && !(a == 0xED && at(1) > 0x9F);
    return second && continues(at(2)) ? 3 : 0;
  }
  if (a >= 0xF0 && a <= 0xF4) {
    const bool second = continues(at(1)) && !(a == 0xF0 && at(1) < 0x90) && !(a == 0xF4 && at(1) > 0x8F);
    return second && continues(at(2)) && continues(at(3)) ? 4 : 0;
  }
  return 0;
}

// Eight characters at a time: whether all of them are printable ASCII. Texts nearly always are.
bool eight_printable(const std::uint8_t* text) {
  constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
  std::uint64_t x;
  std::memcpy(&x, text, sizeof x);
  const std::uint64_t control = (x - 0x20 * ones) & ~x;
  const std::uint64_t del = x ^ 0x7F * ones;
  return ((x | control | ((del - ones) & ~del)) & tops) == 0;
}

bool clean_text(BytesView text) {
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= 8 && eight_printable(text.data() + i)) {
      i += 8;
      continue;
    }
    if (text[i] >= 0x20 && text[i] < 0x7F) {
      ++i;
      continue;
    }
    const std::size_t length = text[i] < 0x80 ? 0 : sequence(text.subspan(i));
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string_view take_text(wire::Reader& reader, bool& clean) {
  const BytesView text = reader.take_bytes(reader.take<std::uint16_t>());
  clean = clean && text.size() <= entry_max_text && clean_text(text);
  return crypto::text_of(text);
}

bool good_field(std::uint16_t tag, std::size_t size) {
  return tag != 0 && (tag < tag::first_sealed || size >= crypto::seal_overhead);
}

// Also finds where the fields end: everything after them is refused.
bool good_fields(BytesView fields, std::uint16_t count) {
  wire::Reader reader(fields);
  std::uint16_t last = 0;
  for (std::uint16_t i = 0; i < count; ++i) {
    const auto tag = reader.take<std::uint16_t>();
    const BytesView value = reader.take_bytes(reader.take<std::uint32_t>());
    if (!reader.good() || tag <= last || !good_field(tag, value.size())) return false;
    last = tag;
  }
  return reader.rest().empty();
}

void put_checked_text(Bytes& out, std::string_view text, const char* name) {
  if (text.size() > entry_max_text || !clean_text(crypto::view_of(text)))
    throw std::invalid_argument(std::string("an audit entry cannot hold this ") + name);
  wire::put_text<std::uint16_t>(out, text);
}

void put_fields(Bytes& out, const std::vector<Field>& fields) {
  wire::put(out, static_cast<std::uint16_t>(fields.size()));
  std::uint16_t last = 0;
  for (const Field& field : fields) {
    if (field.tag <= last || !good_field(field.tag, field.bytes.size()))
      throw std::invalid_argument("the fields of an audit entry are out of order, repeated or not sealed");
    last = field.tag;
    wire::put(out, field.tag);
    wire::put(out, static_cast<std::uint32_t>(field.bytes.size()));
    wire::put_bytes(out, field.bytes);
  }
}

Entry copy_of(const EntryView& view) {
  Entry entry;
  entry.device = view.device;
  entry.incarnation = view.incarnation;
  entry.seq = view.seq;
  entry.time = view.time;
  entry.type = view.type;
  entry.actor = view.actor;
  entry.role = view.role;
  entry.ticket = view.ticket;
  entry.subject = view.subject;
  std::ranges::copy(view.previous, entry.previous.begin());
  wire::Reader reader(view.fields);
  for (std::uint16_t i = 0; i < view.field_count; ++i) {
    const auto tag = reader.take<std::uint16_t>();
    const BytesView value = reader.take_bytes(reader.take<std::uint32_t>());
    entry.fields.push_back({tag, Bytes(value.begin(), value.end())});
  }
  return entry;
}

}  // namespace

const Field* Entry::field(std::uint16_t tag) const {
  const auto found = std::ranges::find(fields, tag, &Field::tag);
  return found == fields.end() ? nullptr : &*found;
}

Bytes encode(const Entry& entry) {
  if (entry.type.empty() || entry.incarnation < first_incarnation)
    throw std::invalid_argument("an audit entry needs a type and an incarnation");
  if (entry.fields.size() > 0xFFFF) throw std::invalid_argument("an audit entry has too many fields");
  Bytes out;
  out.reserve(320);
  wire::put_bytes(out, magic);
  wire::put(out, entry_format_version);
  wire::put_bytes(out, entry.device);
  wire::put(out, entry.incarnation);
  wire::put(out, entry.seq);
  wire::put(out, entry.time);
  put_checked_text(out, entry.type, "type");
  put_checked_text(out, entry.actor, "actor");
  put_checked_text(out, entry.role, "role");
  put_checked_text(out, entry.ticket, "ticket");
  put_checked_text(out, entry.subject, "subject");
  wire::put_bytes(out, entry.previous);
  put_fields(out, entry.fields);
  if (out.size() > entry_max_size) throw std::invalid_argument("an audit entry is too long");
  return out;
}

ParseError parse(BytesView bytes, EntryView& view) {
  if (bytes.size() < version_end || !std::ranges::equal(bytes.first(magic.size()), magic))
    return ParseError::not_an_entry;
  wire::Reader reader(bytes.subspan(magic.size()));
  if (reader.take<std::uint16_t>() != entry_format_version) return ParseError::unknown_version;
  std::ranges::copy(reader.take_bytes(view.device.size()), view.device.begin());
  view.incarnation = reader.take<std::uint32_t>();
  view.seq = reader.take<std::uint64_t>();
  view.time = reader.take<std::int64_t>();
  bool clean = true;
  view.type = take_text(reader, clean);
  view.actor = take_text(reader, clean);
  view.role = take_text(reader, clean);
  view.ticket = take_text(reader, clean);
  view.subject = take_text(reader, clean);
  view.previous = reader.take_bytes(Hash{}.size());
  view.field_count = reader.take<std::uint16_t>();
  view.fields = reader.rest();
  const bool good = reader.good() && clean && !view.type.empty() && view.incarnation >= first_incarnation &&
                    bytes.size() <= entry_max_size && good_fields(view.fields, view.field_count);
  return good ? ParseError::none : ParseError::malformed;
}

const char* describe(ParseError error) {
  switch (error) {
    case ParseError::none:
      return "the entry is well formed";
    case ParseError::not_an_entry:
      return "the bytes are not an audit entry";
    case ParseError::unknown_version:
      return "the entry has a format that this program does not know";
    case ParseError::malformed:
      break;
  }
  return "the entry is malformed";
}

Result<Entry> decode(BytesView bytes) {
  EntryView view;
  const ParseError error = parse(bytes, view);
  if (error != ParseError::none) return std::unexpected(describe(error));
  return copy_of(view);
}

std::optional<BytesView> EntryView::field(std::uint16_t tag) const {
  wire::Reader reader(fields);
  for (std::uint16_t i = 0; i < field_count; ++i) {
    const auto found = reader.take<std::uint16_t>();
    const BytesView value = reader.take_bytes(reader.take<std::uint32_t>());
    if (found == tag) return value;
    if (found > tag) break;
  }
  return std::nullopt;
}

}  // namespace anahtar::audit
