// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/secrets/memory_image.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace anahtar::testing {
namespace {

struct Area {
  std::uint64_t begin = 0, end = 0;
};

/// A line of /proc/PID/maps.
struct Mapping {
  Area area;
  bool shared = false;
  std::string name;
};

std::vector<Mapping> mappings_of(const std::string& process) {
  std::vector<Mapping> all;
  std::ifstream maps(process + "/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    Mapping mapping;
    char dash = 0;
    std::string rights, offset, device, inode;
    words >> std::hex >> mapping.area.begin >> dash >> mapping.area.end >> rights >> offset >> device >> inode >> mapping.name;
    mapping.shared = rights.ends_with('s');
    all.push_back(std::move(mapping));
  }
  return all;
}

const auto page_size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));

/// Of a page in /proc/PID/pagemap.
constexpr std::uint64_t in_memory = 1ull << 63, in_swap = 1ull << 62, of_a_file_or_shared = 1ull << 61;

/// Whatever the program may do with a page now, what it wrote before is still there. Pages that were never touched, or are
/// as they are in their file, are left out.
class WrittenPages {
 public:
  explicit WrittenPages(const std::string& process) : pagemap_(::open((process + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC)) {
    for (const Mapping& each : mappings_of(process)) add(each);
  }
  ~WrittenPages() { ::close(pagemap_); }
  WrittenPages(const WrittenPages&) = delete;
  WrittenPages& operator=(const WrittenPages&) = delete;

  /// Adjoining ones are one area, for a secret may lie across.
  std::vector<Area> areas;

 private:
  void add(const Mapping& mapping) {
    std::vector<std::uint64_t> pages((mapping.area.end - mapping.area.begin) / page_size);
    const auto size = pages.size() * sizeof pages[0];
    const auto at = static_cast<off_t>(mapping.area.begin / page_size * sizeof pages[0]);
    if (::pread(pagemap_, pages.data(), size, at) != static_cast<ssize_t>(size)) return;  // the kernel's own
    for (std::size_t i = 0; i < pages.size(); ++i) {
      const bool there = (pages[i] & (in_memory | in_swap)) != 0;
      if (there && (mapping.shared || (pages[i] & of_a_file_or_shared) == 0)) add_page(mapping.area.begin + i * page_size);
    }
  }
  void add_page(std::uint64_t begin) {
    if (!areas.empty() && areas.back().end == begin)
      areas.back().end += page_size;
    else
      areas.push_back({begin, begin + page_size});
  }

  int pagemap_;
};

class Reader {
 public:
  Reader(int memory, const std::function<void(std::string_view)>& look) : memory_(memory), look_(look) {}

  std::size_t all = 0;  ///< bytes that were looked at

  /// What cannot be read is passed over page by page.
  void read(const Area& area) {
    bytes_.resize(std::max(bytes_.size(), static_cast<std::size_t>(area.end - area.begin)));
    std::size_t filled = 0;
    for (std::uint64_t at = area.begin; at < area.end;) {
      const auto got = ::pread(memory_, bytes_.data() + filled, area.end - at, static_cast<off_t>(at));
      if (got > 0) {
        filled += static_cast<std::size_t>(got);
        at += static_cast<std::uint64_t>(got);
        continue;
      }
      hand_over(std::exchange(filled, 0));
      at = (at / page_size + 1) * page_size;
    }
    hand_over(filled);
  }

 private:
  /// Zeros at the beginning are left out: much of what was reserved was never used.
  void hand_over(std::size_t count) {
    const std::string_view read(bytes_.data(), count);
    const auto first = read.find_first_not_of('\0');
    if (first == std::string_view::npos) return;
    look_(read.substr(first));
    all += read.size() - first;
  }

  int memory_;
  const std::function<void(std::string_view)>& look_;
  std::string bytes_;
};

}  // namespace

bool for_memory_of(pid_t process, const std::function<void(std::string_view)>& look) {
  const std::string folder = "/proc/" + std::to_string(process);
  const int memory = ::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) return false;
  Reader reader(memory, look);
  for (const Area& area : WrittenPages(folder).areas) reader.read(area);
  ::close(memory);
  return reader.all > 0;
}

}  // namespace anahtar::testing
