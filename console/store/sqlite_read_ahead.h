// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace anahtar::store::sqlite {

/// The name of SQLite's usual way to files (a VFS, https://www.sqlite.org/vfs.html), for reading a database from end to
/// end: where SQLite asks for the page after the last one, 64 KiB are read at once. Asking the system for each page is a
/// quarter of the time that verifying a log takes. [any]
const char* read_ahead_vfs();

}  // namespace anahtar::store::sqlite
