// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <sys/types.h>

#include <functional>
#include <optional>
#include <string_view>

namespace anahtar::testing {

/// Hands each piece of what a core file of the process would hold beyond the program's own text: all that it could write
/// to. Zeros alone are left out. False when this process may not read it.
bool for_memory_of(pid_t process, const std::function<void(std::string_view)>& look);

}  // namespace anahtar::testing
