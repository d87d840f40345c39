// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <stop_token>

#include "card/emulated_card.h"

namespace anahtar::card::emulated {

/// How a stay in the reader ended.
enum class Stay { nobody_listens, stopped, reader_gone, pulled };

/// Inserts the card into the virtual reader (vpcd) behind `port` of 127.0.0.1 and answers for it until it is stopped,
/// pulled (`Disturbance`) or the reader goes. vpcd's protocol: a length of two bytes and a payload; 00 off, 01 on, 02
/// reset, 04 the ATR, please; anything longer is a command. `inserted` is called once it is in. [worker]
Stay stay_in_vpcd(EmulatedCard& card, std::uint16_t port, std::stop_token stop, const std::function<void()>& inserted = {});

}  // namespace anahtar::card::emulated
