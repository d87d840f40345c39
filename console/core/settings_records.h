// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include "core/ports.h"

namespace anahtar::core {

/// Records the settings that lie outside the database (where messages go, which roots certify cards) when they are not what
/// this device recorded last: whoever can exchange the files cannot do it unseen. `settings` is one line, names with keyed
/// digests, never contents; empty: there are none. [worker]
Result<> record_settings(AuditLog& log, Writer& writer, const std::string& settings);

}  // namespace anahtar::core
