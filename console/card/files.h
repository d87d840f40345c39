// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "card/channel.h"

/// Elementary files (ISO 7816-4 §11.2 and §11.3), which AKİS and ISO cards have.
namespace anahtar::card {

/// SELECT by path from the master file, e.g. "50155031". Nothing when there is none; otherwise its FCI, which may be empty.
std::optional<Bytes> select_path(Channel& channel, const Bytes& path);
std::optional<Bytes> select_application(Channel& channel, BytesView name);
/// READ BINARY of the selected file to its end, at most 64 KiB; what could be read.
Bytes read_selected(Channel& channel, std::size_t size_told = 0);
/// Selects and reads; empty when there is none.
Bytes read_file(Channel& channel, const Bytes& path);
/// The size that an FCI tells (tag 80 or 81); 0: it does not.
std::size_t size_in(BytesView fci);

}  // namespace anahtar::card
