// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace anahtar::crypto {

/// Overwrites what calls that have returned left below the caller's frame: copies that nobody owns any more, made by the
/// compiler and by libraries. For a thread that handled a secret and may not go down there again for long.
void wipe_stack_below();

}  // namespace anahtar::crypto
