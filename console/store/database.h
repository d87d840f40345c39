// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "store/session.h"

namespace anahtar::store {

/// The file of `sqlite:///absolute/path.db`; a failure says what is wrong with another URL.
core::Result<std::filesystem::path> file_of_url(const std::string& url);

/// A database and its connections. [any]
class Database {
 public:
  explicit Database(std::filesystem::path file) : file_(std::move(file)), identity_(identity_of(file_)) {}

  /// A session for a while; given back rolled back when the last lease of it goes. Opens one when none is idle.
  class Lease {
   public:
    Lease(Database& database, std::unique_ptr<Session> session) : database_(&database), session_(std::move(session)) {}
    Lease(Lease&&) = default;
    ~Lease() {
      if (session_) database_->give_back(std::move(session_));
    }
    Session& operator*() const { return *session_; }
    Session* operator->() const { return session_.get(); }

   private:
    Database* database_;
    std::unique_ptr<Session> session_;
  };
  Lease lease();

  const std::filesystem::path& file() const { return file_; }
  /// Throws FailureError when the file was moved, deleted or replaced since: what is written to it then is nowhere that
  /// anybody looks.
  void require_place() const;

 private:
  using Identity = std::pair<std::uint64_t, std::uint64_t>;  ///< device and number of the file
  static Identity identity_of(const std::filesystem::path& file);

  void give_back(std::unique_ptr<Session> session);

  static constexpr std::size_t idle_at_most = 8;
  std::filesystem::path file_;
  Identity identity_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_;
};

}  // namespace anahtar::store
