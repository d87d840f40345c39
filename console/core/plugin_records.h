// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/actions.h"

namespace anahtar::core {

/// Records which plugins this program runs with and which it refused, when that is not what this device recorded last.
/// Each record says how many they are, so that one that is gone is noticed too. [worker]
Result<> record_plugins(AuditLog& log, Writer& writer, const PluginCatalogue& plugins);

}  // namespace anahtar::core
