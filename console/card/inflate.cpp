// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/inflate.h"

#include <zlib.h>

namespace anahtar::card {
namespace {

constexpr std::size_t largest = 64 * 1024;
constexpr int either_header = 15 + 32;

}  // namespace

std::optional<crypto::Bytes> inflate(crypto::BytesView packed) {
  z_stream stream{};
  if (inflateInit2(&stream, either_header) != Z_OK) return {};
  crypto::Bytes out(largest);
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = ::inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  if (code != Z_STREAM_END) return {};
  return out;
}

std::string certificate_kept_as(crypto::BytesView content) {
  constexpr std::size_t header = 4;
  if (content.empty()) return {};
  if (content[0] == 0x30) return std::string(crypto::text_of(content));
  const bool has_header = content.size() > header && content[0] == 0x01 && content[1] == 0x00;
  const auto der = inflate(has_header ? content.subspan(header) : content);
  return der ? std::string(crypto::text_of(*der)) : std::string();
}

}  // namespace anahtar::card
