// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/evidence_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/aead.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "store/private_file.h"
#include "store/queries.h"

namespace anahtar::store {
namespace {

using core::Code;
using core::FailureError;
using core::tr;
namespace fs = std::filesystem;

constexpr std::string_view magic = "AEV1";
constexpr std::size_t chunk_size = 64 * 1024;

[[noreturn]] void fail(Code code, core::Text sentence) { throw FailureError({code, std::move(sentence)}); }
[[noreturn]] void changed() {
  fail(Code::not_intact, tr("The sealed recording was changed, cut or exchanged. Nothing of it was written."));
}

class File {
 public:
  File(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool valid() const { return number_ >= 0; }
  /// Fewer bytes only at the end.
  crypto::Bytes read(std::size_t count) const {
    crypto::Bytes bytes(count);
    std::size_t filled = 0;
    while (filled < count) {
      const ssize_t got = ::read(number_, bytes.data() + filled, count - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail(Code::unavailable, tr("The recording cannot be read."));
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
  }
  void write(crypto::BytesView bytes) const {
    while (!bytes.empty()) {
      const ssize_t put = ::write(number_, bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) fail(Code::unavailable, tr("The recording cannot be written. Check the disk and the permissions."));
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
  }
  void sync() const {
    if (::fsync(number_) != 0) fail(Code::unavailable, tr("The recording cannot be written. Check the disk and the permissions."));
  }

 private:
  int number_;
};

/// Removes a file again unless it is kept.
class Draft {
 public:
  explicit Draft(fs::path path) : path_(std::move(path)) {}
  ~Draft() {
    std::error_code ignored;
    if (!kept_) fs::remove(path_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  void keep() { kept_ = true; }

 private:
  fs::path path_;
  bool kept_ = false;
};

std::string place_of(const std::string& name, std::uint64_t chunk, bool last) {
  return "evidence|" + name + "|" + std::to_string(chunk) + (last ? "|last" : "|more");
}

bool is_name(const std::string& name) {
  return name.size() == 32 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void sync_folder(const fs::path& folder) {
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  ::fsync(handle);
  ::close(handle);
}

}  // namespace

SealedFolder::SealedFolder(std::shared_ptr<OpenDatabase> shared)
    : shared_(std::move(shared)), folder_(shared_->database.file().string() + ".evidence") {}

crypto::Key SealedFolder::key_of(core::SubscriberId subscriber, const std::string& name) const {
  const auto session = shared_->database.lease();
  Sealer sealer(*session, shared_->keys);
  Queries queries(*session, shared_->keys, sealer);
  const auto owner = queries.pseudonym_of(subscriber);
  if (!owner) fail(Code::not_found, tr("There is no subscriber #{1}.", std::to_string(subscriber)));
  auto key = sealer.derived_key(*owner, "evidence file " + name);
  if (!key) fail(Code::refused, tr("The data of this subscriber were erased, the recording with them."));
  return std::move(*key);
}

core::Result<core::EvidenceFolder::Sealed> SealedFolder::seal(core::SubscriberId subscriber, const fs::path& path,
                                                              std::int64_t largest) {
  return core::guarded([&]() -> core::Result<Sealed> {
    make_private_folder(folder_);
    const std::string name = crypto::random_id();
    const crypto::Key key = key_of(subscriber, name);
    const File source(path, O_RDONLY | O_NONBLOCK);
    Draft draft(folder_ / name);
    const File target(folder_ / name, O_WRONLY | O_CREAT | O_EXCL);
    if (!source.valid()) fail(Code::invalid, tr("The recording cannot be read."));
    if (!target.valid()) fail(Code::unavailable, tr("The recording cannot be written. Check the disk and the permissions."));

    target.write(crypto::view_of(magic));
    crypto::Sha256 digest;
    std::int64_t bytes = 0;
    crypto::Bytes piece = source.read(chunk_size);
    for (std::uint64_t chunk = 0;; ++chunk) {
      crypto::Bytes next = source.read(chunk_size);
      bytes += static_cast<std::int64_t>(piece.size());
      if (bytes > largest) fail(Code::invalid, tr("The recording is too large: at most {1} MB.", std::to_string(largest / (1024 * 1024))));
      digest.update(crypto::BytesView(piece));
      target.write(crypto::seal(key, crypto::BytesView(piece), crypto::view_of(place_of(name, chunk, next.empty()))));
      if (next.empty()) break;
      piece = std::move(next);
    }
    target.sync();
    sync_folder(folder_);
    draft.keep();
    return Sealed{name, crypto::hex_encode(digest.finish())};
  });
}

/// The pieces of an opened file in order; throws FailureError, at the latest after the last, unless it is whole and unchanged.
void SealedFolder::each_piece(core::SubscriberId subscriber, const std::string& name, const std::string& sha256,
                              const std::function<void(const crypto::Bytes&)>& take) const {
  if (!is_name(name)) changed();
  const crypto::Key key = key_of(subscriber, name);
  const File source(folder_ / name, O_RDONLY);
  if (!source.valid()) fail(Code::not_found, tr("The sealed recording is not in the evidence folder any more."));
  if (crypto::text_of(source.read(magic.size())) != magic) changed();
  crypto::Sha256 digest;
  crypto::Bytes sealed = source.read(chunk_size + crypto::seal_overhead);
  for (std::uint64_t chunk = 0;; ++chunk) {
    crypto::Bytes next = source.read(chunk_size + crypto::seal_overhead);
    const auto opened = crypto::open(key, crypto::BytesView(sealed), place_of(name, chunk, next.empty()));
    if (!opened) changed();
    digest.update(crypto::BytesView(*opened));
    take(*opened);
    if (next.empty()) break;
    sealed = std::move(next);
  }
  if (crypto::hex_encode(digest.finish()) != sha256) changed();
}

core::Result<> SealedFolder::open(core::SubscriberId subscriber, const std::string& name, const std::string& sha256,
                                  const fs::path& path) {
  return core::guarded([&]() -> core::Result<> {
    const File target(path, O_WRONLY | O_CREAT | O_EXCL);
    if (!target.valid())
      fail(Code::conflict, tr("{1} cannot be written, or is there already. Name another file.", path.string()));
    Draft draft(path);
    each_piece(subscriber, name, sha256, [&](const crypto::Bytes& piece) { target.write(piece); });
    target.sync();
    draft.keep();
    return {};
  });
}

core::Result<std::string> SealedFolder::read(core::SubscriberId subscriber, const std::string& name,
                                             const std::string& sha256) {
  return core::guarded([&]() -> core::Result<std::string> {
    std::string whole;
    each_piece(subscriber, name, sha256, [&](const crypto::Bytes& piece) { whole += crypto::text_of(piece); });
    return whole;
  });
}

void SealedFolder::drop(const std::string& name) {
  std::error_code ignored;
  if (is_name(name)) fs::remove(folder_ / name, ignored);
}

}  // namespace anahtar::store
