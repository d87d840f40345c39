// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "core/result.h"

namespace anahtar::store {
namespace {

using core::Code;
using core::FailureError;
using core::tr;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

[[noreturn]] void cannot_write(const std::filesystem::path& path) {
  throw FailureError({Code::unavailable,
                      tr("The key file {1} cannot be written. Check the folder's permissions and the disk's free space.",
                         path.string())});
}

void write_all(const Descriptor& file, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) cannot_write(path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) cannot_write(path);
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid() || ::fsync(directory.get()) != 0) cannot_write(folder);
}

}  // namespace

void make_private_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder.parent_path(), error);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) cannot_write(folder);
  sync_folder(folder.parent_path());
}

std::optional<sdk::Secret> read_private_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe would wait for its other end
  if (!file.valid() && errno == ENOENT) return std::nullopt;
  struct stat status{};
  if (!file.valid() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    throw FailureError({Code::unavailable, tr("The key file {1} cannot be read. Check that it belongs to you.", path.string())});
  if ((status.st_mode & 077) != 0)
    throw FailureError({Code::invalid, tr("Others may read the key file {1}. Run \"chmod 600\" on it and find out who could.",
                                             path.string())});
  std::string content(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t got = ::read(file.get(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      throw FailureError({Code::unavailable, tr("The key file {1} cannot be read. Check that it belongs to you.", path.string())});
    filled += static_cast<std::size_t>(got);
  }
  return sdk::Secret(std::move(content));
}

void write_private_file(const std::filesystem::path& path, std::string_view content) {
  const std::filesystem::path fresh = path.string() + "." + std::to_string(::getpid());
  {
    const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file.valid()) cannot_write(path);
    write_all(file, content, path);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) cannot_write(path);
  sync_folder(path.parent_path());
}

}  // namespace anahtar::store
