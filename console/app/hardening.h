// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace anahtar::app {

/// No core file and no debugger of another process: keys and passwords stay in this one. First thing in main().
void keep_memory_private();

/// A standard file that the caller closed becomes /dev/null, so that no database or key file gets its number and then
/// what is meant for people; a reader that goes away ends no program in the middle of its work.
void keep_standard_files_open();

}  // namespace anahtar::app
