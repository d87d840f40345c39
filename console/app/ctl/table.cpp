// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/table.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>

#include "app/ctl/context.h"
#include "app/ctl/terminal.h"

namespace anahtar::app::ctl {
namespace {

/// Characters, not bytes: Turkish letters are one column wide.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t to, Table::Align align) {
  const std::string space(to - std::min(to, width(text)), ' ');
  return align == Table::Align::right ? space + text : text + space;
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  for (auto& cell : cells) cell = terminal::harmless(cell);
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(width(columns_[i].title));
    for (const auto& row : rows_) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  const auto line = [&](const auto& cell_of) {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      text += padded(cell_of(i), widths[i], columns_[i].align) + (i + 1 < columns_.size() ? "  " : "");
    while (text.ends_with(' ')) text.pop_back();
    out += text + '\n';
  };
  line([&](std::size_t i) { return columns_[i].title; });
  for (const auto& row : rows_) line([&](std::size_t i) { return row[i]; });
  return out;
}

std::string local_time(core::Time time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return fmt::format("{:%Y-%m-%d %H:%M}", local);
}

std::string utc_time(core::Time time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t seconds = second.time_since_epoch().count();
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06d}Z", utc, (time - second).count());
}

core::Time parsed_time(const std::string& typed, bool end_of_day) {
  for (const char* form : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
    std::tm read{};
    read.tm_isdst = -1;
    const char* end = ::strptime(typed.c_str(), form, &read);
    if (!end || *end) continue;
    using namespace std::chrono;
    if (!year_month_day(year(read.tm_year + 1900), month(static_cast<unsigned>(read.tm_mon) + 1), day(static_cast<unsigned>(read.tm_mday))).ok())
      fail(core::Code::invalid, tr("No calendar has the day {1}.", typed));
    if (end_of_day && std::string_view(form) == "%Y-%m-%d") ++read.tm_mday;
    return core::Time(seconds(::mktime(&read)));
  }
  fail(core::Code::invalid, tr("\"{1}\" is no time. Write 2026-03-01 or 2026-03-01T14:05.", typed));
}

}  // namespace anahtar::app::ctl
