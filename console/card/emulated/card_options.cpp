// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/emulated/card_options.h"

#include "card/emulated/command.h"

namespace anahtar::card::emulated {

Holder make_holder(const crypto::DemoAuthority& authority, const HolderWish& wish) {
  using namespace std::chrono;
  const auto now = floor<seconds>(system_clock::now());
  const auto begin = wish.expired ? now - years(4) : now - days(30);
  auto key = crypto::CardKey::generate(wish.key);
  Bytes certificate = authority.issue({wish.national_id, wish.name, begin, begin + years(3)}, key);
  return {std::move(key), std::move(certificate)};
}

Bytes default_admin_key() {
  const Bytes third = hex("0102030405060708");
  return third + third + third;
}

}  // namespace anahtar::card::emulated
