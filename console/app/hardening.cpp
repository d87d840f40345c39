// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hardening.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace anahtar::app {

void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // its leak check reads the process from outside
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  ::umask(077);
}

void keep_standard_files_open() {
  for (int file = ::open("/dev/null", O_RDWR); file >= 0; file = ::open("/dev/null", O_RDWR))
    if (file > STDERR_FILENO) {
      ::close(file);
      break;
    }
  ::signal(SIGPIPE, SIG_IGN);
}

}  // namespace anahtar::app
