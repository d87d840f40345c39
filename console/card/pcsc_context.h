// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <winscard.h>

#include <string>
#include <vector>

#include "card/reader.h"

/// Private to the two files of PC/SC.
namespace anahtar::card::pcsc {

LinkError error_of(LONG code);
inline void require(LONG code) {
  if (code != SCARD_S_SUCCESS) throw error_of(code);
}

/// A context of the card service, for one thread.
class Context {
 public:
  Context();
  ~Context() { SCardReleaseContext(handle_); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  SCARDCONTEXT get() const { return handle_; }
  std::vector<std::string> reader_names() const;

 private:
  SCARDCONTEXT handle_ = 0;
};

/// How often cards came and went in a reader, as the service counts.
std::uint32_t event_count(const Context& context, const std::string& reader);

}  // namespace anahtar::card::pcsc
