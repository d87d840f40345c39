// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace anahtar::core {

struct CsvRow {
  std::int64_t line = 0;  ///< of the file, 1-based, where the row begins
  std::vector<std::string> fields;
  Text problem;  ///< set when the row's quotes cannot be read; the fields are empty then
};

/// Reads CSV (RFC 4180) piece by piece: any line ends, with or without BOM, `,` or `;` as the first line has it. Blank lines
/// are skipped. A row with wrong quotes is told and reading goes on with the next line.
class CsvReader {
 public:
  explicit CsvReader(std::istream& in);
  ~CsvReader();

  /// The next row, or nothing at the end. Throws FailureError when the stream fails.
  std::optional<CsvRow> next();
  std::uint64_t bytes_read() const { return bytes_; }

 private:
  class Parser;
  void read_block();
  void finish();
  void feed(std::string_view block);
  void feed_segment(std::string_view segment, bool ends_line);

  std::istream& in_;
  std::unique_ptr<Parser> parser_;
  std::deque<CsvRow> rows_;
  std::uint64_t bytes_ = 0;
  std::int64_t line_ = 1;
  bool last_was_cr_ = false;
  bool ended_ = false;
};

}  // namespace anahtar::core
