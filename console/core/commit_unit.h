// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>

#include "core/ports.h"

namespace anahtar::core {

/// Commits a unit. Whatever it or the storage throws comes back as a failure, and nothing was saved; an unexpected
/// exception's text is not passed on, because it may hold what was to be saved.
Result<> commit_unit(Writer& writer, const std::function<Result<>(Transaction&)>& unit);

}  // namespace anahtar::core
