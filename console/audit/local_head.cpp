// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/local_head.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

#include "audit/wire.h"

namespace anahtar::audit {
namespace {

constexpr std::size_t slot_size = 2048;
constexpr std::string_view magic = "ANHEAD01";
using Slot = std::array<std::uint8_t, slot_size>;

struct Stored {
  std::uint64_t serial = 0;
  LocalHead head;
};

// magic, serial u64, incarnation u32, size u64, root, note (u16 length), SHA-256 of all that; then zeros.
std::optional<Slot> encode_slot(const Stored& stored) {
  crypto::Bytes bytes = crypto::bytes_of(magic);
  wire::put(bytes, stored.serial);
  wire::put(bytes, stored.head.incarnation);
  wire::put(bytes, stored.head.size);
  wire::put_bytes(bytes, stored.head.root);
  if (bytes.size() + 2 + stored.head.note.size() + Hash{}.size() > slot_size) return std::nullopt;
  wire::put_text<std::uint16_t>(bytes, stored.head.note);
  wire::put_bytes(bytes, crypto::sha256(bytes));
  Slot slot{};
  std::ranges::copy(bytes, slot.begin());
  return slot;
}

std::optional<Stored> decode_slot(const Slot& slot) {
  wire::Reader reader(slot);
  if (crypto::text_of(reader.take_bytes(magic.size())) != magic) return std::nullopt;
  Stored stored;
  stored.serial = reader.take<std::uint64_t>();
  stored.head.incarnation = reader.take<std::uint32_t>();
  stored.head.size = reader.take<std::uint64_t>();
  std::ranges::copy(reader.take_bytes(Hash{}.size()), stored.head.root.begin());
  stored.head.note = crypto::text_of(reader.take_bytes(reader.take<std::uint16_t>()));
  const std::size_t covered = slot_size - reader.rest().size();
  const crypto::BytesView checksum = reader.take_bytes(Hash{}.size());
  if (!reader.good() || !std::ranges::equal(checksum, crypto::sha256(crypto::BytesView(slot).first(covered))))
    return std::nullopt;
  return stored;
}

/// An open file that is locked until it goes.
class LockedFile {
 public:
  LockedFile(const std::filesystem::path& path, int flags, int lock)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    while (fd_ >= 0 && ::flock(fd_, lock) != 0)
      if (errno != EINTR) {
        const int error = errno;
        ::close(std::exchange(fd_, -1));
        errno = error;
      }
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  ~LockedFile() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool good() const { return fd_ >= 0; }

  /// Whatever the file does not have is zero.
  std::optional<Slot> read_slot(std::size_t number) const {
    Slot slot{};
    std::size_t done = 0;
    while (done < slot.size()) {
      const ssize_t count =
          ::pread(fd_, slot.data() + done, slot.size() - done, offset(number) + static_cast<off_t>(done));
      if (count == 0) break;
      if (count < 0 && errno != EINTR) return std::nullopt;
      if (count > 0) done += static_cast<std::size_t>(count);
    }
    return slot;
  }

  bool write_slot(std::size_t number, const Slot& slot) const {
    ssize_t count = -1;
    do count = ::pwrite(fd_, slot.data(), slot.size(), offset(number));
    while (count < 0 && errno == EINTR);
    return count == static_cast<ssize_t>(slot.size());
  }

 private:
  static off_t offset(std::size_t number) { return static_cast<off_t>(number * slot_size); }
  int fd_;
};

std::string failed(const char* what, const std::filesystem::path& path) {
  return std::string("cannot ") + what + " " + path.string() + ": " + std::strerror(errno);
}

bool blank(const Slot& slot) {
  return std::ranges::all_of(slot, [](std::uint8_t byte) { return byte == 0; });
}

/// The newer whole slot. Nothing when both are blank, which is what a power cut leaves of a file that was just made.
Result<std::optional<Stored>> newest(const LockedFile& file, const std::filesystem::path& path) {
  std::optional<Stored> best;
  bool all_blank = true;
  for (std::size_t number : {0, 1}) {
    const auto slot = file.read_slot(number);
    if (!slot) return std::unexpected(failed("read", path));
    all_blank = all_blank && blank(*slot);
    auto stored = decode_slot(*slot);
    if (stored && (!best || stored->serial > best->serial)) best = std::move(stored);
  }
  if (!best && !all_blank) return std::unexpected("the local head in " + path.string() + " is damaged");
  return best;
}

}  // namespace

LocalHead local_head_of(const SignedHead& head) {
  return {head.head.origin.incarnation, head.head.size, head.head.root, head.note};
}

LocalHeadFile::LocalHeadFile(std::filesystem::path path) : path_(std::move(path)) {}

Result<std::optional<LocalHead>> LocalHeadFile::read() const {
  const LockedFile file(path_, O_RDONLY, LOCK_SH);
  if (!file.good()) {
    if (errno == ENOENT) return std::nullopt;
    return std::unexpected(failed("open", path_));
  }
  auto stored = newest(file, path_);
  if (!stored) return std::unexpected(stored.error());
  if (!*stored) return std::nullopt;
  return std::move((*stored)->head);
}

Result<void> LocalHeadFile::advance(const LocalHead& head) const {
  const LockedFile file(path_, O_RDWR | O_CREAT, LOCK_EX);
  if (!file.good()) return std::unexpected(failed("open", path_));
  const auto stored = newest(file, path_);
  if (!stored) return std::unexpected(stored.error());
  const auto& current = *stored;
  if (current && std::tie(head.incarnation, head.size) <= std::tie(current->head.incarnation, current->head.size))
    return {};
  const Stored next{current ? current->serial + 1 : 0, head};
  const auto slot = encode_slot(next);
  if (!slot) return std::unexpected("the signed head is too long for " + path_.string());
  if (!file.write_slot(next.serial % 2, *slot)) return std::unexpected(failed("write", path_));
  return {};
}

HeadRelation compare(const LocalHead& local, const TreeHead& database,
                     const std::function<std::optional<Hash>(std::uint64_t size)>& root_at) {
  const auto mine = std::tie(local.incarnation, local.size);
  const auto theirs = std::tie(database.origin.incarnation, database.size);
  if (mine > theirs) return HeadRelation::ahead;
  if (mine == theirs) return local.root == database.root ? HeadRelation::equal : HeadRelation::forked;
  if (root_at && local.incarnation == database.origin.incarnation) {
    const auto root = root_at(local.size);
    if (root && *root != local.root) return HeadRelation::forked;
  }
  return HeadRelation::behind;
}

}  // namespace anahtar::audit
