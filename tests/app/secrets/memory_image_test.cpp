// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/secrets/memory_image.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace anahtar::testing {
namespace {

/// Computed, so that it stands nowhere in this program's text, which the child shares. Written where it belongs at once.
void write_mark(int number, char* to) {
  for (int i = 0; i < 24; ++i) to[i] = static_cast<char>('A' + (i * (2 * number + 3) + number) % 26);
}
std::string mark(int number) {
  std::string text(24, ' ');
  write_mark(number, text.data());
  return text;
}

/// Another process, which keeps what `fill` writes, and stands still.
class Keeper {
 public:
  explicit Keeper(const std::function<void()>& fill) {
    int ready[2];
    if (::pipe(ready) != 0) throw std::runtime_error("no pipe");
    process_ = ::fork();
    if (process_ == 0) {
      fill();
      if (::write(ready[1], "r", 1) == 1) ::pause();
      ::_exit(1);
    }
    char told = 0;
    if (::read(ready[0], &told, 1) != 1) throw std::runtime_error("the keeper has ended");
    ::close(ready[0]), ::close(ready[1]);
  }
  ~Keeper() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  bool holds(const std::string& bytes) const {
    bool found = false;
    EXPECT_TRUE(for_memory_of(process_, [&](std::string_view piece) { found |= piece.find(bytes) != piece.npos; }));
    return found;
  }

 private:
  pid_t process_;
};

const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));

char* pages(std::size_t count) {
  return static_cast<char*>(::mmap(nullptr, count * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

struct MemoryImage : ::testing::Test {
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "A sanitizer has a map of all memory in it, which no test could read.";
#endif
  }
};

TEST_F(MemoryImage, HoldsWhatMayNoLongerBeWritten) {
  const Keeper keeper([] {
    for (const auto& [number, rights] : {std::pair{1, PROT_READ | PROT_WRITE}, {2, PROT_READ}, {3, PROT_NONE}}) {
      char* const area = pages(1);
      write_mark(number, area + 100);
      ::mprotect(area, page, rights);
    }
  });
  EXPECT_TRUE(keeper.holds(mark(1)));
  EXPECT_TRUE(keeper.holds(mark(2))) << "it may be read alone";
  EXPECT_TRUE(keeper.holds(mark(3))) << "nobody may read it; a core file holds it";
  EXPECT_FALSE(keeper.holds(mark(4)));
}

TEST_F(MemoryImage, GoesOnBehindPagesThatCannotBeRead) {
  const TemporaryFolder folder;
  std::ofstream(folder / "short") << std::string(page, 'x');
  const int file = ::open((folder / "short").c_str(), O_RDONLY);
  const Keeper keeper([file] {
    char* const area = pages(6);
    ::mmap(area + page, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file, 0);  // two of them behind its end
    write_mark(5, area + page - 12);
    write_mark(6, area + 4 * page);
  });
  EXPECT_TRUE(keeper.holds(mark(5))) << "it lies across two areas";
  EXPECT_TRUE(keeper.holds(mark(6)));
  ::close(file);
}

TEST_F(MemoryImage, OfAProcessThatIsGoneIsNone) {
  EXPECT_FALSE(for_memory_of(-1, [](std::string_view) {}));
}

}  // namespace
}  // namespace anahtar::testing
