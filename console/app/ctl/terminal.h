// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <optional>
#include <string>

#include <anahtar/sdk/secret.h>

#include "core/result.h"

/// The terminal on the other side, as far as there is one.
namespace anahtar::app::terminal {

/// Whether somebody can be asked: standard input is a terminal.
bool can_ask();

/// Why a question got no answer.
enum class Silence { ended, stopped, out_of_time };
template <class T>
using Answer = std::expected<T, Silence>;

/// Asks on standard error, waits for a line of standard input. `stop` is looked at several times a second: a value ends
/// the wait.
using Stop = std::function<std::optional<Silence>()>;
Answer<std::string> ask(const std::string& question, const Stop& stop = {});
/// The same without showing what is typed.
Answer<sdk::Secret> ask_secret(const std::string& question, const Stop& stop = {});

/// A line on standard error.
void tell(const std::string& line);
/// The same with a secret at its end, of which no copy stays.
void tell_secret(const std::string& before, const sdk::Secret& secret);
/// Replaces the last progress line on a terminal; elsewhere says every tenth only. `fraction` below 0: unknown.
void progress(double fraction, const std::string& sentence);
void end_progress();

/// Control characters and marks that turn the order of text around become spaces: data must not steer the terminal. Line ends stay when `keep_lines`.
std::string harmless(std::string_view text, bool keep_lines = false);

/// True once Ctrl+C was pressed, after `watch_interrupt`.
void watch_interrupt();
bool interrupted();

}  // namespace anahtar::app::terminal
