// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite_read_ahead.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>

namespace anahtar::store::sqlite {
namespace {

constexpr sqlite3_int64 window_size = 64 * 1024;

sqlite3_vfs* usual_vfs() {
  static sqlite3_vfs* const usual = sqlite3_vfs_find(nullptr);
  return usual;
}

/// What a database file has beside what the usual VFS keeps of it. Only the methods below are other than the usual ones.
struct ReadAhead {
  const sqlite3_io_methods* usual;
  sqlite3_io_methods methods;
  sqlite3_int64 next = 0;  ///< where the last read ended
  sqlite3_int64 begin = 0, size = 0;
  std::unique_ptr<std::byte[]> window = std::make_unique_for_overwrite<std::byte[]>(window_size);

  bool holds(sqlite3_int64 offset, int amount) const { return offset >= begin && offset + amount <= begin + size; }
  bool goes_on_at(sqlite3_int64 offset) const { return offset >= next && offset < next + window_size; }
  void forget() { size = 0; }

  void fill(sqlite3_file* file, sqlite3_int64 offset) {
    forget();
    sqlite3_int64 end = 0;
    if (usual->xFileSize(file, &end) != SQLITE_OK || end <= offset) return;
    const sqlite3_int64 wanted = std::min(window_size, end - offset);
    if (usual->xRead(file, window.get(), static_cast<int>(wanted), offset) != SQLITE_OK) return;
    begin = offset;
    size = wanted;
  }
};

std::size_t place_of_read_ahead() {
  constexpr std::size_t alignment = alignof(std::max_align_t);
  return (static_cast<std::size_t>(usual_vfs()->szOsFile) + alignment - 1) / alignment * alignment;
}

ReadAhead& of(sqlite3_file* file) {
  return *reinterpret_cast<ReadAhead*>(reinterpret_cast<std::byte*>(file) + place_of_read_ahead());
}

int read(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
  ReadAhead& ahead = of(file);
  if (!ahead.holds(offset, amount) && ahead.goes_on_at(offset)) ahead.fill(file, offset);
  ahead.next = offset + amount;
  if (!ahead.holds(offset, amount)) return ahead.usual->xRead(file, out, amount, offset);
  std::memcpy(out, ahead.window.get() + (offset - ahead.begin), static_cast<std::size_t>(amount));
  return SQLITE_OK;
}

// While a snapshot is held, nobody changes a page that it is read from. Between two, everything may have changed.
int lock(sqlite3_file* file, int level) {
  of(file).forget();
  return of(file).usual->xLock(file, level);
}

int lock_in_memory(sqlite3_file* file, int offset, int count, int flags) {
  of(file).forget();
  return of(file).usual->xShmLock(file, offset, count, flags);
}

int close(sqlite3_file* file) {
  const auto* usual = of(file).usual;
  std::destroy_at(&of(file));
  return usual->xClose(file);
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  const int code = usual_vfs()->xOpen(usual_vfs(), name, file, flags, flags_out);
  if (code != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0) return code;
  ReadAhead& ahead = *std::construct_at(&of(file), file->pMethods, *file->pMethods);
  ahead.methods.xRead = read;
  ahead.methods.xLock = lock;
  ahead.methods.xShmLock = lock_in_memory;
  ahead.methods.xClose = close;
  file->pMethods = &ahead.methods;
  return SQLITE_OK;
}

sqlite3_vfs make_vfs() {
  sqlite3_vfs vfs = *usual_vfs();
  vfs.pNext = nullptr;
  vfs.zName = "anahtar-read-ahead";
  vfs.szOsFile = static_cast<int>(place_of_read_ahead() + sizeof(ReadAhead));
  vfs.xOpen = open;
  return vfs;
}

}  // namespace

const char* read_ahead_vfs() {
  static sqlite3_vfs vfs = make_vfs();
  static const bool registered = sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
  return registered ? vfs.zName : nullptr;
}

}  // namespace anahtar::store::sqlite
