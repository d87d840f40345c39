// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/unsynced_vfs.h"

#include <sqlite3.h>
#include <string.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace anahtar::testing {
namespace {

/// One file as the process sees it, shared by all its handles.
struct Image {
  std::mutex mutex;
  std::string content;
  std::map<std::size_t, std::size_t> unsynced;  ///< first byte → end
};

struct Shared {
  sqlite3_vfs* real = nullptr;
  bool honours_sync = true;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<Image>> images;
} shared;

/// What SQLite allocates for an open file; the real file lies behind it in the same allocation.
struct File {
  sqlite3_file base;
  std::shared_ptr<Image>* image;
  sqlite3_file* real;
};

File& self(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return self(file).real; }

void load(Image& image, sqlite3_file* file) {
  sqlite3_int64 size = 0;
  file->pMethods->xFileSize(file, &size);
  image.content.resize(static_cast<std::size_t>(size));
  if (size > 0) file->pMethods->xRead(file, image.content.data(), static_cast<int>(size), 0);
}

int close_file(sqlite3_file* file) {
  delete self(file).image;
  return real(file)->pMethods->xClose(real(file));
}

int read_file(sqlite3_file* file, void* to, int count, sqlite3_int64 from) {
  Image& image = **self(file).image;
  const std::lock_guard lock(image.mutex);
  const auto at = static_cast<std::size_t>(from), wanted = static_cast<std::size_t>(count);
  const std::size_t there = at < image.content.size() ? std::min(wanted, image.content.size() - at) : 0;
  memcpy(to, image.content.data() + std::min(at, image.content.size()), there);
  memset(static_cast<char*>(to) + there, 0, wanted - there);
  return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* from, int count, sqlite3_int64 to) {
  Image& image = **self(file).image;
  const std::lock_guard lock(image.mutex);
  const std::size_t first = static_cast<std::size_t>(to), end = first + static_cast<std::size_t>(count);
  image.content.resize(std::max(image.content.size(), end));
  memcpy(image.content.data() + first, from, static_cast<std::size_t>(count));
  auto& range_end = image.unsynced[first];
  range_end = std::max(range_end, end);
  return SQLITE_OK;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  Image& image = **self(file).image;
  const std::lock_guard lock(image.mutex);
  image.content.resize(static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int sync_file(sqlite3_file* file, int flags) {
  if (!shared.honours_sync) return SQLITE_OK;
  Image& image = **self(file).image;
  const std::lock_guard lock(image.mutex);
  for (const auto& [first, range_end] : image.unsynced) {
    const std::size_t end = std::min(range_end, image.content.size());
    if (first >= end) continue;
    const int code = real(file)->pMethods->xWrite(real(file), image.content.data() + first,
                                                  static_cast<int>(end - first), static_cast<sqlite3_int64>(first));
    if (code != SQLITE_OK) return code;
  }
  image.unsynced.clear();
  sqlite3_int64 size = 0;
  real(file)->pMethods->xFileSize(real(file), &size);
  if (size > static_cast<sqlite3_int64>(image.content.size()))
    real(file)->pMethods->xTruncate(real(file), static_cast<sqlite3_int64>(image.content.size()));
  (void)flags;  // the kernel survives the kill: what reached it is as good as on disk
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  Image& image = **self(file).image;
  const std::lock_guard lock(image.mutex);
  *size = static_cast<sqlite3_int64>(image.content.size());
  return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int unlock_file(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int check_lock(sqlite3_file* file, int* out) { return real(file)->pMethods->xCheckReservedLock(real(file), out); }
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file*) { return 0; }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** at) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, at);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

int control(sqlite3_file* file, int operation, void* argument) {
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

const sqlite3_io_methods methods = {
    2,          close_file,   read_file, write_file,  truncate_file,   sync_file, file_size, lock_file,   unlock_file,
    check_lock, control,      sector_size, characteristics, shm_map, shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

int open_file(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  File& own = self(file);
  own.base.pMethods = nullptr;
  own.image = nullptr;
  own.real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(File));
  const int code = shared.real->xOpen(shared.real, name, own.real, flags, out_flags);
  if (code != SQLITE_OK) return code;
  std::shared_ptr<Image> image;
  const std::lock_guard lock(shared.mutex);
  if (name) image = shared.images[name];
  if (!image) {
    image = std::make_shared<Image>();
    load(*image, own.real);
    if (name) shared.images[name] = image;
  }
  own.image = new std::shared_ptr<Image>(std::move(image));
  own.base.pMethods = &methods;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs*, const char* name, int sync_folder) {
  const std::lock_guard lock(shared.mutex);
  shared.images.erase(name);
  return shared.real->xDelete(shared.real, name, sync_folder);
}

}  // namespace

void lose_unsynced_writes(bool honours_sync) {
  shared.real = sqlite3_vfs_find(nullptr);
  shared.honours_sync = honours_sync;
  static sqlite3_vfs vfs;
  vfs = *shared.real;
  vfs.zName = "unsynced";
  vfs.szOsFile = static_cast<int>(sizeof(File)) + shared.real->szOsFile;
  vfs.xOpen = open_file;
  vfs.xDelete = delete_file;
  vfs.pNext = nullptr;
  if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) throw std::runtime_error("cannot register the VFS");
}

}  // namespace anahtar::testing
