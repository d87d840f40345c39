// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace anahtar::app {

/// No core file and no debugger of another process: keys and passwords stay in this one. First thing in main().
void keep_memory_private();

}  // namespace anahtar::app
