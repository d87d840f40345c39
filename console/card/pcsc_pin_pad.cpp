// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/pcsc_pin_pad.h"

namespace anahtar::card::pcsc {
namespace {

constexpr std::uint8_t verify_feature = 0x06, modify_feature = 0x07;
constexpr std::uint8_t seconds = 60;            ///< for the first key, and for each one after it
constexpr std::uint8_t text_in_bytes = 0x82;    ///< bmFormatString: ASCII, on the left, positions in bytes
constexpr std::uint8_t until_confirmed = 0x02;  ///< bEntryValidationCondition: the confirmation key ends it
constexpr std::uint8_t typed_twice = 0x01;      ///< bConfirmPIN; the PIN that counts now is not asked for
constexpr std::uint16_t english = 0x0409;
constexpr std::uint8_t ask_pin = 0x00, ask_new = 0x01, ask_again = 0x02;  ///< message indices

void put(Bytes& out, std::uint32_t number, int size) {  // in the host's order, which drivers expect
  for (int byte = 0; byte < size; ++byte) out.push_back(static_cast<std::uint8_t>(number >> (8 * byte)));
}

}  // namespace

PinPadFeatures PinPadFeatures::parse(BytesView answer) {
  PinPadFeatures found;
  for (; answer.size() >= 6 && answer[1] == 4; answer = answer.subspan(6)) {
    std::uint32_t code = 0;
    for (const std::uint8_t byte : answer.subspan(2, 4)) code = code << 8 | byte;
    if (answer[0] == verify_feature) found.verify = code;
    if (answer[0] == modify_feature) found.modify = code;
  }
  return found;
}

Bytes pin_pad_request(BytesView command, const PadEntry& entry) {
  Bytes out = {seconds, seconds, text_in_bytes, static_cast<std::uint8_t>(entry.length), 0x00};
  if (entry.twice) {
    out.push_back(0x00);  // where the PIN that counts now would go
    out.push_back(static_cast<std::uint8_t>(entry.at));
  }
  put(out, static_cast<std::uint32_t>(entry.shortest << 8 | entry.longest), 2);
  if (entry.twice) out.push_back(typed_twice);
  out.push_back(until_confirmed);
  out.push_back(entry.twice ? 2 : 1);  // messages
  put(out, english, 2);
  if (entry.twice)
    out.insert(out.end(), {ask_new, ask_again, 0x00});
  else
    out.push_back(ask_pin);
  out.insert(out.end(), {0x00, 0x00, 0x00});  // the driver knows the T=1 prologue
  put(out, static_cast<std::uint32_t>(command.size()), 4);
  out.insert(out.end(), command.begin(), command.end());
  return out;
}

}  // namespace anahtar::card::pcsc
