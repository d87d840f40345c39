// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/csv_reader.h"

#include <csv.h>
#include <malloc.h>
#include <string.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include <anahtar/sdk/secret.h>

namespace anahtar::core {
namespace {

constexpr std::size_t block_size = std::size_t{64} * 1024;
constexpr std::size_t longest_row = std::size_t{64} * 1024;
constexpr std::size_t usual_fields = 32;

// Files of secrets are read here too, so libcsv's memory is wiped before it is given back.
void give_back(void* memory) {
  if (memory != nullptr) explicit_bzero(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

void* grown(void* memory, std::size_t size) {
  void* const fresh = std::malloc(size);
  if (fresh == nullptr || memory == nullptr) return fresh;
  ::memcpy(fresh, memory, std::min(size, ::malloc_usable_size(memory)));
  give_back(memory);
  return fresh;
}

char delimiter_of(std::string_view block) {
  const std::string_view header = block.substr(0, block.find_first_of("\r\n"));
  return std::ranges::count(header, ';') > std::ranges::count(header, ',') ? ';' : ',';
}

}  // namespace

/// libcsv with one row at a time in the making.
class CsvReader::Parser {
 public:
  explicit Parser(char delimiter) : delimiter_(delimiter) { start(); }
  ~Parser() { csv_free(&csv_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  bool between_rows() const { return between_; }
  bool skips_line() const { return skipping_; }
  void line_ended() { skipping_ = false; }

  void begin_row(std::int64_t line) {
    row_ = {.line = line, .fields = {}, .problem = {}};
    row_.fields.reserve(usual_fields);  // growing would leave copies behind
    row_bytes_ = 0;
    between_ = false;
  }

  /// Parses a piece of a line; rows that end in it go to `out`.
  void parse(std::string_view text, std::deque<CsvRow>& out) {
    out_ = &out;
    row_bytes_ += text.size();
    const bool whole = csv_parse(&csv_, text.data(), text.size(), on_field, on_row, this) == text.size();
    if (!whole && csv_error(&csv_) == CSV_ENOMEM) throw std::bad_alloc();
    if (!whole) give_up_row(out, tr("The quotes of this row are wrong. Every opened one must be closed."));
    else if (!between_ && row_bytes_ > longest_row)
      give_up_row(out, tr("This row is far too long. If it should not be, look for a quote that is never closed."));
  }

  void give_up_row(std::deque<CsvRow>& out, Text why) {
    out.push_back({row_.line, {}, std::move(why)});
    csv_free(&csv_);
    start();
    skipping_ = true;
  }

 private:
  void start() {
    if (csv_init(&csv_, CSV_STRICT) != 0) throw std::bad_alloc();
    csv_set_realloc_func(&csv_, grown);
    csv_set_free_func(&csv_, give_back);
    csv_set_delim(&csv_, static_cast<unsigned char>(delimiter_));
    between_ = true;
  }
  static void on_field(void* text, std::size_t size, void* self) {
    static_cast<Parser*>(self)->row_.fields.emplace_back(static_cast<const char*>(text), size);
  }
  static void on_row(int, void* self) {
    auto& parser = *static_cast<Parser*>(self);
    parser.out_->push_back(std::move(parser.row_));
    parser.between_ = true;
  }

  csv_parser csv_{};
  char delimiter_;
  CsvRow row_;
  std::deque<CsvRow>* out_ = nullptr;
  std::size_t row_bytes_ = 0;
  bool between_ = true;
  bool skipping_ = false;
};

CsvReader::CsvReader(std::istream& in) : in_(in) {}
CsvReader::~CsvReader() = default;

std::optional<CsvRow> CsvReader::next() {
  while (rows_.empty() && !ended_) read_block();
  if (rows_.empty()) return std::nullopt;
  CsvRow row = std::move(rows_.front());
  rows_.pop_front();
  return row;
}

void CsvReader::read_block() {
  std::string block(block_size, '\0');
  in_.read(block.data(), static_cast<std::streamsize>(block.size()));
  block.resize(static_cast<std::size_t>(in_.gcount()));
  if (in_.bad()) throw FailureError({Code::unavailable, tr("The file could not be read to its end.")});
  std::string_view text = block;
  if (bytes_ == 0) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
      throw FailureError({Code::invalid, tr("The file is UTF-16. Save it as CSV in UTF-8.")});
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    parser_ = std::make_unique<Parser>(delimiter_of(text));
  }
  bytes_ += block.size();
  feed(text);
  sdk::Secret::wipe(block);
  if (in_.eof()) finish();
}

/// A last line without its end gets one; a row that has not ended then is inside of quotes.
void CsvReader::finish() {
  ended_ = true;
  feed("\n");
  if (!parser_->between_rows()) parser_->give_up_row(rows_, tr("The quotes of this row are wrong. Every opened one must be closed."));
}

void CsvReader::feed(std::string_view block) {
  while (!block.empty()) {
    const auto end = block.find_first_of("\r\n");
    const bool ends_line = end != std::string_view::npos;
    const std::string_view segment = block.substr(0, ends_line ? end + 1 : block.size());
    block.remove_prefix(segment.size());
    const bool second_half = last_was_cr_ && segment == "\n";
    last_was_cr_ = ends_line && segment.back() == '\r';
    feed_segment(segment, ends_line);
    if (ends_line && !second_half) ++line_;
  }
}

void CsvReader::feed_segment(std::string_view segment, bool ends_line) {
  if (!parser_->skips_line()) {
    const bool blank = segment.find_first_not_of(" \t\r\n") == std::string_view::npos;
    const bool fresh = parser_->between_rows();
    if (fresh && blank && ends_line) return;
    if (fresh) parser_->begin_row(line_);
    parser_->parse(segment, rows_);
  }
  if (ends_line) parser_->line_ended();
}

}  // namespace anahtar::core
