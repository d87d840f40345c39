// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <sys/types.h>

#include <functional>
#include <optional>
#include <string_view>

namespace anahtar::testing {

/// Hands over each piece of the process's memory that a core file would hold and no other file does: the pages that it wrote
/// to, whether or not it may still read them, and those that it shares. Zeros alone are left out. False when this process
/// may not read them.
bool for_memory_of(pid_t process, const std::function<void(std::string_view)>& look);

}  // namespace anahtar::testing
