// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "card/emulated/command.h"

/// The keyed session between the demo issuer and an AKİS-like card of this folder. **Our own invention, for
/// demonstrations**: how the real cards do it is not public, and this is not it.
///
///   90 50 00 00  host's random (16)               → card's random (16) ‖ MAC(mac key, "card" ‖ both)[0..8]
///   90 52 00 00  MAC(mac key, "host" ‖ both)[0..8]  → 9000; the session is open until the next SELECT or reset
///   94 54 00 01  AES-CBC(enc key, IV, PIN ‖ 80 00…) ‖ MAC(mac key, counter ‖ header ‖ cryptogram)[0..8]
///                                                 → MAC(mac key, counter + 1 ‖ 9000)[0..8]
///
/// Card key: SP 800-108 counter mode with AES-CMAC, 16 bytes: MAC(master, 01 ‖ "Anahtar demo card" ‖ 00 ‖ serial ‖ 0080).
/// Session keys: the same over the card key with the labels "Anahtar demo enc" and "Anahtar demo mac" and both randoms as
/// context. IV: AES(enc key) of the counter, which begins at 1 and goes up by two.
namespace anahtar::card::emulated::demo_session {

inline constexpr std::uint8_t open_ins = 0x50, prove_ins = 0x52, unlock_ins = 0x54;
inline constexpr std::uint8_t plain_cla = 0x90, secured_cla = 0x94;
inline constexpr std::size_t random_size = 16, mac_size = 8;

Bytes card_key(BytesView master_key, BytesView serial);

struct Keys {
  Bytes enc, mac;
};
Keys session_keys(BytesView card_key, BytesView host_random, BytesView card_random);

/// The first 8 bytes of AES-CMAC.
Bytes short_mac(BytesView key, BytesView message);
Bytes sealed_pin(const Keys& keys, std::uint64_t counter, BytesView header, BytesView pin);
/// The PIN, or nothing when it was not sealed so.
std::optional<Bytes> opened_pin(const Keys& keys, std::uint64_t counter, BytesView header, BytesView sealed);
Bytes receipt(const Keys& keys, std::uint64_t counter);

}  // namespace anahtar::card::emulated::demo_session
