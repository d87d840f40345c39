// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

#include "core/clock.h"

namespace anahtar::app::ctl {

/// Rows for people: columns as wide as their widest cell, numbers to the right, two spaces between. Cells are UTF-8.
class Table {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// "2026-03-01 14:05", local time, for people.
std::string local_time(core::Time time);
/// "2026-03-01T11:05:00.123456Z", for programs.
std::string utc_time(core::Time time);
/// A day "2026-03-01" or a moment "2026-03-01T14:05[:33]", local time.
core::Time parsed_time(const std::string& typed, bool end_of_day);

}  // namespace anahtar::app::ctl
