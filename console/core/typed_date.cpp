// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/typed_date.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <vector>

namespace anahtar::core {
namespace {

/// The numbers between separators; empty when anything else is found.
std::vector<std::string> number_groups(std::string_view typed, std::string_view separators) {
  std::vector<std::string> groups(1);
  for (const char c : typed) {
    if (c == ' ') continue;
    if (c >= '0' && c <= '9')
      groups.back() += c;
    else if (separators.find(c) != std::string_view::npos)
      groups.emplace_back();
    else
      return {};
  }
  return groups;
}

int number(const std::string& digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

bool shaped(const std::vector<std::string>& groups, std::size_t year_at) {
  if (groups.size() != 3) return false;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t length = groups[i].size();
    if (i == year_at ? length != 4 : length < 1 || length > 2) return false;
  }
  return true;
}

}  // namespace

Result<std::string> iso_date_from(std::string_view typed) {
  auto groups = number_groups(typed, "-");
  bool year_first = shaped(groups, 0);
  if (!year_first) groups = number_groups(typed, "./-");
  if (!year_first && !shaped(groups, 2))
    return failure(Code::invalid, tr("This is not a date. Type it as day.month.year, e.g. 31.12.1980."));

  const int year = number(groups[year_first ? 0 : 2]), month = number(groups[1]),
            day = number(groups[year_first ? 2 : 0]);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year == 0)
    return failure(Code::invalid, tr("There is no such day in the calendar. Check day, month and year."));
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

}  // namespace anahtar::core
