// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace anahtar::app::ctl {

/// What is wrong with the line, in the operator's language and safe for a terminal.
std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error);

}  // namespace anahtar::app::ctl
