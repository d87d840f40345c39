// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader/plugin_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace anahtar::loader {
namespace {

using core::Code;
using core::failure;
using core::Result;
using core::tr;

constexpr off_t largest_plugin = off_t{64} << 20;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

std::unexpected<core::Failure> unreadable() {
  return failure(Code::unavailable, tr("The file cannot be read: {1}.", std::strerror(errno)));
}

bool write_all(int to, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t count = write(to, data, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    data += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

/// False when either side fails or the file is larger than any plugin.
bool copy(int from, int to) {
  char buffer[64 * 1024];
  off_t copied = 0;
  while (copied <= largest_plugin) {
    const ssize_t count = read(from, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) return true;
    if (count < 0 || !write_all(to, buffer, static_cast<std::size_t>(count))) return false;
    copied += count;
  }
  errno = EFBIG;
  return false;
}

Result<crypto::Bytes> bytes_in(int descriptor) {
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) return unreadable();
  crypto::Bytes bytes(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = pread(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return unreadable();
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace

Result<PluginFile> PluginFile::take(const std::filesystem::path& file) {
  const Descriptor from(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (from.get() < 0 || fstat(from.get(), &status) != 0) return unreadable();
  if (!S_ISREG(status.st_mode)) return failure(Code::invalid, tr("This is not a file."));
  Descriptor copy_of_it(memfd_create(file.filename().c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (copy_of_it.get() < 0 || !copy(from.get(), copy_of_it.get())) return unreadable();
  constexpr int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (fcntl(copy_of_it.get(), F_ADD_SEALS, seals) != 0) return unreadable();
  auto bytes = bytes_in(copy_of_it.get());
  if (!bytes) return std::unexpected(bytes.error());
  PluginFile taken(copy_of_it.release());
  taken.bytes_ = std::move(*bytes);
  return taken;
}

PluginFile::PluginFile(PluginFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), bytes_(std::move(other.bytes_)) {}

PluginFile::~PluginFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::filesystem::path PluginFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

}  // namespace anahtar::loader
