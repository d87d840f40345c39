// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "card/channel.h"

/// Elementary files (ISO 7816-4 §11.2 and §11.3), which AKİS and ISO cards have.
namespace anahtar::card {

std::optional<Bytes> select_application(Channel& channel, BytesView name);
/// READ BINARY of the selected file to its end, at most 64 KiB; what could be read.
Bytes read_selected(Channel& channel, std::size_t size_told = 0);
/// The size that an FCI tells (tag 80 or 81); 0: it does not.
std::size_t size_in(BytesView fci);
/// The DER at the beginning of a file, which may be longer than what is written in it; empty: none is there.
Bytes der_in(BytesView content);
/// The names that EF.DIR lists (ISO 7816-4 §12.2.1); none on a card that has no such file.
std::vector<Bytes> listed_applications(Channel& channel);

/// Finds the files of one card in the way in which it lets them be found, and goes on in that way: by a whole path or step
/// by step, with or without file control information.
class FileFinder {
 public:
  /// By path from the master file, e.g. "50155031"; without any the master file itself. Nothing when there is none; otherwise its FCI, which may be empty.
  std::optional<Bytes> select(Channel& channel, const Bytes& path);
  /// A file or a path below the folder that is selected.
  std::optional<Bytes> select_below(Channel& channel, const Bytes& path);
  /// What is in a file; empty when there is none.
  Bytes read(Channel& channel, const Bytes& path);
  Bytes read_below(Channel& channel, const Bytes& path);

 private:
  std::optional<Bytes> find(Channel& channel, const Bytes& path, bool from_master);

  bool step_by_step_ = false, with_fci_ = true, sure_ = false;
};

}  // namespace anahtar::card
