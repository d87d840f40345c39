// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/secrets/memory_image.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace anahtar::testing {
namespace {

struct Area {
  std::uint64_t begin = 0, end = 0;
};

/// Adjoining areas are one: a secret may lie across.
std::vector<Area> writable_areas(const std::string& process) {
  std::vector<Area> areas;
  std::ifstream maps(process + "/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    Area area;
    char dash = 0;
    std::string rights;
    words >> std::hex >> area.begin >> dash >> area.end >> rights;
    if (!rights.starts_with("rw")) continue;
    if (!areas.empty() && areas.back().end == area.begin)
      areas.back().end = area.end;
    else
      areas.push_back(area);
  }
  return areas;
}

}  // namespace

bool for_memory_of(pid_t process, const std::function<void(std::string_view)>& look) {
  const std::string folder = "/proc/" + std::to_string(process);
  const int memory = ::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) return false;
  std::size_t all = 0;
  std::string bytes;
  for (const Area& area : writable_areas(folder)) {
    bytes.resize(area.end - area.begin);
    const auto got = ::pread(memory, bytes.data(), bytes.size(), static_cast<off_t>(area.begin));
    if (got <= 0) continue;  // of a device
    const std::string_view read(bytes.data(), static_cast<std::size_t>(got));
    const auto first = read.find_first_not_of('\0');
    if (first == std::string_view::npos) continue;
    look(read.substr(first));
    all += read.size() - first;
  }
  ::close(memory);
  return all > 0;
}

}  // namespace anahtar::testing
