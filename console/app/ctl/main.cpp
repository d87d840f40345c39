// SPDX-License-Identifier: GPL-3.0-or-later
#include <poll.h>
#include <unistd.h>

#include <iostream>

#include "app/ctl/context.h"
#include "app/ctl/terminal.h"
#include "app/hardening.h"

namespace {

int run(int count, char** arguments) {
  anahtar::app::ctl::Context context;
  return anahtar::app::ctl::run_line(context, count, arguments);
}

/// As behind `| head`: they have seen what they wanted.
bool reader_is_gone() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

}  // namespace

int main(int count, char** arguments) {
  anahtar::app::keep_memory_private();
  anahtar::app::keep_standard_files_open();
  const int status = run(count, arguments);
  if (std::cout.flush() || reader_is_gone()) return status;
  anahtar::app::terminal::tell(
      anahtar::app::shown(anahtar::sdk::tr("What was asked for was done, but its result could not be written out.")));
  return status == anahtar::app::ctl::Exit::done ? anahtar::app::ctl::Exit::refused : status;
}
