// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database.h"

#include <sys/stat.h>

namespace anahtar::store {

using core::Code;
using core::tr;

core::Result<std::filesystem::path> file_of_url(const std::string& url) {
  static const std::string scheme = "sqlite://";
  if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
    return core::failure(Code::invalid, tr("PostgreSQL is not built into this program yet. Use sqlite:///path/to/file.db."));
  if (!url.starts_with(scheme) || url.size() <= scheme.size() + 1 || url[scheme.size()] != '/')
    return core::failure(Code::invalid,
                         tr("\"{1}\" does not name a database. It should look like sqlite:///path/to/file.db.", url));
  // "//tmp" would be a host to SQLite, which takes files as URIs when it reads only.
  return std::filesystem::path("/") / std::filesystem::path(url.substr(scheme.size())).relative_path();
}

Database::Identity Database::identity_of(const std::filesystem::path& file) {
  struct stat found{};
  if (::stat(file.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino};
}

void Database::require_place() const {
  if (identity_of(file_) == identity_) return;
  throw core::FailureError({Code::unavailable, tr("The database {1} was moved, deleted or replaced while it was open, so nothing more "
                                                  "is recorded. Put it back, and start the program anew.", file_.string())});
}

Database::Lease Database::lease() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto session = std::move(idle_.back());
      idle_.pop_back();
      return {*this, std::move(session)};
    }
  }
  return {*this, std::make_unique<Session>(file_, sqlite::Access::read_write)};
}

void Database::give_back(std::unique_ptr<Session> session) {
  session->rollback();
  const std::lock_guard lock(mutex_);
  if (idle_.size() < idle_at_most) idle_.push_back(std::move(session));
}

}  // namespace anahtar::store
