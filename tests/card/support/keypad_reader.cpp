// SPDX-License-Identifier: GPL-3.0-or-later
// An IFD handler for pcscd: the packaged virtual reader with a keypad (PC/SC part 10). What the holder types there it takes
// from the file `keypad_file`, an entry on each line; an empty line is the cancel key.
extern "C" {
#include <PCSC/ifdhandler.h>
}
#include <PCSC/reader.h>
#include <arpa/inet.h>
#include <dlfcn.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "card/emulated/pin_pad.h"
#include "card/support/keypad_reader.h"

namespace {

using anahtar::card::PadEntry;
using anahtar::crypto::Bytes;
using anahtar::crypto::BytesView;

constexpr DWORD verify_code = SCARD_CTL_CODE(3410), modify_code = SCARD_CTL_CODE(3411);

template <class Function>
Function packaged(const char* name) {
  static void* const driver = ::dlopen("/usr/lib/pcsc/drivers/serial/libifdvpcd.so", RTLD_NOW | RTLD_LOCAL);
  return driver ? reinterpret_cast<Function>(::dlsym(driver, name)) : nullptr;
}

#define PASS_ON(name, ...)                                \
  static const auto real = packaged<decltype(&name)>(#name); \
  return real ? real(__VA_ARGS__) : IFD_COMMUNICATION_ERROR

std::optional<std::string> next_entry() {
  std::ifstream in(anahtar::testing::keypad_file);
  std::string entry;
  std::getline(in, entry);
  std::ostringstream rest;
  rest << in.rdbuf();
  in.close();
  std::ofstream(anahtar::testing::keypad_file) << rest.str();
  return entry.empty() ? std::nullopt : std::optional(entry);
}

struct Request {
  PadEntry entry;
  Bytes command;
};

/// Length and position as the structure's formats tell them; only text on the left, in bytes, can be typed here.
template <class Structure>
std::optional<Request> read_request(BytesView bytes) {
  Structure head{};
  if (bytes.size() < sizeof head) return {};
  std::memcpy(&head, bytes.data(), sizeof head);
  const BytesView command = bytes.subspan(sizeof head);
  if (command.size() != head.ulDataLength || head.bmFormatString != 0x82 || (head.bmPINBlockString & 0xF0) != 0 || head.bmPINLengthFormat != 0) return {};
  Request request;
  request.entry.length = head.bmPINBlockString;
  request.entry.shortest = head.wPINMaxExtraDigit >> 8;
  request.entry.longest = head.wPINMaxExtraDigit & 0xFF;
  request.command.assign(command.begin(), command.end());
  if constexpr (std::is_same_v<Structure, PIN_MODIFY_STRUCTURE>) {
    if (head.bNumberMessage != 2 || head.bConfirmPIN != 0x01) return {};
    request.entry.at = head.bInsertionOffsetNew;
    request.entry.twice = true;
  }
  return request;
}

RESPONSECODE answer(BytesView bytes, PUCHAR out, DWORD room, LPDWORD size) {
  if (bytes.size() > room) return IFD_COMMUNICATION_ERROR;
  std::memcpy(out, bytes.data(), bytes.size());
  *size = bytes.size();
  return IFD_SUCCESS;
}

RESPONSECODE features(PUCHAR out, DWORD room, LPDWORD size) {
  const PCSC_TLV_STRUCTURE all[] = {{FEATURE_VERIFY_PIN_DIRECT, 4, htonl(verify_code)}, {FEATURE_MODIFY_PIN_DIRECT, 4, htonl(modify_code)}};
  return answer({reinterpret_cast<const std::uint8_t*>(all), sizeof all}, out, room, size);
}

RESPONSECODE let_type(DWORD lun, const std::optional<Request>& request, PUCHAR out, DWORD room, LPDWORD size) {
  if (!request) return IFD_COMMUNICATION_ERROR;
  auto typed = anahtar::card::emulated::typed_into(request->command, request->entry, next_entry);
  if (!typed) return answer(Bytes{typed.error().sw1(), typed.error().sw2()}, out, room, size);
  SCARD_IO_HEADER protocol{1, 0}, received{};
  DWORD got = room;
  const auto code = IFDHTransmitToICC(lun, protocol, typed->data(), typed->size(), out, &got, &received);
  *size = got;
  return code;
}

}  // namespace

RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR in, DWORD in_size, PUCHAR out, DWORD room, LPDWORD size) {
  const BytesView request(in, in_size);
  if (code == CM_IOCTL_GET_FEATURE_REQUEST) return features(out, room, size);
  if (code == verify_code) return let_type(lun, read_request<PIN_VERIFY_STRUCTURE>(request), out, room, size);
  if (code == modify_code) return let_type(lun, read_request<PIN_MODIFY_STRUCTURE>(request), out, room, size);
  PASS_ON(IFDHControl, lun, code, in, in_size, out, room, size);
}

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR name) { PASS_ON(IFDHCreateChannelByName, lun, name); }
RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel) { PASS_ON(IFDHCreateChannel, lun, channel); }
RESPONSECODE IFDHCloseChannel(DWORD lun) { PASS_ON(IFDHCloseChannel, lun); }
RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD size, PUCHAR value) { PASS_ON(IFDHGetCapabilities, lun, tag, size, value); }
RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD size, PUCHAR value) { PASS_ON(IFDHSetCapabilities, lun, tag, size, value); }
RESPONSECODE IFDHSetProtocolParameters(DWORD lun, DWORD protocol, UCHAR flags, UCHAR pts1, UCHAR pts2, UCHAR pts3) {
  PASS_ON(IFDHSetProtocolParameters, lun, protocol, flags, pts1, pts2, pts3);
}
RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD size) { PASS_ON(IFDHPowerICC, lun, action, atr, size); }
RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER protocol, PUCHAR in, DWORD in_size, PUCHAR out, PDWORD size, PSCARD_IO_HEADER received) {
  PASS_ON(IFDHTransmitToICC, lun, protocol, in, in_size, out, size, received);
}
RESPONSECODE IFDHICCPresence(DWORD lun) { PASS_ON(IFDHICCPresence, lun); }
