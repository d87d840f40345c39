// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <span>

#include "core/services.h"

namespace anahtar::app {

/// Somebody who can sign in to every demo; the password is no secret.
struct DemoAccount {
  const char* name;
  const char* display_name;
  core::Role role;
};
std::span<const DemoAccount> demo_accounts();
inline constexpr char demo_password[] = "anahtar-demo";

/// The first of the demo's administrators, who exists before anything else.
const DemoAccount& demo_administrator();
/// Whose call the tour and the README take: a subscriber whose portal password is blocked.
inline constexpr char demo_caller[] = "+905000000001";

/// The identity card of whoever the demo's card without a PUK belongs to.
inline constexpr char demo_card_document[] = "A03C45678";

/// Fills a new site with people who do not exist: operators of every role, subscribers and tickets. Everything goes the
/// way that a person would go, so all of it is in the audit log. [worker]
core::Result<> fill_demo(core::Services& desk);
/// One for each card of the demo's subscribers.
core::Result<> add_demo_certificates(core::Writer& writer);

}  // namespace anahtar::app
