// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <filesystem>
#include <string>

#include "core/ports.h"

/// What lies beside the keys and decides where messages go and whom the desk believes. The operator's account can write
/// there, so what is read is recorded.
namespace anahtar::app {

std::filesystem::path gateways_file();        ///< how messages leave, who is asked
std::filesystem::path telephone_token_path(); ///< who gives it is the telephone system
std::filesystem::path roots_folder();         ///< certificates that vouch for cards

/// Each file with the beginning of its digest under a key of the site, in one line; empty when there is none. A file that
/// cannot be read stands there as such. [worker]
std::string outside_settings(core::Vault& vault);

}  // namespace anahtar::app
