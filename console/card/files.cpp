// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/files.h"

#include <algorithm>

#include "card/tlv.h"

namespace anahtar::card {
namespace {

constexpr std::size_t piece = 0xE7;  ///< fits every card's buffer, secure messaging included
constexpr std::size_t largest = 0x7FFF;  ///< what an offset in P1 P2 reaches

/// P1 of SELECT, ISO 7816-4 table 62.
enum How : std::uint8_t { by_identifier = 0x00, by_name = 0x04, by_path = 0x08, by_path_below = 0x09 };
constexpr std::uint8_t without_fci = 0x0C;

Response select(Channel& channel, How how, BytesView name, bool with_fci = true) {
  Bytes given(name.begin(), name.end());
  if (with_fci) return channel.send({0x00, 0xA4, how, 0x00, std::move(given), 256});
  return channel.send({0x00, 0xA4, how, without_fci, std::move(given)});
}

bool selected(const Response& response) { return response.ok() || (response.status.word & 0xFF00) == 0x6200; }

std::optional<Bytes> fci_of(Response response) {
  return selected(response) ? std::optional(std::move(response.data)) : std::nullopt;
}

/// Not that there is no such file, but that the card is not asked like this.
bool not_in_this_way(Status status) {
  return status.word == 0x6A86 || status.word == 0x6A81 || status.word == 0x6B00 || status.word == 0x6700;
}

/// One file identifier after the other; the answer to the last, or to the first that is not there.
Response select_each(Channel& channel, BytesView path, bool from_master, bool with_fci) {
  if (from_master)
    if (Response master = select(channel, by_identifier, Bytes{0x3F, 0x00}, with_fci); !selected(master)) return master;
  for (; path.size() > 2; path = path.subspan(2))
    if (Response folder = select(channel, by_identifier, path.first(2), with_fci); !selected(folder)) return folder;
  return select(channel, by_identifier, path, with_fci);
}

}  // namespace

std::optional<Bytes> select_application(Channel& channel, BytesView name) { return fci_of(select(channel, by_name, name)); }

std::vector<Bytes> listed_applications(Channel& channel) {
  const auto fci = fci_of(select(channel, by_path, Bytes{0x2F, 0x00}));
  const Bytes content = fci ? read_selected(channel, size_in(*fci)) : Bytes();
  std::vector<Bytes> names;
  TlvReader reader(content);
  while (const auto each = reader.next()) {
    const auto name = each->tag == 0x61 ? find_tlv(each->value, 0x4F) : each->tag == 0x4F ? std::optional(each->value) : std::nullopt;
    if (name && !name->empty()) names.emplace_back(name->begin(), name->end());
  }
  return names;
}

std::optional<Bytes> FileFinder::select(Channel& channel, const Bytes& path) {
  return path.empty() ? find(channel, Bytes{0x3F, 0x00}, false) : find(channel, path, true);
}
std::optional<Bytes> FileFinder::select_below(Channel& channel, const Bytes& path) { return find(channel, path, false); }

/// Until a first file was found, each way that the card does not take is followed by the next.
std::optional<Bytes> FileFinder::find(Channel& channel, const Bytes& path, bool from_master) {
  for (;;) {
    const How at_once = !from_master && path.size() == 2 ? by_identifier : from_master ? by_path : by_path_below;
    Response response = step_by_step_ ? select_each(channel, path, from_master, with_fci_)
                                      : card::select(channel, at_once, path, with_fci_);
    if (selected(response)) {
      sure_ = true;
      return std::move(response.data);
    }
    if (sure_ || !not_in_this_way(response.status)) return {};
    if (!with_fci_) step_by_step_ = !step_by_step_;
    with_fci_ = !with_fci_;
    if (with_fci_ && !step_by_step_) return {};  // back at the first way
  }
}

Bytes FileFinder::read(Channel& channel, const Bytes& path) {
  const auto fci = select(channel, path);
  return fci ? read_selected(channel, size_in(*fci)) : Bytes();
}

Bytes FileFinder::read_below(Channel& channel, const Bytes& path) {
  const auto fci = select_below(channel, path);
  return fci ? read_selected(channel, size_in(*fci)) : Bytes();
}

Bytes der_in(BytesView content) {
  const auto object = TlvReader(content).next();
  if (!object || object->tag != 0x30) return {};
  return {object->whole.begin(), object->whole.end()};
}

std::size_t size_in(BytesView fci) {
  const BytesView inside = find_tlv(fci, 0x6F).value_or(find_tlv(fci, 0x62).value_or(fci));
  for (const std::uint32_t tag : {0x80u, 0x81u})
    if (const auto size = find_tlv(inside, tag); size && size->size() == 2) return static_cast<std::size_t>((*size)[0] << 8 | (*size)[1]);
  return 0;
}

Bytes read_selected(Channel& channel, std::size_t size_told) {
  const std::size_t size = size_told == 0 ? largest : std::min(size_told, largest);
  Bytes content;
  while (content.size() < size) {
    const std::size_t at = content.size(), wanted = std::min(piece, size - at);
    const Command read{0x00, 0xB0, static_cast<std::uint8_t>(at >> 8), static_cast<std::uint8_t>(at), {}, wanted};
    const Response response = at == 0 ? channel.send(read) : channel.go_on(read);
    const bool ended = response.status.word == 0x6282;
    if ((!response.ok() && !ended) || response.data.empty()) break;
    content.insert(content.end(), response.data.begin(), response.data.end());
    if (ended || response.data.size() < wanted) break;
  }
  return content;
}

}  // namespace anahtar::card
