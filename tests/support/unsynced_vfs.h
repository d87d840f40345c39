// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace anahtar::testing {

/// Makes the default SQLite VFS one that keeps what is written in the process's memory until xSync, so that a process
/// that is killed loses what it did not sync, as a computer does that loses power. Locks and the WAL index are those of
/// the real VFS. With `honours_sync` false even xSync is ignored: what synchronous=OFF amounts to. Call it before the
/// process opens a database; it stays until the process ends.
void lose_unsynced_writes(bool honours_sync);

}  // namespace anahtar::testing
