// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace anahtar::testing {

/// How a program ended and what it wrote.
struct Ended {
  int exit = -1;  ///< 128 + signal when a signal ended it
  bool core_file = false;
  std::string out, err;
};

/// A program on its way, in a session of its own. Output goes to files of `folder`, so it can be read while the program
/// runs. It is killed with the thread that started it, and so with a test that is killed.
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
  /// The same for what comes after the text that was waited for last. False at once when it has ended.
  bool says_next(const std::string& text, std::chrono::seconds patience = std::chrono::seconds(30));
  /// What appeared on the terminal by echo.
  std::string echoed();
  /// What it wrote so far.
  std::string out() const;
  std::string err() const;
  pid_t process() const { return process_; }
  Ended wait();

  /// Calls `look` wherever a thread of it ends, and then itself, while that stands still; /proc has its memory. They stand
  /// until the thread that called this waits for something here. False when this process may not look.
  using Look = std::function<void(pid_t process, bool whole_program_ends)>;
  bool watch_ends(Look look);
  void interrupt() const;  ///< as Ctrl+C does

 private:
  void follow(bool wait);
  bool follow_threads();
  void let_go_on(pid_t thread, int status);

  std::filesystem::path out_, err_;
  int process_ = -1, terminal_ = -1;
  std::size_t heard_ = 0;
  Look look_;
  std::set<pid_t> watched_;
  std::optional<int> status_;  ///< as waitpid tells it
};

}  // namespace anahtar::testing
