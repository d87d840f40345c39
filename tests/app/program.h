// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace anahtar::testing {

/// How a program ended and what it wrote.
struct Ended {
  int exit = -1;  ///< 128 + signal when a signal ended it
  std::string out, err;
};

/// A program on its way. Output goes to files of `folder`, so it can be read while the program runs.
class Program {
 public:
  enum class Input { nothing, terminal };

  Program(const std::filesystem::path& folder, const std::vector<std::string>& line,
          const std::map<std::string, std::string>& environment, Input input);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Types a line at the terminal.
  void type(const std::string& text);
  /// Waits until standard error holds `text`; false when it did not come in time.
  bool says(const std::string& text, std::chrono::seconds patience = std::chrono::seconds(30));
  /// What appeared on the terminal by echo.
  std::string echoed();
  Ended wait();

 private:
  std::filesystem::path out_, err_;
  int process_ = -1, terminal_ = -1;
};

}  // namespace anahtar::testing
