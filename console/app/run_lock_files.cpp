// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run_lock_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

namespace anahtar::app {
namespace {

namespace fs = std::filesystem;

/// An open file, which takes its lock with it.
class LockFile {
 public:
  LockFile(fs::path path, int flags) : path_(std::move(path)), file_(::open(path_.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~LockFile() {
    if (mine_) ::unlink(path_.c_str());
    if (file_ >= 0) ::close(file_);
  }
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

  bool is_open() const { return file_ >= 0; }
  /// LOCK_EX or LOCK_SH.
  bool take(int lock) { return mine_ = file_ >= 0 && ::flock(file_, lock | LOCK_NB) == 0; }

 private:
  const fs::path path_;
  const int file_;
  bool mine_ = false;
};

/// It may have been typed: no path is made of anything else.
bool is_id(const std::string& run) {
  return !run.empty() && std::ranges::all_of(run, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-'; });
}

}  // namespace

std::shared_ptr<void> RunLockFiles::hold(const std::string& run) {
  std::error_code ignored;  // without the folder there is no file
  fs::create_directories(folder_, ignored);
  auto file = std::make_shared<LockFile>(folder_ / run, O_CREAT | O_RDWR);
  return file->take(LOCK_EX) ? std::shared_ptr<void>(file) : nullptr;
}

/// What a program left that ended otherwise goes with the question. Who asks does not stand in the way of others who do.
bool RunLockFiles::is_held(const std::string& run) const {
  if (!is_id(run)) return false;
  LockFile file(folder_ / run, O_RDWR);
  return file.is_open() && !file.take(LOCK_SH);
}

}  // namespace anahtar::app
