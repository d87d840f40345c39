// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hardening.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace anahtar::app {

void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // its leak check reads the process from outside
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  ::umask(077);
}

}  // namespace anahtar::app
